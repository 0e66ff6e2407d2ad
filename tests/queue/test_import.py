"""The old queue is taken over by the operator's command, with its dates, serials and numbers."""

import asyncio
import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.chassis.clock import Setting, real_now, write_setting
from services.queue import cli
from services.queue.cli.importing import stands_of
from services.queue.domain.words import ChildId
from services.queue.usecases.filing import OldRow
from tests.queue.office import TUESDAY, Office, new_id

COLUMNS = [
    "child_id",
    "birth_date",
    "region",
    "queue_type",
    "category",
    "privilege_class",
    "privilege_confirmed_until",
    "registered_at",
    "serial",
    "application_number",
    "status",
    "removed_at",
    "last_number",
]


def row(n: int, **changes: str) -> dict[str, str]:
    told = {
        "child_id": new_id(),
        "birth_date": "2021-03-08",
        "region": "almaty",
        "queue_type": "CORRECTIONAL",
        "category": "VISION",
        "registered_at": (TUESDAY - timedelta(days=1900) + timedelta(seconds=n)).isoformat(),
        "serial": str(n),
    }
    return told | changes


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.queue", "import-queue", *arguments]
    return subprocess.run(
        command, env=os.environ | dict(environment), capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def environment(stack: Stack, tmp_path: Path) -> Mapping[str, str]:
    """Of the operator's command, at the opening hour."""
    clock_file = tmp_path / "clock.json"
    write_setting(clock_file, Setting(real_now(), TUESDAY, 0.0))
    return stack.environment("queue") | {"ZHOLDAMA_CLOCK_FILE": str(clock_file)}


async def taken(office: Office, rows: list[OldRow]) -> list[str]:
    """What the report says of each row."""
    report: dict[int, str] = {}
    await cli.take_over(office.desk, list(enumerate(rows)), office.now(), report.__setitem__)
    return [": ".join(report[line].split(": ")[:2]) for line in sorted(report)]


def test_a_file_is_entered_row_by_row_and_its_totals_agree(environment: Mapping[str, str], tmp_path: Path) -> None:
    good = [row(n) for n in range(100_000, 100_040)]
    bad = [
        row(200_002, registered_at="2021-11-13 12:17:04"),
        row(200_004, child_id="210513600001"),
        row(200_005, child_id=good[0]["child_id"]),
        row(200_006, category=""),
        row(200_009, status="REMOVED", removed_at="2025-01-01T00:00:00+05:00", last_number="364"),
    ]
    file = write(tmp_path / "queue.csv", [*good, *bad])

    done = run(environment, str(file))

    said = done.stdout.splitlines()
    assert (done.returncode, done.stdout.count(": entered")) == (1, 41)
    assert "line 42: invalid: NO_TIME_ZONE registered_at: The moment has no time zone" in done.stdout
    assert any(line.startswith("line 43: invalid: IIN_IN_FILE child_id: ") for line in said)
    assert "line 44: refused: ALREADY_IN_QUEUE: The child already stands in a queue of this type." in said
    assert any(line.startswith("line 45: refused: CATEGORY_REQUIRED: ") for line in said)
    assert said[-3:] == [
        "almaty:correctional:VISION:2021: 42 rows, 1 of them removed; 41 entered, 0 here already, 1 refused; 41 here now",
        "the totals agree",
        "41 entered, 0 were here already, 2 refused, 2 invalid",
    ]
    assert "210513600001" not in done.stdout + done.stderr


@pytest.mark.asyncio(loop_scope="module")
async def test_a_removed_application_keeps_its_last_number_and_its_child_may_stand_again(
    office: Office, year: int
) -> None:
    await office.move(TUESDAY)
    live = office.old_row("G", year)
    gone = replace(
        office.old_row("G", year), child_id=live.child_id, removed_at=TUESDAY - timedelta(days=40), last_number=364
    )

    assert await taken(office, [live, gone]) == ["entered", "entered"]

    first, second = sorted(await office.desk.store.of_child(live.child_id), key=lambda each: each.state.serial)
    assert (first.state.status, second.state.status) == ("QUEUED", "REMOVED")
    assert (second.state.last_number, second.state.status_since) == (364, gone.removed_at)
    assert (second.state.standing, second.state.invitable) == (None, False)
    assert [each.what for each in second.state.history] == ["REGISTERED", "REMOVED"]


@pytest.mark.asyncio(loop_scope="module")
async def test_an_import_that_broke_off_is_finished_by_running_it_again(office: Office, year: int) -> None:
    await office.move(TUESDAY)
    rows = [office.old_row("G", year) for _ in range(40)]
    broken = asyncio.create_task(taken(office, rows))
    await asyncio.sleep(0.15)
    broken.cancel()
    await asyncio.gather(broken, return_exceptions=True)

    again = await taken(office, rows)

    assert set(again) <= {"entered", "here already"}
    assert all((await stands_of(office.desk, list(enumerate(rows)))).values())
    assert set(await taken(office, rows)) == {"here already"}


@pytest.mark.asyncio(loop_scope="module")
async def test_of_rows_that_claim_the_same_the_first_is_entered(office: Office, year: int) -> None:
    await office.move(TUESDAY)
    one, two, three = (office.old_row("G", year) for _ in range(3))
    number = f"KDDO.2021.{one.serial}.7"

    assert await taken(
        office,
        [
            replace(one, application_number=number),
            replace(two, application_number=number),
            replace(three, child_id=one.child_id),
            replace(one, application_number=number, registered_at=one.registered_at + timedelta(days=1)),
        ],
    ) == ["entered", "refused: NUMBER_TAKEN", "refused: ALREADY_IN_QUEUE", "refused: ROW_DIFFERS"]


@pytest.mark.asyncio(loop_scope="module")
async def test_a_later_filing_never_gets_a_number_of_the_old_queue(office: Office, year: int) -> None:
    given = await filed_serial(office) + 1000
    first, second = (replace(office.old_row("G", year), serial=n) for n in (101, 102))
    rows = [
        replace(first, application_number=f"KDDO.2026.{given}.1", service_centre_number="002-17/44"),
        replace(second, application_number=f"KDDO.2026.{given - 500}.1"),
    ]

    assert await taken(office, rows) == ["entered", "entered"]
    assert await filed_serial(office) == given + 1
    (entered,) = await office.desk.store.of_child(ChildId(rows[0].child_id))
    assert (entered.state.service_centre_number, entered.state.egov_number) == ("002-17/44", None)


async def filed_serial(office: Office) -> int:
    """The serial that a filing of this moment gets, in a number of this year."""
    await office.move(TUESDAY)
    answer = await office.file(new_id(), date(2022, 5, 13))
    assert answer.status_code == 201, answer.text
    year, serial = answer.json()["application_number"].split(".")[1:3]
    assert year == "2026"
    return int(serial)
