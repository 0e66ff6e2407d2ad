"""Everything referral is made of, put together in one place."""

from datetime import datetime

from services.chassis.policy import load_policies
from services.chassis.scheduler import Due
from services.chassis.service import Frame, Parts, Statement
from services.referral import api, events
from services.referral.consumer import hear
from services.referral.documents.authority import load_authority
from services.referral.documents.press import make_press
from services.referral.domain.refusals import Refusal
from services.referral.domain.words import ChoiceState
from services.referral.gateways import Auth
from services.referral.settings import ReferralPolicy, ReferralSettings
from services.referral.store import INDEXES, Reading, Store
from services.referral.store.sealed import read_keys
from services.referral.usecases import choices, referrals
from services.referral.usecases.desk import Desk


def frame() -> Frame:
    """What the chassis gives, by the environment."""
    return Frame("referral", ReferralSettings())


def open_desk(frame: Frame) -> Desk:
    """The collections, the neighbour, the rules and the authority's press; each says what is missing."""
    settings = frame.settings
    if not isinstance(settings, ReferralSettings):
        raise TypeError("referral needs its own settings")
    authority = load_authority(settings.authority_store, settings.authority_password_file)
    keys = read_keys(settings.secrets_dir)
    return Desk(
        store=Store(frame.database, keys),
        reading=Reading(frame.database, keys),
        auth=Auth(settings.auth_url, frame.own_token, settings.auth_timeout_seconds),
        press=make_press(authority, sample=not settings.authority_is_real, tsa_url=settings.tsa_url),
        policies=load_policies(settings.policy_dir, settings.policy_profile, "referral", ReferralPolicy),
        public_url=str(settings.public_url).rstrip("/"),
    )


def compose(frame: Frame) -> Parts:
    """The service."""
    desk = open_desk(frame)
    store = desk.store

    async def look_at_choice(hold_id: str, now: datetime) -> None:
        if await choices.due(desk, hold_id, now) is ChoiceState.SIGNED:
            await frame.parking.release(referrals.waits_for(hold_id))

    return Parts(
        router=api.doors(desk, frame.tokens, frame.clock),
        hearing=hear(desk, frame.clock),
        aggregates=(store.choices, store.referrals, store.reads.aggregates),
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        due=(
            Due(store.choices, look_at_choice),
            Due(store.referrals, lambda referral_id, now: referrals.due(desk, referral_id, now)),
        ),
        statements=(
            Statement(store.referrals, events.stated),
            Statement(store.referrals, events.bulletin_stated, nightly=True),
        ),
    )
