"""What a family could not help is given back to it: outages recorded by an officer or found by the queue itself."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from contracts import queue
from services.chassis.clock import real_now
from services.chassis.testing import eventually
from services.queue.domain.outages import Pulse
from services.queue.usecases import outages
from services.queue.usecases.outages import ONE
from tests.queue.neighbours import DEADLINE, invite
from tests.queue.office import TUESDAY, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

LONGER = datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
"""24:00 of Friday: one working day more."""


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def at_the_opening_hour(office: Office) -> AsyncIterator[None]:
    """Records of an outage concern everybody's windows, so each test takes its own away."""
    await office.move(TUESDAY)
    yield
    await office.desk.store.outages.collection.delete_many({})


async def test_an_outage_recorded_by_an_officer_makes_windows_longer_visibly_and_once(
    office: Office, year: int
) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.shows(child, lambda card: card["invitation"] is not None)
    await office.move(TUESDAY + timedelta(hours=3))
    body = {
        "outage_id": new_id(),
        "began_at": "2026-12-01T07:30:00+05:00",
        "ended_at": "2026-12-01T09:30:00+05:00",
        "cause": "SIGNATURE_UNAVAILABLE",
    }
    officer = office.identity.person(new_id(), "officer")

    answers = [await office.served.client.post("/outages", json=body, headers=officer) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["policy"] == "almaty@2018-05-15"
    card = await office.shows(child, lambda card: card["invitation"]["deadline"] == "2026-12-04T19:00:00Z")
    lines = [line for line in card["history"] if line["what"] == "INVITATION_PROLONGED"]
    assert [line["reason"] for line in lines] == ["outage"]
    (said,) = await office.ears.wait(1, queue.InvitationProlongedV1, stream_id=stream_id)
    assert (said.invitation_id, said.deadline) == (invitation.invitation_id, LONGER)
    assert said.outage_id == body["outage_id"]

    async def applied() -> bool:
        records = (await office.served.client.get("/outages", headers=officer)).json()
        return [each["applied_at"] is not None for each in records if each["outage_id"] == body["outage_id"]] == [True]

    await eventually(applied)
    await office.move(DEADLINE + timedelta(minutes=30))
    assert office.ears.said(queue.InvitationEndedV1, stream_id=stream_id) == []
    await office.move(LONGER + timedelta(minutes=21))
    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert ended.reason == "lapsed"


async def test_a_queue_that_stood_still_gives_the_days_back_before_anything_lapses(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    await invite(office, stream_id, 1)
    await office.shows(child, lambda card: card["invitation"] is not None)
    pulse = await office.desk.store.pulse.get(ONE)
    assert pulse is not None
    stopped = Pulse(DEADLINE - timedelta(hours=2), real_now() - timedelta(hours=3))
    await office.desk.store.pulse.save(pulse, stopped, at=office.now())

    await office.move(DEADLINE + timedelta(minutes=21))

    (said,) = await office.ears.wait(1, queue.InvitationProlongedV1, stream_id=stream_id)
    assert said.deadline == LONGER
    assert office.ears.said(queue.InvitationEndedV1, stream_id=stream_id) == []
    await office.shows(child, lambda card: card["invitation"]["deadline"] == "2026-12-04T19:00:00Z")
    found = [each for each in await office.desk.reading.latest_outages() if each.outage_id == said.outage_id]
    assert [(each.cause.value, each.entered_by) for each in found] == [("QUEUE_STOOD_STILL", None)]


async def stand_still_since(office: Office, at: datetime, real: datetime) -> None:
    pulse = await office.desk.store.pulse.get(ONE)
    assert pulse is not None
    await office.desk.store.pulse.save(pulse, Pulse(at, real), at=office.now())


async def test_a_queue_that_stood_still_for_more_than_a_month_begins_again_and_records_all_of_it(
    office: Office,
) -> None:
    gap, real = timedelta(days=40), real_now()
    await stand_still_since(office, TUESDAY - gap, real - gap)

    await outages.beat(office.desk, Pulse(TUESDAY, real))

    (found,) = await office.desk.reading.latest_outages()
    assert (found.began_at, found.ended_at) == (TUESDAY - gap, TUESDAY)
    pulse = await office.desk.store.pulse.get(ONE)
    assert pulse is not None
    assert pulse.state.at == TUESDAY


async def test_who_was_killed_between_the_record_and_the_pulse_and_stood_still_again_loses_no_hour(
    office: Office,
) -> None:
    real = real_now()
    begun, later = (TUESDAY - timedelta(hours=5), TUESDAY - timedelta(hours=3))
    await stand_still_since(office, begun, real - timedelta(hours=5))
    await outages.beat(office.desk, Pulse(later, real - timedelta(hours=3)))
    await stand_still_since(office, begun, real - timedelta(hours=5))

    for _ in range(2):
        await outages.beat(office.desk, Pulse(TUESDAY, real))

    found = await office.desk.reading.latest_outages()
    assert (min(each.began_at for each in found), max(each.ended_at for each in found)) == (begun, TUESDAY)
    assert len(found) <= 2


@pytest.mark.parametrize("role", ["clerk", "preschool", None])
async def test_only_an_officer_of_the_department_records_an_outage(office: Office, role: str | None) -> None:
    body = {"began_at": "2026-12-01T05:00:00+05:00", "ended_at": "2026-12-01T06:30:00+05:00", "cause": "PLANNED_WORK"}
    headers = office.identity.person(new_id(), *([role] if role else []))
    assert (await office.served.client.post("/outages", json=body, headers=headers)).status_code == 403


async def test_an_outage_that_has_not_ended_yet_is_refused(office: Office) -> None:
    body = {"began_at": "2026-12-01T06:00:00+05:00", "ended_at": "2026-12-01T08:00:00+05:00", "cause": "PLANNED_WORK"}
    answer = await office.served.client.post("/outages", json=body, headers=office.identity.person(new_id(), "officer"))
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_AN_OUTAGE")
