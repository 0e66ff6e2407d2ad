"""The order is counted twice: a disagreement stops invitations until an officer lets them go on. On the real engines."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts import queue
from services.chassis.testing import eventually
from services.queue.domain.filing import remove
from services.queue.domain.halt import Halt, resumed
from services.queue.domain.statuses import Actor
from services.queue.domain.words import StreamId
from services.queue.store import Reading
from services.queue.usecases import recount, standing
from tests.queue.neighbours import opened
from tests.queue.office import TUESDAY, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def disagreements(office: Office) -> str:
    figures = (await office.served.client.get("/metrics")).text
    return next(line.split()[-1] for line in figures.splitlines() if line.startswith("queue_order_disagreements "))


async def command(office: Office, *words: str) -> str:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "services.queue", *words],
        env=os.environ | dict(office.environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


async def test_a_second_replica_gives_the_same_order(office: Office, year: int) -> None:
    stream_id, children = await office.queue("GPEGPG", year)
    other = Reading(office.served.frame.database)
    today = office.desk.today(office.now())
    await standing.build(other, today)
    order: list[str] = list(other.standing.in_order(StreamId(stream_id), today))
    assert [order.index(child.application_id) + 1 for child in children] == [3, 2, 1, 4, 6, 5]
    for child in children:
        header = office.identity.person(child.guardian)
        answer = await office.served.client.get(f"/applications/{child.application_id}/position", headers=header)
        assert answer.json()["number"] == order.index(child.application_id) + 1


async def test_the_number_alone_is_told_to_guardians_only(office: Office, year: int) -> None:
    _, (first, _) = await office.queue("GG", year)
    path = f"/applications/{first.application_id}/position"
    told = await office.served.client.get(path, headers=office.identity.person(first.guardian))
    assert told.json()["number"] == 1
    assert told.json()["number_range"] == {"from": 1, "to": 2}
    assert (await office.served.client.get(path, headers=office.identity.person(new_id()))).status_code == 404
    assert (await office.served.client.get(path)).status_code == 401


async def test_a_bent_order_stops_invitations_until_an_officer_lets_them_go_on(office: Office, year: int) -> None:
    stream_id, (first, second) = await office.queue("GG", year)
    assert await disagreements(office) == "0.0"
    await office.move(TUESDAY + timedelta(hours=21))
    assert await disagreements(office) == "0.0"

    collection = office.desk.store.applications.collection
    forward = {"registered_at": TUESDAY - timedelta(days=2000)}
    kept = await collection.find_one({"_id": second.application_id})
    assert kept is not None
    await collection.update_one({"_id": second.application_id}, {"$set": forward})
    await office.move(TUESDAY + timedelta(hours=21, days=1))
    await eventually(lambda: _disagrees(office), 15)

    await office.tell(opened(stream_id, 1))
    await eventually(lambda: _tokens(office, stream_id), 15)
    await office.ears.wait(0, queue.InvitedV1, stream_id=stream_id)

    await collection.update_one({"_id": second.application_id}, {"$set": {"registered_at": kept["registered_at"]}})
    assert "they were stopped for 1 streams" in await command(office, "resume-invitations")
    (invited,) = await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)
    assert invited.application_id == first.application_id
    assert await disagreements(office) == "0.0"
    assert await recount.is_halted(office.desk) is False


async def test_a_replica_that_hears_late_reads_anew_and_halts_nobody(office: Office, year: int) -> None:
    stream_id, (first, _) = await office.queue("GG", year)
    late = Reading(office.served.frame.database)
    today = office.desk.today(office.now())
    await standing.build(late, today)
    await office.enter([office.old_row("E", year), office.old_row("P", year)])
    stored = await office.desk.store.applications.get(first.application_id)
    assert stored is not None
    moment = office.desk.moment(office.now())
    gone, _ = remove(stored.state, moment, by=Actor.GUARDIAN, last_number=3)
    await office.desk.store.applications.save(stored, gone, at=office.now())
    assert len(late.standing.in_stream(StreamId(stream_id))) == 2

    wrong = await recount.of_the_city(replace(office.desk, reading=late), office.now())

    assert (wrong, await recount.is_halted(office.desk)) == ((), False)
    assert len(late.standing.in_stream(StreamId(stream_id))) == 3
    assert first.application_id not in late.standing.in_stream(StreamId(stream_id))


async def test_who_was_killed_after_the_end_of_a_halt_is_finished_by_the_repeat(office: Office, year: int) -> None:
    stream_id, _ = await office.queue("G", year)
    known = await office.desk.store.halts.get(recount.ONE)
    halt = Halt(office.now(), (StreamId(stream_id),))
    stored = await office.desk.store.halts.keep(recount.ONE, known, halt, at=office.now())
    await office.tell(opened(stream_id, 1))
    await eventually(lambda: _tokens(office, stream_id), 15)
    await office.desk.store.halts.save(stored, resumed(halt, office.now()), at=office.now())

    assert await recount.resume(office.desk, office.now()) is None

    await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)


async def _disagrees(office: Office) -> bool:
    return await disagreements(office) == "1.0"


async def _tokens(office: Office, stream_id: str) -> bool:
    stored = await office.desk.store.streams.get(stream_id)
    return stored is not None and stored.state.available == 1
