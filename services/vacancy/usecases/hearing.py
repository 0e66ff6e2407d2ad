"""What vacancy hears: of candidates and promises from queue, of the end of choices and referrals from referral."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from services.chassis.aggregates import retry_stale
from services.vacancy.domain import candidate as candidates
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain.candidate import ApplicationFacts, Candidate, KnownInvitation
from services.vacancy.domain.words import ChildId, EndReason, HoldId, InvitationId, PlaceId, StreamId
from services.vacancy.usecases.changing import change_ledger, change_place
from services.vacancy.usecases.desk import Desk


async def application_heard(desk: Desk, child_id: ChildId, facts: ApplicationFacts, now: datetime) -> None:
    """An application is, or is no longer, one that may choose."""
    await _candidate(desk, child_id, lambda known: candidates.application_heard(known, facts), now)


async def invited(desk: Desk, child_id: ChildId, invitation: KnownInvitation, now: datetime) -> None:
    """The turn of a child came, unless the stream has stated its invitations since."""
    if invitation.stream_id is not None and invitation.sequence <= await desk.store.stated_at(invitation.stream_id):
        return
    await _candidate(desk, child_id, lambda known: candidates.invited(known, invitation), now)


async def invitation_prolonged(
    desk: Desk, child_id: ChildId, prolonged: tuple[InvitationId, datetime], now: datetime
) -> None:
    """The window of a turn is longer: the child may choose until the new deadline."""
    await _candidate(desk, child_id, lambda known: candidates.prolonged(known, *prolonged), now)


async def invitation_ended(
    desk: Desk, stream_id: StreamId, invitation: tuple[InvitationId, ChildId], reason: EndReason, now: datetime
) -> None:
    """A turn is over: the child may not choose by it, and its token comes back to the ledger."""
    invitation_id, child_id = invitation
    await _candidate(desk, child_id, lambda known: candidates.invitation_ended(known, invitation_id), now)
    await change_ledger(desk, stream_id, lambda ledger: ledgers.invitation_ended(ledger, invitation_id, reason), now)


async def stream_stated(
    desk: Desk, stream_id: StreamId, live: Mapping[ChildId, Sequence[KnownInvitation]], sequence: int, now: datetime
) -> None:
    """The live invitations of a stream, all of them: what is unknown begins, what is not among them is over.

    An older statement says nothing new. No token moves: what an end hands back comes with the word of that end.
    """
    if sequence < await desk.store.stated_at(stream_id):
        return
    for child_id in {*live, *await desk.store.invited_in(stream_id)}:
        mine = live.get(child_id, ())
        decide = partial(candidates.stated, stream_id=stream_id, live=mine, sequence=sequence)
        await _candidate(desk, child_id, decide, now)
    await desk.store.streams.put(stream_id, "stated", sequence, {})


async def token_reclaimed(desk: Desk, stream_id: StreamId, hold_id: HoldId, reason: EndReason, now: datetime) -> None:
    """A token that came back was used after all."""
    await change_ledger(desk, stream_id, lambda ledger: ledgers.token_reclaimed(ledger, hold_id, reason), now)


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
