"""The department, or a preschool of its own, takes a free place back (R21)."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import uuid4

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import Stale
from services.vacancy import events
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import withdrawal as withdrawals
from services.vacancy.domain.ledger import Withdrawing
from services.vacancy.domain.place import Place, Withdrawal, costs_a_token
from services.vacancy.domain.refusals import NoSuchOrganisation, NoSuchPlace, NotYourOrganisation
from services.vacancy.domain.words import OrganisationId, PersonId, PlaceId, PlaceState, StreamId, WithdrawalId
from services.vacancy.usecases.changing import change_ledger, change_place
from services.vacancy.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a place back and why; `insisted` only by an officer, `only_of` binds a preschool to its own."""

    place_id: PlaceId
    by: PersonId
    reason: str
    insisted: bool = False
    only_of: OrganisationId | None = None


@retry_stale
async def withdraw(desk: Desk, asked: Asked, now: datetime) -> Place:
    """Take a place back. The same request again finds it gone and changes nothing.

    A promised place costs a token of the stock; when there is none and an officer insists, queue owes it. Refused:
    NO_SUCH_PLACE, NOT_YOUR_ORGANISATION, CANNOT_BE_WITHDRAWN, PLACE_PROMISED.
    """
    stored = await desk.store.places.get(asked.place_id)
    if stored is None:
        raise NoSuchPlace
    place = stored.state
    if asked.only_of is not None and place.organisation_id != asked.only_of:
        raise NotYourOrganisation
    if place.state is PlaceState.WITHDRAWN:
        return place
    withdrawal = Withdrawal(WithdrawalId(str(uuid4())), asked.by, asked.reason, asked.insisted, now)
    owed = False
    if costs_a_token(place):
        begun = Withdrawing(place.place_id, withdrawal)
        owed = await _pay(desk, place.stream_id, begun, now)
        if not owed:
            return await _finish(desk, place.stream_id, begun, now)
    return await _withdraw(desk, stored, withdrawal, owed, now)


async def finish(desk: Desk, stream_id: StreamId, now: datetime) -> None:
    """Go on with the withdrawals of a stream that somebody paid for and did not end."""
    stored = await desk.store.ledgers.get(stream_id)
    for begun in stored.state.withdrawing if stored else ():
        try:
            await _finish(desk, stream_id, begun, now)
        except Stale:
            continue


async def _withdraw(desk: Desk, stored: Stored[Place], asked: Withdrawal, owed: bool, now: datetime) -> Place:
    place, said = withdrawals.unpaid(stored.state, asked, token_owed=owed)
    organisation = await desk.store.organisation(place.organisation_id)
    if organisation is None:
        raise NoSuchOrganisation
    facts = events.of_place(place, organisation, said)
    return (await desk.store.places.save(stored, place, at=now, facts=facts)).state


@retry_stale
async def _pay(desk: Desk, stream_id: StreamId, begun: Withdrawing, now: datetime) -> bool:
    stored = await desk.store.ledgers.get(stream_id)
    before = stored.state if stored else ledgers.Ledger(stream_id)
    after, owed = ledgers.withdrawal_begun(before, begun, insisted=begun.withdrawal.insisted)
    if after is not before:
        await desk.store.ledgers.keep(stream_id, stored, after, at=now, due=desk.next_look(after, now))
    return owed


async def _finish(desk: Desk, stream_id: StreamId, begun: Withdrawing, now: datetime) -> Place:
    """The place goes, or its token returns. Stale when it was no longer promised: decide again from the load."""
    await change_place(desk, begun.place_id, partial(withdrawals.paid, asked=begun.withdrawal), now)
    stored = await desk.store.places.get(begun.place_id)
    gone = stored is not None and withdrawals.went_by(stored.state, begun.withdrawal)
    await change_ledger(desk, stream_id, partial(ledgers.withdrawal_ended, asked=begun, withdrawn=gone), now)
    if stored is None or not gone:
        raise Stale(begun.place_id)
    return stored.state
