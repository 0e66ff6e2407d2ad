"""A referral is begun when its place is taken, issued when its documents are sealed, and may come back."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists, Park, Retry
from services.referral import events
from services.referral.domain import referral as rules
from services.referral.domain.choice import Choice
from services.referral.domain.referral import Change, Referral
from services.referral.domain.refusals import NoSuchReferral
from services.referral.domain.words import ChildId, ChoiceState, ReferralId, ReferralState
from services.referral.store import Reading
from services.referral.usecases import contents, drawing
from services.referral.usecases.desk import Desk

REMOVED = "REMOVED"
PATIENCE = timedelta(minutes=2)
"""So long a document waits for the number of its application, when that was not heard of yet."""


def id_of(hold_id: str) -> ReferralId:
    """One hold, one referral: its id follows from the hold's."""
    return ReferralId(str(uuid5(NAMESPACE_URL, f"referral/{hold_id}")))


def waits_for(hold_id: str) -> str:
    """What a `taken` that came too early waits for: the good signature of its hold."""
    return f"signed/{hold_id}"


async def begin(desk: Desk, hold_id: str, now: datetime) -> None:
    """The place is taken: its referral gets a number, and dates that a late drawing may move; a repeat changes nothing.

    Raises Park while the hold is unknown or its signature is not yet known to be good.
    """
    if await desk.store.referrals.get(id_of(hold_id)) is not None:
        return
    stored = await desk.store.choices.get(hold_id)
    if stored is None or stored.state.state is not ChoiceState.SIGNED:
        raise Park(waits_for(hold_id))
    referral = await _numbered(desk, stored.state, now)
    try:
        await desk.store.referrals.add(referral.referral_id, referral, at=now, due=now)
    except AlreadyExists as error:
        if await desk.store.referrals.get(referral.referral_id) is None:
            # The number was given before (a restored counter: the next try draws another), or another referral of
            # the child is still active and may be on its way back.
            raise Retry(f"REFUSED_BY_{error.index}".upper()) from error


async def _numbered(desk: Desk, choice: Choice, now: datetime) -> Referral:
    policy = desk.policy(now)
    today = policy.shared.calendar().local_day(now)
    return Referral(
        referral_id=id_of(choice.hold_id),
        hold_id=choice.hold_id,
        referral_number=await desk.store.next_number(policy.own.number_prefix, today.year, now),
        application_id=choice.application_id,
        child_id=choice.child_id,
        place_id=choice.place_id,
        organisation_id=choice.place.organisation_id,
        mode=choice.mode,
        issued_at=now,
        valid_until=contents.valid_until(desk, now),
        active_child=ChildId(choice.child_id),
    )


@retry_stale
async def due(desk: Desk, referral_id: str, now: datetime) -> None:
    """Draw, seal, keep, and only then say that it is issued. Raises Retry while auth is away: it stays due.

    The application may have left the queue while its place was being taken: then the referral is issued and is back
    at once, so that nobody keeps a place for a family that has gone.
    """
    stored = await desk.store.referrals.get(referral_id)
    if stored is None or stored.state.state is not ReferralState.ISSUING:
        return
    application = await desk.store.applications.get(stored.state.application_id)
    if application is None and now - stored.state.issued_at < PATIENCE:
        raise Retry("APPLICATION_NOT_HEARD_OF")
    if application is not None and application["application"]["status"] == REMOVED:
        stored = await _save(desk, stored, rules.take_back(stored.state, now), now, due=now)
    drawn, digest = await drawing.documents(desk, stored.state, now)
    await _save(desk, stored, rules.issued(drawn, digest, now), now)


@retry_stale
async def give_back(desk: Desk, referral_id: str, person_id: str, now: datetime) -> Referral:
    """The family returns its referral (R36)."""
    stored = await of_guardian(desk.store, referral_id, person_id)
    return (await _save(desk, stored, rules.give_back(stored.state, now), now)).state


async def application_left(desk: Desk, application_id: str, now: datetime) -> None:
    """The family left the queue: a referral that was on its way is returned by itself."""
    active = {"application_id": application_id, "active_child": {"$exists": True}}
    for referral_id in await desk.store.referrals.ids(active, limit=10):
        await _take_back(desk, referral_id, now)


@retry_stale
async def _take_back(desk: Desk, referral_id: str, now: datetime) -> None:
    stored = await desk.store.referrals.get(referral_id)
    if stored is not None:
        due = now if stored.state.state is ReferralState.ISSUING else None
        await _save(desk, stored, rules.take_back(stored.state, now), now, due=due)


async def of_guardian(reading: Reading, referral_id: str, person_id: str) -> Stored[Referral]:
    """An issued referral of a child that this person acts for; else it does not exist (R4)."""
    stored = await reading.referrals.get(referral_id)
    if stored is None or stored.state.document_sha256 is None:
        raise NoSuchReferral
    if not await reading.is_guardian(stored.state.child_id, person_id):
        raise NoSuchReferral
    return stored


async def _save(
    desk: Desk, stored: Stored[Referral], change: Change, now: datetime, *, due: datetime | None = None
) -> Stored[Referral]:
    referral, facts = change
    if referral is stored.state:
        return stored
    return await desk.store.referrals.save(stored, referral, at=now, facts=events.of_referral(facts), due=due)
