"""What a guardian may see of an own child's choices and referrals, and what everybody may check."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lxml import etree

from services.referral.documents.choice import NAMESPACE
from services.referral.documents.words import Both
from services.referral.domain.choice import Choice
from services.referral.domain.referral import Referral
from services.referral.domain.refusals import NoSuchChoice, NoSuchReferral
from services.referral.domain.words import ChoiceState, ReferralState
from services.referral.store.sealed import Opened
from services.referral.usecases import choices, contents, referrals
from services.referral.usecases.desk import Desk

Kind = Literal["pdf", "xml"]


@dataclass(frozen=True, slots=True)
class SeenChoice:
    """A choice as its family sees it; `referral` once it is out."""

    choice: Choice
    octets: bytes
    question: Both
    referral: Referral | None

    @property
    def awaits_nothing(self) -> bool:
        """Whether waiting longer cannot change it: the parent has to act, or it has ended."""
        match self.choice.state:
            case ChoiceState.RECEIVED:
                return False
            case ChoiceState.SIGNED:
                return self.referral is not None
            case _:
                return True


async def choice(desk: Desk, hold_id: str, person_id: str) -> SeenChoice:
    """Raises NoSuchChoice, also while the hold has not been heard of."""
    stored = await choices.of_guardian(desk, hold_id, person_id)
    text = await desk.store.texts.get(hold_id)
    if text is None:
        raise NoSuchChoice
    found = await desk.store.referrals.get(referrals.id_of(hold_id))
    out = found.state if found is not None and found.state.document_sha256 is not None else None
    octets = bytes(text["octets"])
    return SeenChoice(stored.state, octets, _question(octets), out)


def _question(octets: bytes) -> Both:
    asked = {
        node.get("language"): node.text or "" for node in etree.fromstring(octets).iter(f"{{{NAMESPACE}}}question")
    }
    return Both(asked["kk"], asked["ru"])


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """A referral in the documents tab."""

    referral: Referral
    last_day: date
    valid: bool


async def documents(desk: Desk, application_id: str, person_id: str, now: datetime) -> list[SeenReferral]:
    """The referrals of an application, newest first; empty before the first. Raises NoSuchReferral to a stranger."""
    application = await desk.store.applications.get(application_id)
    if application is None or not await desk.store.is_guardian(application["application"]["child_id"], person_id):
        raise NoSuchReferral
    found = await desk.store.referrals.find(
        {"application_id": application_id, "document_sha256": {"$exists": True}}, limit=50, sort=[("issued_at", -1)]
    )
    return [_seen(desk, each.state, now) for each in found]


async def referral(desk: Desk, referral_id: str, person_id: str, now: datetime) -> SeenReferral:
    """One referral. Raises NoSuchReferral."""
    stored = await referrals.of_guardian(desk, referral_id, person_id)
    return _seen(desk, stored.state, now)


async def child_of(desk: Desk, application_id: str) -> str:
    """The child of an application known here."""
    application = await desk.store.applications.get(application_id)
    if application is None:
        raise NoSuchReferral
    return str(application["application"]["child_id"])


async def document(desk: Desk, referral_id: str, person_id: str, kind: Kind) -> tuple[Referral, Opened]:
    """The signed octets of one document. Raises NoSuchReferral."""
    stored = await referrals.of_guardian(desk, referral_id, person_id)
    kept = await desk.store.documents.get(f"{referral_id}:{kind}")
    if kept is None:
        raise NoSuchReferral
    return stored.state, kept


@dataclass(frozen=True, slots=True)
class Checked:
    """What the public check says; of the child only to whoever knows the code printed on the document (R45)."""

    seen: SeenReferral
    organisation: Both
    child: contents.CheckCard | None


async def check(desk: Desk, referral_number: str, code: str, now: datetime) -> Checked:
    """Raises NoSuchReferral for a number that was never issued."""
    found = await desk.store.referrals.find({"referral_number": referral_number}, limit=1)
    if not found or found[0].state.document_sha256 is None:
        raise NoSuchReferral
    referral = found[0].state
    taken = await desk.store.choices.get(referral.hold_id)
    kept = await desk.store.documents.get(f"{referral.referral_id}:check")
    if taken is None or kept is None:
        raise NoSuchReferral
    place, card = taken.state.place, contents.read_check(kept)
    holder = hmac.compare_digest(card.code.encode(), code.upper().encode())
    return Checked(_seen(desk, referral, now), Both(place.name_kk, place.name_ru), card if holder else None)


def _seen(desk: Desk, referral: Referral, now: datetime) -> SeenReferral:
    valid = referral.state is ReferralState.ISSUED and now < referral.valid_until
    return SeenReferral(referral, contents.last_day(desk, referral), valid)
