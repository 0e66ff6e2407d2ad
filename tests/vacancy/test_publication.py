"""A publication touches many documents; it may break off anywhere and goes on from its plan."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from contracts import vacancy
from services.chassis.errors import Stale
from services.chassis.testing import eventually
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain.ledger import Plan
from services.vacancy.domain.place import Publication
from services.vacancy.domain.words import PlaceId, PublicationId, StreamId
from services.vacancy.usecases.changing import change_place
from tests.vacancy.hall import Hall

pytestmark = pytest.mark.asyncio(loop_scope="module")

STREAM_SIZE = 3


@pytest_asyncio.fixture(loop_scope="module")
async def broken_off(hall: Hall) -> AsyncIterator[tuple[str, Plan]]:
    """A stream whose publication wrote its plan and then went away; nobody looks at it."""
    stream = hall.new_stream()
    await hall.enter(stream, STREAM_SIZE)
    await eventually(lambda: today_is_done(hall, stream))
    opening = hall.desk.rules(hall.now()).last_opening(hall.now())
    stored = await hall.desk.store.ledgers.get(stream)
    assert stored is not None
    day = hall.desk.rules(hall.now()).opening_after(opening.date())
    plan_of = Publication(PublicationId(str(uuid4())), day.date(), day)
    drafts = await hall.desk.store.drafts(StreamId(stream), hall.now())
    planned = ledgers.planned(stored.state, plan_of, publishes=True, drafts=drafts, priority=())
    assert planned.plan is not None
    await hall.desk.store.ledgers.save(stored, planned, at=hall.now())
    yield stream, planned.plan


async def today_is_done(hall: Hall, stream: str) -> bool:
    """The publication of this day, which had nothing to publish."""
    stored = await hall.desk.store.ledgers.get(stream)
    return stored is not None and stored.state.last_day is not None


async def publish_one(hall: Hall, place_id: PlaceId, plan: Plan) -> None:
    await change_place(hall.desk, place_id, lambda place: places.publish(place, plan.publication), hall.now())


async def wake(hall: Hall, stream: str) -> None:
    """Somebody looks at the stream again."""
    stored = await hall.desk.store.ledgers.get(stream)
    assert stored is not None
    try:
        await hall.desk.store.ledgers.save(stored, stored.state, at=hall.now(), due=hall.now())
    except Stale:
        await wake(hall, stream)


@pytest.mark.parametrize("done", range(STREAM_SIZE + 1))
async def test_after_a_crash_the_rest_is_done_and_the_tokens_are_counted_once(
    hall: Hall, broken_off: tuple[str, Plan], done: int
) -> None:
    stream, plan = broken_off
    for place_id in plan.to_publish[:done]:
        await publish_one(hall, place_id, plan)
    await wake(hall, stream)
    (opened,) = await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    assert opened.n == STREAM_SIZE
    await hall.ears.wait(STREAM_SIZE, vacancy.PublishedV1, stream_id=stream)


async def test_a_step_repeated_after_the_end_changes_nothing(hall: Hall, broken_off: tuple[str, Plan]) -> None:
    stream, plan = broken_off
    await wake(hall, stream)
    await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    await publish_one(hall, plan.to_publish[0], plan)
    await change_place(
        hall.desk, plan.to_publish[0], lambda place: places.open_to_all(place, plan.publication), hall.now()
    )
    await wake(hall, stream)
    await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    await hall.ears.wait(STREAM_SIZE, vacancy.PublishedV1, stream_id=stream)
