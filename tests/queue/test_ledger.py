"""The decision log through the doors: why a number changed, the closed day, the proof, what everybody is shown."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from contracts import referral, vacancy
from services.chassis.testing import eventually
from services.queue.domain.application import Application
from services.queue.domain.words import Status, StreamId
from services.queue.usecases.ledger import checking, closing, log
from tests.queue.neighbours import hold, invite, referral_of
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")
VERIFIER = Path(__file__).parents[2] / "examples" / "verifier" / "verify_ledger.py"


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


async def get(office: Office, door: str, person: str | None = None, roles: tuple[str, ...] = ()) -> Any:
    headers = office.identity.person(person, *roles) if person else {}
    return await office.served.client.get(door, headers=headers)


async def logged(office: Office, stream_id: str, rows: int) -> None:
    """Waits until the log of a stream has so many rows."""

    async def is_there() -> bool:
        return await log.last_number(office.desk, StreamId(stream_id)) >= rows

    await eventually(is_there, 15)


async def issued_to(office: Office, stream_id: str, children: list[str]) -> bool:
    """Whether the protocol of a stream has exactly the referrals of these."""
    found = await office.desk.store.issued.find({"stream_id": stream_id}, limit=100)
    return [each.get("child_id") for each in found] == children


async def take_first(office: Office, stream_id: str, child: Child, hold_id: str) -> None:
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(hold(vacancy.HeldV1, stream_id, child, invitation, hold_id), 1)
    await office.tell(hold(vacancy.TakenV1, stream_id, child, invitation, hold_id), 2)


async def test_the_family_is_told_why_its_number_changed(office: Office, year: int) -> None:
    stream_id, (first, _, mine) = await office.queue("GGG", year)
    await logged(office, stream_id, 3)
    before = office.now()
    await office.move(before + timedelta(minutes=5))
    await office.enter([office.old_row("E", year), office.old_row("E", year)])
    await logged(office, stream_id, 5)
    number = (await office.card(mine))["queue_number"]
    door = f"/applications/{mine.application_id}/why"
    told = (await office.served.client.get(
        door, params={"since": before.isoformat()}, headers=office.identity.person(mine.guardian)
    )).json()  # fmt: skip

    assert (told["number_then"], told["number_now"], told["difference"]) == (3, number, 2)
    (cause,) = told["causes"]
    assert (cause["cause"], cause["privilege_class"], cause["count"], cause["change"]) == ("ENTERED", "E", 2, 2)
    assert cause["text"] == {
        "kk": "Кезекке тұрды кезектен тыс құқықпен: 2 (+2)",
        "ru": "Встали в очередь с внеочередным правом: 2 (+2)",
        "en": "entered with extraordinary right: 2 (+2)",
    }
    assert told["forecast"] is None
    assert first.child_id not in json.dumps(told)

    stranger = await get(office, door, new_id())
    clerk = await get(office, door, new_id(), ("clerk",))
    auditor = await get(office, door, new_id(), ("auditor",))
    backwards = await get(office, door + "?since=2026-12-01T02:00:00Z&until=2026-11-01T02:00:00Z", mine.guardian)
    assert (stranger.status_code, clerk.status_code, auditor.status_code) == (404, 200, 404)
    assert (backwards.status_code, backwards.json()["code"]) == (422, "NO_SUCH_SPAN")


async def test_a_place_taken_is_a_departure_and_a_turn_and_they_add_up(office: Office, year: int) -> None:
    stream_id, (first, _, mine, _) = await office.queue("PGGP", year)
    await logged(office, stream_id, 4)
    before = office.now()
    await office.move(before + timedelta(minutes=1))
    await take_first(office, stream_id, first, new_id())
    await logged(office, stream_id, 6)

    rows = await log.of_stream(office.desk, StreamId(stream_id))
    door = f"/applications/{mine.application_id}/why?since={before.isoformat().replace('+00:00', 'Z')}"
    told = (await get(office, door, mine.guardian)).json()

    assert [row.sequence for row in rows] == [1, 2, 3, 4, 5, 6]
    assert {row.did.value for row in rows[4:]} == {"LEFT", "TURNS_USED"}
    assert sum(cause["change"] for cause in told["causes"]) == told["difference"] == -1
    assert {cause["cause"] for cause in told["causes"]} <= {"REFERRED", "TURN_PASSED"}
    assert told["number_now"] == (await office.card(mine))["queue_number"]


async def test_a_day_is_closed_published_and_proved_with_the_files_alone(
    office: Office, year: int, tmp_path: Path
) -> None:
    stream_id, children = await office.queue("GGGGGEP", year)
    small, (often, *_) = await office.queue("GGGG", 2090)
    await logged(office, stream_id, 7)
    await logged(office, small, 4)
    for _ in range(6):
        await office.tell(referral_of(referral.IssuedV1, often, new_id(), "ISSUED"))
    await eventually(lambda: issued_to(office, small, [often.child_id] * 6), 15)
    for child in children[:5]:
        await office.tell(referral_of(referral.IssuedV1, child, new_id(), "ISSUED"))
    await logged(office, stream_id, 12)
    await office.enter([office.old_row("G", year) for _ in range(4)])
    await logged(office, stream_id, 16)
    last = await closing.last_day(office.desk)
    day = date.fromisoformat(last.day) + timedelta(days=1) if last else TUESDAY.date()

    closed = await closing.close(office.desk, day, last, office.now())
    again = await closing.close(office.desk, day, last, office.now())

    assert closed == again == await closing.last_day(office.desk)
    assert await closing.close_yesterday(office.desk, office.now()) is None
    mine = children[6]
    own = await get(office, f"/applications/{mine.application_id}/ledger", mine.guardian)
    kept = {
        "ledger.json": (await get(office, "/public/ledger")).text,
        "rows.json": own.text,
        "manifest": (await get(office, f"/public/ledger/{closed.day}/manifest")).text,
        f"queue-{stream_id.replace(':', '-')}.csv": (await get(office, f"/public/queue/{stream_id}.csv")).text,
        f"protocol-{stream_id.replace(':', '-')}.csv": (await get(office, f"/public/protocol/{stream_id}.csv")).text,
    }
    for name, text in kept.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    csvs = sorted(str(each) for each in tmp_path.glob("*.csv"))
    command = [sys.executable, "-I", "-S", str(VERIFIER), str(tmp_path / "ledger.json")]
    more = ["--proof", str(tmp_path / "rows.json"), "--manifest", str(tmp_path / "manifest"), *csvs]
    done = subprocess.run([*command, *more], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 rows are in the ledger" in done.stdout
    (tmp_path / "rows.json").write_text(own.text.replace('"privilege_class":"P"', '"privilege_class":"E"'))
    assert subprocess.run([*command, *more], capture_output=True, check=False).returncode == 1

    assert await checking.wrong_days(office.desk) == []
    queue = (await get(office, f"/public/queue/{stream_id}")).json()
    assert queue["rows"] == [
        {"number": str(n), "privilege_class": "*", "status": "QUEUED", "registered": "2024"} for n in range(1, 7)
    ]
    protocol = (await get(office, f"/public/protocol/{stream_id}")).json()
    assert [row["mode"] for row in protocol["rows"]] == ["PRIORITY"] * 5
    assert {row["organisation_id"] for row in protocol["rows"]} == {"*"}
    for kind in ("queue", "protocol"):
        hidden = await get(office, f"/public/{kind}/{small}")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "NOT_PUBLISHED")
    everything = "".join(kept[name] for name in kept if name != "rows.json")
    everything += (await get(office, "/public/queue")).text + (await get(office, "/public/protocol")).text
    assert small not in everything
    for child in children:
        for secret in (child.child_id, child.guardian, child.application_id):
            assert secret not in everything
    assert all(child.application_id not in own.text for child in children if child is not mine)


async def test_a_fact_told_again_writes_no_row_and_six_who_settle_a_silent_change_write_one(
    office: Office, year: int
) -> None:
    stream_id, (child, _) = await office.queue("GG", year)
    await logged(office, stream_id, 2)
    stored = await office.desk.store.applications.get(child.application_id)
    assert stored is not None
    old = log.Heard(stored.state.application_id, stored.state.stream_id, stored.state.status, stored.sequence)

    await log.application_heard(office.desk, old, office.now())
    await log.settle(office.desk, StreamId(stream_id), office.now())
    assert await log.last_number(office.desk, StreamId(stream_id)) == 2

    gone = await office.desk.store.applications.save(stored, _gone(stored.state), at=office.now())
    await asyncio.gather(*(log.settle(office.desk, StreamId(stream_id), office.now()) for _ in range(6)))
    await office.desk.store.applications.save(gone, stored.state, at=office.now())
    await log.settle(office.desk, StreamId(stream_id), office.now())

    rows = await log.of_stream(office.desk, StreamId(stream_id))
    assert [(row.sequence, row.did.value) for row in rows][2:] == [(3, "LEFT"), (4, "ENTERED")]


def _gone(state: Application) -> Application:
    return replace(state, status=Status.REMOVED, standing=None, invitable=False)
