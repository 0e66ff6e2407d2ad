"""What happens to a stream: tokens come, the first are invited, invitations end, holds are heard of.

A token that finds nobody waits for the next publication hour or the next child.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import datetime
from uuid import uuid4

from services.chassis.aggregates import Stored, retry_stale
from services.queue import events
from services.queue.domain import holds, invitations
from services.queue.domain.application import Application, privilege_class, why_not_invitable
from services.queue.domain.order import in_order
from services.queue.domain.stream import Candidate, Change, Stream, StreamFact
from services.queue.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    HoldState,
    InvitationId,
    PrivilegeClass,
    PublicationId,
    StreamId,
    WithdrawalId,
)
from services.queue.usecases.desk import Desk

Decide = Callable[[Stream], Awaitable[Change]]


async def opened(desk: Desk, stream_id: StreamId, publication_id: PublicationId, n: int, now: datetime) -> None:
    """A publication brings n tokens and the first of the queue are invited."""

    async def decide(stream: Stream) -> Change:
        return invitations.opened(stream, publication_id, n)

    await _change(desk, stream_id, decide, now, invites=True)


async def withdrawn(desk: Desk, stream_id: StreamId, withdrawal_id: WithdrawalId, now: datetime) -> None:
    """A promised place was withdrawn and costs a token."""

    async def decide(stream: Stream) -> Change:
        return invitations.token_owed(stream, withdrawal_id)

    await _change(desk, stream_id, decide, now)


async def application_changed(desk: Desk, application_id: ApplicationId, stream_id: StreamId, now: datetime) -> None:
    """An application came, left, or may (not) be invited; what counts is how it stands now."""

    async def decide(stream: Stream) -> Change:
        stored = await desk.store.applications.get(application_id)
        if stored is None:
            return stream, ()
        return invitations.application_heard(
            stream, application_id, stored.state.status, invitable=stored.state.invitable
        )

    await _change(desk, stream_id, decide, now, invites=True)


async def hold_heard(
    desk: Desk,
    stream_id: StreamId,
    hold: tuple[HoldId, ApplicationId, ChildId, InvitationId | None],
    state: HoldState,
    now: datetime,
) -> None:
    """A hold was made or released, or its place taken, or its referral ended; a child set free may be invited at once."""

    async def decide(stream: Stream) -> Change:
        if state is not HoldState.TAKEN:
            return holds.hold_heard(stream, *hold, state)
        waiting = await desk.store.waiting(stream_id, desk.today(now), without=hold[1])
        return holds.hold_taken(stream, *hold, waiting=waiting)

    frees = state in {HoldState.RELEASED, HoldState.ENDED}
    await _change(desk, stream_id, decide, now, invites=frees)


async def referral_over(
    desk: Desk, application_id: ApplicationId, child_id: ChildId, hold_id: HoldId, now: datetime
) -> None:
    """The referral of a hold has ended: the stream may invite the child again."""
    stored = await desk.store.applications.get(application_id)
    if stored is not None:
        hold = (hold_id, application_id, child_id, None)
        await hold_heard(desk, stored.state.stream_id, hold, HoldState.ENDED, now)


@retry_stale
async def due(desk: Desk, id: str, now: datetime) -> None:
    """A window has run out, or a publication hour has come for tokens that found nobody.

    What lapses frees a child at midnight; a token that waits is offered again only at the publication hour after that.
    """
    stored = await desk.store.streams.get(id)
    if stored is None:
        return
    lapsed, ends = invitations.lapse(stored.state, now)
    if ends:
        since = min(each.invitation.window.lapses_at for each in ends)
        await _save(desk, stored, lapsed, ends, now, since=since)
        return
    after, turns_come = await _invite(desk, stored.state, now)
    await _save(desk, stored, after, turns_come, now, since=now)


@retry_stale
async def _change(desk: Desk, stream_id: StreamId, decide: Decide, now: datetime, *, invites: bool = False) -> None:
    stored = await desk.store.streams.get(stream_id)
    before = stored.state if stored else Stream(stream_id)
    after, said = await decide(before)
    if invites:
        after, turns_come = await _invite(desk, after, now)
        said = (*said, *turns_come)
    if after != before:
        await _save(desk, stored, after, said, now, since=now)


async def _save(
    desk: Desk,
    stored: Stored[Stream] | None,
    stream: Stream,
    said: Iterable[StreamFact],
    now: datetime,
    *,
    since: datetime,
) -> None:
    facts = events.of_stream(stream, said)
    moments = [invitations.next_lapse(stream)]
    if stream.available > 0:
        moments.append(desk.rules(since).next_publication(since))
    look = min((moment for moment in moments if moment is not None), default=None)
    await desk.store.streams.keep(stream.stream_id, stored, stream, at=now, facts=facts, due=look)


async def _invite(desk: Desk, stream: Stream, now: datetime) -> Change:
    if stream.available <= 0:
        return stream, ()
    window = desk.rules(now).window(now)
    candidates = await _candidates(desk, stream, now)
    return invitations.invite_next(stream, candidates, ids=_new_ids(), now=now, window=window)


async def _candidates(desk: Desk, stream: Stream, now: datetime) -> list[Candidate]:
    """The live applications of the stream in the order of the queue."""
    today = desk.today(now)
    classes: dict[PrivilegeClass, list[Application]] = {each: [] for each in PrivilegeClass}
    for stored in await desk.store.live_in(stream.stream_id):
        classes[privilege_class(stored.state, today)].append(stored.state)
    ordered = in_order(
        classes[PrivilegeClass.EXTRAORDINARY],
        classes[PrivilegeClass.PRIORITY],
        classes[PrivilegeClass.GENERAL],
        stream.turns,
    )
    return [
        Candidate(
            application_id=application.application_id,
            child_id=application.child_id,
            queue_number=number,
            privilege=privilege_class(application, today),
            invitable=why_not_invitable(application, today) is None,
        )
        for number, application in enumerate(ordered, start=1)
    ]


def _new_ids() -> Iterator[InvitationId]:
    while True:
        yield InvitationId(str(uuid4()))
