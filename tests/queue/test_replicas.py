"""Two processes of the queue serve one city: whoever writes when, tokens are conserved and nobody has two windows."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from random import Random

import pytest
import pytest_asyncio

from contracts import queue, vacancy
from services.chassis.security import Tokens
from services.chassis.service import Frame
from services.chassis.testing import Served, eventually, served, settings_from
from services.queue.app import compose
from services.queue.domain.simulation import Happened
from services.queue.domain.stream import Stream, live_invitations
from services.queue.domain.words import EndReason
from services.queue.settings import QueueSettings
from services.queue.usecases.exporting import log_of_stream
from tests.queue.neighbours import hold, opened
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITERS = 16
TOKENS, WITHDRAWN, CHILDREN = 10, 2, 12


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def other(office: Office) -> AsyncIterator[Served]:
    """A second process beside the first: the same engines, the same group of readers."""
    settings = settings_from(QueueSettings, office.environment, clock_file=office.clock_file, instance="1")
    frame = Frame("queue", settings)
    frame.tokens = Tokens(office.identity, frame.clock)
    async with served(frame, compose) as running:
        yield running


async def test_tokens_are_conserved_while_sixteen_write_at_two_replicas(
    office: Office, other: Served, year: int
) -> None:
    await office.move(TUESDAY)
    stream_id, children = await office.queue("EPPGGGGGGGGG", year)
    assert len(children) == CHILDREN
    said = [opened(stream_id, 2) for _ in range(TOKENS // 2)]
    owed = [_withdrawn(stream_id, year) for _ in range(WITHDRAWN)]
    happens = [office.tell(fact, n + 1, times=2) for n, fact in enumerate((*said, *owed))]
    leaving = children[1::3]
    clients = (office.served.client, other.client)
    happens += [_leave(office, child, clients[n % 2]) for n, child in enumerate(leaving)]
    happens += [_takes(office, stream_id, child) for child in children[2::3]]
    Random(7).shuffle(happens)
    gate = asyncio.Semaphore(WRITERS)

    async def one(what: object) -> None:
        async with gate:
            await what  # type: ignore[misc]

    await asyncio.gather(*(one(each) for each in happens))

    async def settled() -> Stream | None:
        stored = await office.desk.store.streams.get(stream_id)
        if stored is None:
            return None
        stream = stored.state
        heard = len(stream.publications) == TOKENS // 2 and len(stream.withdrawals) == WITHDRAWN
        gone = {child.application_id for child in leaving}
        over = not any(each.application_id in gone for each in live_invitations(stream))
        taken = {h.application_id for h in stream.holds if h.counted} == {c.application_id for c in children[2::3]}
        return stream if heard and over and taken else None

    stream = await eventually(settled, 60)
    assert stream is not None
    burnt = WITHDRAWN - sum(i.ended is EndReason.PLACE_WITHDRAWN for i in stream.invitations)
    assert stream.available + len(stream.invitations) + burnt == TOKENS
    live = [each.child_id for each in live_invitations(stream)]
    assert len(live) == len(set(live))
    await _no_two_windows(office, stream_id, len(stream.invitations))
    await _can_be_replayed(office, stream)


async def _can_be_replayed(office: Office, stream: Stream) -> None:
    """The exported log tells every publication, turn and choice."""

    async def told() -> bool:
        rows = await log_of_stream(office.desk, stream.stream_id)
        counts = Counter(row.what for row in rows)
        chosen = sum(hold.counted for hold in stream.holds)
        whole = (counts[Happened.INVITED], counts[Happened.CHOSE]) == (len(stream.invitations), chosen)
        return whole and sum(row.n for row in rows) == TOKENS and counts[Happened.ENTERED] == CHILDREN

    await eventually(told, 30)


async def _no_two_windows(office: Office, stream_id: str, n: int) -> None:
    """As whoever follows the topic saw it: a window begins for a child only when its last one is over."""
    await office.ears.wait(n, queue.InvitedV1, stream_id=stream_id)
    invited = office.ears.said(queue.InvitedV1, stream_id=stream_id)
    assert len({each.invitation_id for each in invited}) == n
    ended = {each.invitation_id for each in office.ears.said(queue.InvitationEndedV1, stream_id=stream_id)}
    for child_id in {each.child_id for each in invited}:
        mine = [each.invitation_id for each in invited if each.child_id == child_id]
        assert all(each in ended for each in mine[:-1])


async def _leave(office: Office, child: Child, client: object) -> None:
    """The family presses the button twice, at either process."""
    door, headers = f"/applications/{child.application_id}:remove", office.identity.person(child.guardian)
    answers = await asyncio.gather(*(client.post(door, headers=headers) for _ in range(2)))  # type: ignore[attr-defined]
    assert 200 in {answer.status_code for answer in answers}


async def _takes(office: Office, stream_id: str, child: Child) -> None:
    """A place by free choice, told in the wrong order and twice."""
    hold_id = new_id()
    await office.tell(hold(vacancy.TakenV1, stream_id, child, None, hold_id), 2, times=2)
    await office.tell(hold(vacancy.HeldV1, stream_id, child, None, hold_id), 1)


def _withdrawn(stream_id: str, year: int) -> vacancy.WithdrawnV1:
    return vacancy.WithdrawnV1(
        place_id=new_id(),
        organisation_id=new_id(),
        stream_id=stream_id,
        group_year=year,
        language="kk",
        place_type="GENERAL_USE",
        state="WITHDRAWN",
        mode=None,
        withdrawal_id=new_id(),
        token_owed=True,
    )
