"""Preschools and places are entered from files by the operator's commands."""

import csv
import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.stack import Stack


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(stack: Stack, command: str, file: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **stack.environment("vacancy")}
    line = [sys.executable, "-m", "services.vacancy", command, str(file)]
    return subprocess.run(line, env=environment, capture_output=True, text=True, timeout=60, check=False)


def organisation(**more: str) -> dict[str, str]:
    names = ("name_kk", "name_ru", "kind_kk", "kind_ru", "address_kk", "address_ru", "district")
    card = dict.fromkeys(names, "Үлгі")
    ids = {"organisation_id": str(uuid4()), "bin": "000140000001", "phones": "87270000000; 87270000001"}
    return {**ids, **card, "website": "", "latitude": "43.25", "longitude": "76.9", **more}


@pytest.fixture
def preschool(stack: Stack, tmp_path: Path) -> str:
    row = organisation()
    done = run(stack, "import-organisations", write(tmp_path / "organisations.csv", [row]))
    assert done.returncode == 0, done.stderr
    return row["organisation_id"]


def test_places_are_entered_once_however_often_the_file_is_read(stack: Stack, tmp_path: Path, preschool: str) -> None:
    row = {"organisation_id": preschool, "stream_id": "almaty:correctional:MOTOR:2021", "language": "kk"}
    rows = [{"place_id": str(uuid4()), **row} for _ in range(3)]
    file = write(tmp_path / "places.csv", rows)
    said = [run(stack, "import-places", file).stdout.splitlines()[-1] for _ in range(2)]
    assert said == [
        "3 places entered, 0 were here already, 0 not taken",
        "0 places entered, 3 were here already, 0 not taken",
    ]


def test_a_bad_row_is_named_by_its_line_and_the_others_are_taken(stack: Stack, tmp_path: Path, preschool: str) -> None:
    good = {
        "place_id": str(uuid4()),
        "organisation_id": preschool,
        "stream_id": "almaty:correctional:MOTOR:2021",
        "language": "ru",
    }
    bad = [
        {"stream_id": "motor"},
        {"stream_id": "almaty:correctional:MOTORS:2021"},
        {"language": "xx"},
        {"organisation_id": str(uuid4())},
    ]
    rows = [good, *({**good, "place_id": str(uuid4()), **cells} for cells in bad)]
    done = run(stack, "import-places", write(tmp_path / "places.csv", rows))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "line 3: invalid: stream_id",
        "line 4: invalid: stream_id",
        "line 5: invalid: language",
        "line 6: NO_SUCH_ORGANISATION",
        "1 places entered, 0 were here already, 4 not taken",
    ]


def test_a_file_without_its_columns_is_refused_before_anything_is_written(stack: Stack, tmp_path: Path) -> None:
    done = run(stack, "import-places", write(tmp_path / "places.csv", [{"place_id": str(uuid4())}]))
    assert done.returncode == 2
    assert "columns are missing" in done.stderr
