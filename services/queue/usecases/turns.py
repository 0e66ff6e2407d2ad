"""What happens to a stream: tokens come, the first are invited, invitations end, holds are heard of.

A token that finds nobody waits for the next publication hour or the next child.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from datetime import datetime
from uuid import uuid4

from services.chassis.aggregates import Stored, retry_stale
from services.queue import events
from services.queue.domain import holds, invitations, outages
from services.queue.domain.stream import Change, InvitationEnded, Stream, StreamFact, live_invitations
from services.queue.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    HoldState,
    InvitationId,
    PublicationId,
    RoundId,
    StreamId,
    WithdrawalId,
)
from services.queue.usecases.candidates import could_be_invited, first_of, who_wished
from services.queue.usecases.desk import Desk
from services.queue.usecases.recount import is_halted

Decide = Callable[[Stream], Awaitable[Change]]
May = Callable[[Stream], bool]


async def opened(desk: Desk, stream_id: StreamId, publication_id: PublicationId, n: int, now: datetime) -> None:
    """A publication brings n tokens and the first of the queue are invited."""

    async def decide(stream: Stream) -> Change:
        return invitations.opened(stream, publication_id, n, now)

    await _change(desk, stream_id, decide, now, invites=_always)


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

    stored, today = await desk.store.applications.get(application_id), desk.today(now)

    def may_come(stream: Stream) -> bool:
        """Tokens wait because nobody else can be invited: only this application can have changed that."""
        return stored is not None and could_be_invited(stream, stored.state, today)

    await _change(desk, stream_id, decide, now, invites=may_come)


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
        return holds.hold_taken(stream, *hold, waiting=waiting, policy=desk.rules(now).version)

    frees = state in {HoldState.RELEASED, HoldState.ENDED}
    await _change(desk, stream_id, decide, now, invites=_always if frees else None)


async def referral_over(
    desk: Desk, application_id: ApplicationId, child_id: ChildId, hold_id: HoldId, now: datetime
) -> None:
    """The referral of a hold has ended: the stream may invite the child again."""
    stored = await desk.store.applications.get(application_id)
    if stored is not None:
        hold = (hold_id, application_id, child_id, None)
        await hold_heard(desk, stored.state.stream_id, hold, HoldState.ENDED, now)


async def refuse(desk: Desk, stream_id: StreamId, application_id: ApplicationId, now: datetime) -> None:
    """The family lets its turn go by. Raises NOT_INVITED, CHOICE_IN_PROGRESS."""

    async def decide(stream: Stream) -> Change:
        return invitations.refused(stream, application_id)

    await _change(desk, stream_id, decide, now)


async def ranked(
    desk: Desk, stream_id: StreamId, round_id: RoundId, wishing: Collection[ApplicationId], now: datetime
) -> None:
    """Wishes for places of a round were collected: who wished is put in the order of the queue."""

    async def decide(stream: Stream) -> Change:
        return invitations.ranked(stream, round_id, wishing, await who_wished(desk, stream, wishing, now))

    await _change(desk, stream_id, decide, now)


async def prolong(desk: Desk, stream_id: StreamId, now: datetime) -> None:
    """The recorded outages give their days back to the invitations of a stream."""

    async def decide(stream: Stream) -> Change:
        return await _prolonged(desk, stream, now)

    await _change(desk, stream_id, decide, now)


@retry_stale
async def due(desk: Desk, id: str, now: datetime) -> None:
    """A window has run out, or a publication hour has come for tokens that found nobody.

    An outage is given back before anything lapses.
    What lapses frees a child at midnight; a token that waits is offered again only at the publication hour after that.
    """
    stored = await desk.store.streams.get(id)
    if stored is None:
        return
    longer, prolongations = await _prolonged(desk, stored.state, now)
    lapsed, ends = invitations.lapse(longer, now)
    if ends:
        since = min(each.invitation.window.lapses_at for each in ends if isinstance(each, InvitationEnded))
        await _save(desk, stored, lapsed, (*prolongations, *ends), now, since=since)
        return
    after, turns_come = await _invite(desk, longer, now)
    await _save(desk, stored, after, (*prolongations, *turns_come), now, since=now)


@retry_stale
async def _change(
    desk: Desk, stream_id: StreamId, decide: Decide, now: datetime, *, invites: May | None = None
) -> None:
    stored = await desk.store.streams.get(stream_id)
    before = stored.state if stored else Stream(stream_id)
    after, said = await decide(before)
    if invites is not None and invites(after):
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


async def _prolonged(desk: Desk, stream: Stream, now: datetime) -> Change:
    since = min((each.invited_at for each in live_invitations(stream)), default=None)
    if since is None:
        return stream, ()
    return outages.prolonged(stream, await desk.store.outages_since(since), desk.rules(now).prolonging())


async def _invite(desk: Desk, stream: Stream, now: datetime) -> Change:
    if stream.available <= 0 or await is_halted(desk):
        return stream, ()
    rules = desk.rules(now)
    window, policy = rules.window(now), rules.version
    candidates = await first_of(desk, stream, now)
    return invitations.invite_next(stream, candidates, ids=_new_ids(), now=now, window=window, policy=policy)


def _always(_: Stream) -> bool:
    return True


def _new_ids() -> Iterator[InvitationId]:
    while True:
        yield InvitationId(str(uuid4()))
