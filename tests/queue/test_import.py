"""The old queue is taken over by the operator's command, with its dates, serials and numbers."""

import asyncio
import csv
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from services.chassis.clock import Setting, real_now, write_setting
from services.queue.domain.words import ChildId
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
    "service_centre_number",
    "egov_number",
]


def row(n: int, **changes: str) -> dict[str, str]:
    told = {
        "child_id": new_id(),
        "birth_date": "2021-03-08",
        "region": "almaty",
        "queue_type": "CORRECTIONAL",
        "category": "VISION",
        "registered_at": (TUESDAY - timedelta(days=2000) + timedelta(seconds=n)).isoformat(),
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


def test_six_hundred_rows_are_entered_in_seconds_and_a_second_run_changes_nothing(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    file = write(tmp_path / "queue.csv", [row(n) for n in range(100_000, 100_600)])
    begun = time.monotonic()
    first = run(environment, str(file))
    seconds = time.monotonic() - begun

    again = run(environment, str(file))

    assert first.returncode == 0, first.stdout[-2000:] + first.stderr[-2000:]
    assert "600 entered, 0 were here already, 0 refused, 0 invalid" in first.stdout
    assert first.stdout.count(": entered") == 600
    assert seconds < 20
    assert "0 entered, 600 were here already, 0 refused, 0 invalid" in again.stdout
    assert again.returncode == 0


def test_each_bad_row_is_named_with_its_column_and_the_good_ones_are_entered(
    environment: Mapping[str, str], tmp_path: Path
) -> None:
    good = row(200_001, privilege_class="P", privilege_confirmed_until="2027-01-01")
    rows = [
        good,
        row(200_002, registered_at="2021-05-13 12:17:04"),
        row(200_003, category="FLYING"),
        row(200_004, child_id="210513600001"),
        row(200_005, child_id=good["child_id"]),
        row(200_006, category=""),
        row(200_007, application_number="KDDO.2021.200900.1"),
        row(200_008, application_number="KDDO.2021.200900.1"),
    ]

    done = run(environment, str(write(tmp_path / "queue.csv", rows)))

    assert done.returncode == 1
    said = done.stdout.splitlines()
    assert "line 3: invalid: registered_at" in said
    assert "line 4: invalid: category" in said
    assert "line 5: invalid: child_id" in said
    assert "line 6: refused: ALREADY_IN_QUEUE" in said
    assert "line 7: refused: CATEGORY_REQUIRED" in said
    assert sum("NUMBER_TAKEN" in line for line in said) == 1
    assert "2 entered, 0 were here already, 3 refused, 3 invalid" in done.stdout
    assert "210513600001" not in done.stdout + done.stderr


@pytest.mark.asyncio(loop_scope="module")
async def test_a_row_of_the_future_is_invalid_and_moves_no_counter(
    office: Office, environment: Mapping[str, str], tmp_path: Path
) -> None:
    before = await filed_serial(office)
    late = row(before + 1000, registered_at="2055-08-20T01:00:00+05:00")
    soon = row(before + 1001, registered_at=(TUESDAY + timedelta(milliseconds=1)).isoformat())
    file = write(tmp_path / "queue.csv", [late, soon, row(100)])

    done = await asyncio.to_thread(run, environment, str(file))
    dry = await asyncio.to_thread(run, environment, str(file), "--dry-run")

    assert done.stdout.splitlines()[:3] == [
        "line 2: invalid: registered_at",
        "line 3: invalid: registered_at",
        "line 4: entered",
    ]
    assert "1 rows are well-formed, 2 are not" in dry.stdout
    assert await filed_serial(office) == before + 1


@pytest.mark.asyncio(loop_scope="module")
async def test_a_later_filing_never_gets_a_number_of_the_old_queue(
    office: Office, environment: Mapping[str, str], tmp_path: Path
) -> None:
    given = await filed_serial(office) + 1000
    rows = [
        row(101, application_number=f"KDDO.2026.{given}.1", service_centre_number="002-17/44"),
        row(102, application_number=f"KDDO.2026.{given - 500}.1"),
    ]

    done = await asyncio.to_thread(run, environment, str(write(tmp_path / "queue.csv", rows)))

    assert "2 entered, 0 were here already, 0 refused, 0 invalid" in done.stdout
    assert await filed_serial(office) == given + 1
    (entered,) = await office.desk.store.of_child(ChildId(rows[0]["child_id"]))
    assert (entered.state.service_centre_number, entered.state.egov_number) == ("002-17/44", None)


async def filed_serial(office: Office) -> int:
    """The serial that a filing of this moment gets, in a number of this year."""
    await office.move(TUESDAY)
    answer = await office.file(new_id(), date(2022, 5, 13))
    assert answer.status_code == 201, answer.text
    year, serial = answer.json()["application_number"].split(".")[1:3]
    assert year == "2026"
    return int(serial)


def test_a_dry_run_writes_nothing(environment: Mapping[str, str], tmp_path: Path) -> None:
    file = write(tmp_path / "queue.csv", [row(300_001), row(300_002, serial="0")])

    dry = run(environment, str(file), "--dry-run")
    real = run(environment, str(file))

    assert "1 rows are well-formed, 1 are not; nothing was written" in dry.stdout
    assert dry.returncode == 1
    assert "1 entered, 0 were here already, 0 refused, 1 invalid" in real.stdout


def test_a_file_without_a_needed_column_is_refused_whole(environment: Mapping[str, str], tmp_path: Path) -> None:
    file = tmp_path / "queue.csv"
    file.write_text("child_id,serial\n", encoding="utf-8")

    done = run(environment, str(file))

    assert done.returncode == 2
    assert "columns are missing" in done.stdout + done.stderr
