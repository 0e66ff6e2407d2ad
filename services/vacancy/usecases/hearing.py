"""What vacancy hears: of candidates and promises from queue, of the end of choices and referrals from referral."""

from collections.abc import Callable
from datetime import datetime

from services.chassis.aggregates import retry_stale
from services.vacancy.domain import candidate as candidates
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain.candidate import ApplicationFacts, Candidate, KnownInvitation
from services.vacancy.domain.ledger import Ledger
from services.vacancy.domain.words import ChildId, EndReason, HoldId, InvitationId, PlaceId, StreamId
from services.vacancy.usecases.changing import change_place
from services.vacancy.usecases.desk import Desk


async def application_heard(desk: Desk, child_id: ChildId, facts: ApplicationFacts, now: datetime) -> None:
    """An application is, or is no longer, one that may choose."""
    await _candidate(desk, child_id, lambda known: candidates.application_heard(known, facts), now)


async def invited(desk: Desk, child_id: ChildId, invitation: KnownInvitation, now: datetime) -> None:
    """The turn of a child came."""
    await _candidate(desk, child_id, lambda known: candidates.invited(known, invitation), now)


async def invitation_ended(
    desk: Desk, stream_id: StreamId, invitation: tuple[InvitationId, ChildId], reason: EndReason, now: datetime
) -> None:
    """A turn is over: the child may not choose by it, and its token comes back to the ledger."""
    invitation_id, child_id = invitation
    await _candidate(desk, child_id, lambda known: candidates.invitation_ended(known, invitation_id), now)
    await _ledger(desk, stream_id, lambda ledger: ledgers.invitation_ended(ledger, invitation_id, reason), now)


async def token_reclaimed(desk: Desk, stream_id: StreamId, hold_id: HoldId, reason: EndReason, now: datetime) -> None:
    """A token that came back was used after all."""
    await _ledger(desk, stream_id, lambda ledger: ledgers.token_reclaimed(ledger, hold_id, reason), now)


async def signed(desk: Desk, place_id: PlaceId, hold_id: HoldId, child_id: ChildId, now: datetime) -> None:
    """The choice was signed: first the child's invitations are spent, then the place is taken."""
    await _candidate(desk, child_id, candidates.place_taken, now)
    await change_place(desk, place_id, lambda place: places.take(place, hold_id), now)


async def not_signed(desk: Desk, place_id: PlaceId, hold_id: HoldId, reason: str, now: datetime) -> None:
    """The choice was declined, rejected or expired: the place is open again as it was."""
    await change_place(desk, place_id, lambda place: places.release(place, hold_id, reason), now)


async def referral_over(desk: Desk, place_id: PlaceId, hold_id: HoldId, now: datetime) -> None:
    """The referral ended: the place waits for the next publication."""
    await change_place(desk, place_id, lambda place: places.vacate(place, hold_id), now)


@retry_stale
async def _candidate(desk: Desk, child_id: ChildId, decide: Callable[[Candidate], Candidate], now: datetime) -> None:
    stored = await desk.store.candidates.get(child_id)
    before = stored.state if stored else Candidate(child_id)
    after = decide(before)
    if after is before:
        return
    await desk.store.candidates.keep(child_id, stored, after, at=now)


@retry_stale
async def _ledger(desk: Desk, stream_id: StreamId, decide: Callable[[Ledger], Ledger], now: datetime) -> None:
    stored = await desk.store.ledgers.get(stream_id)
    before = stored.state if stored else Ledger(stream_id)
    after = decide(before)
    if after is before:
        return
    await desk.store.ledgers.keep(stream_id, stored, after, at=now, due=desk.next_look(after, now))
