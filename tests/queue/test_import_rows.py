"""A file of the old queue is read row by row; each way to be wrong has a code and a sentence, and nothing is half read."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from services.queue.cli import commands
from services.queue.cli.importing import read_file, totals
from services.queue.cli.rows import OPTIONAL, REQUIRED
from services.queue.cli.sheets import Unreadable
from services.queue.cli.wrongs import SENTENCES, Wrong
from services.queue.domain.application import application_number
from services.queue.domain.refusals import NumbersUsedUp
from services.queue.usecases.desk import Desk

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
COLUMNS = (*REQUIRED, *OPTIONAL)
GOOD = {
    "child_id": "7d9f0c1e-5c0e-4b60-9a55-0f5f0c4f9d11",
    "birth_date": "2021-03-08",
    "region": "almaty",
    "queue_type": "CORRECTIONAL",
    "category": "VISION",
    "registered_at": "2023-05-13T12:17:04+06:00",
    "serial": "802010",
}
GONE = {"status": "REMOVED", "removed_at": "2024-01-15T10:00:00+06:00", "last_number": "364"}

BAD: list[tuple[dict[str, str], Wrong, str]] = [
    ({"child_id": ""}, Wrong.CELL_EMPTY, "child_id"),
    ({"child_id": "Айша"}, Wrong.NOT_AN_ID, "child_id"),
    ({"child_id": "210513600001"}, Wrong.IIN_IN_FILE, "child_id"),
    ({"applicant_id": "790513600001"}, Wrong.IIN_IN_FILE, "applicant_id"),
    ({"birth_date": "08.03.2021"}, Wrong.DATE_UNREADABLE, "birth_date"),
    ({"birth_date": "2027-03-08"}, Wrong.BIRTH_DATE_OUTSIDE, "birth_date"),
    ({"birth_date": "1921-03-08"}, Wrong.BIRTH_DATE_OUTSIDE, "birth_date"),
    ({"region": "Алматы"}, Wrong.REGION_MALFORMED, "region"),
    ({"queue_type": "SPECIAL"}, Wrong.QUEUE_TYPE_UNKNOWN, "queue_type"),
    ({"category": "FLYING"}, Wrong.CATEGORY_UNKNOWN, "category"),
    ({"registered_at": "soon"}, Wrong.MOMENT_UNREADABLE, "registered_at"),
    ({"registered_at": "2023-05-13 12:17:04"}, Wrong.NO_TIME_ZONE, "registered_at"),
    ({"registered_at": "2026-12-01T07:00:00.001+05:00"}, Wrong.IN_THE_FUTURE, "registered_at"),
    ({"registered_at": "2020-05-13T12:17:04+06:00"}, Wrong.BEFORE_BIRTH, "registered_at"),
    ({"registered_at": "2021-03-07T23:59:59+06:00"}, Wrong.BEFORE_BIRTH, "registered_at"),
    ({"serial": "0"}, Wrong.SERIAL_OUT_OF_RANGE, "serial"),
    ({"serial": "9900000"}, Wrong.SERIAL_OUT_OF_RANGE, "serial"),
    ({"serial": "10000000"}, Wrong.SERIAL_OUT_OF_RANGE, "serial"),
    ({"serial": "8e5"}, Wrong.SERIAL_OUT_OF_RANGE, "serial"),
    ({"privilege_class": "X"}, Wrong.CLASS_UNKNOWN, "privilege_class"),
    ({"privilege_confirmed_until": "2027-01-01"}, Wrong.CLASS_MISSING, "privilege_class"),
    (
        {"privilege_class": "P", "privilege_confirmed_until": "always"},
        Wrong.DATE_UNREADABLE,
        "privilege_confirmed_until",
    ),
    ({"application_number": "KDDO.2021.99999999.1"}, Wrong.NUMBER_MALFORMED, "application_number"),
    ({"application_number": "KDDO.2021.9999999.1"}, Wrong.NUMBER_MALFORMED, "application_number"),
    ({"service_centre_number": "002 17; drop"}, Wrong.REQUEST_MALFORMED, "service_centre_number"),
    ({"service_centre_number": "1", "egov_number": "2"}, Wrong.TWO_REQUESTS, "egov_number"),
    ({"status": "WAITING"}, Wrong.STATUS_UNKNOWN, "status"),
    ({"status": "ENROLLED"}, Wrong.STATUS_UNKNOWN, "status"),
    ({"status": "REMOVED"}, Wrong.REMOVAL_INCOMPLETE, "removed_at"),
    ({"last_number": "364"}, Wrong.REMOVAL_NOT_MEANT, "status"),
    (GONE | {"removed_at": "2022-01-15T10:00:00+06:00"}, Wrong.REMOVED_BEFORE_REGISTERED, "removed_at"),
    (GONE | {"last_number": "0"}, Wrong.LAST_NUMBER_OUT_OF_RANGE, "last_number"),
]


def write(path: Path, rows: Sequence[dict[str, str]], more: str = "") -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue() + more, encoding="utf-8")
    return path


@pytest.mark.parametrize(("change", "wrong", "column"), BAD)
def test_a_bad_row_is_named_with_its_code_its_column_and_a_sentence(
    tmp_path: Path, change: dict[str, str], wrong: Wrong, column: str
) -> None:
    rows, bad = read_file(write(tmp_path / "queue.csv", [GOOD, GOOD | change, GOOD]), NOW)

    assert [line for line, _ in rows] == [2, 4]
    assert bad == [(3, f"{wrong} {column}: {SENTENCES[wrong]}")]
    assert not any(cell in bad[0][1] for cell in ("210513600001", "790513600001", "Айша"))


@pytest.mark.parametrize("moment", ["2021-03-08T02:00:00+06:00", "2021-03-07T20:00:00Z", "2021-03-08T00:00:00+06:00"])
def test_a_child_registered_in_the_night_of_its_birth_day_is_taken_over(tmp_path: Path, moment: str) -> None:
    told = GOOD | {"registered_at": moment, "privilege_class": "P", "privilege_confirmed_until": "2027-01-01"}
    ((_, row),), bad = read_file(write(tmp_path / "queue.csv", [told]), NOW)

    assert bad == []
    assert row.privilege is not None
    assert row.privilege.confirmed_on == date(2021, 3, 8)


def test_every_code_has_a_sentence_and_a_row_that_shows_it() -> None:
    assert set(SENTENCES) == set(Wrong)
    assert {wrong for _, wrong, _ in BAD} == set(Wrong) - {Wrong.CELLS_DO_NOT_FIT}


def test_a_row_with_too_many_cells_is_invalid_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    rows, bad = read_file(write(tmp_path / "queue.csv", [GOOD], "\n" + "," * 20 + "x\n" + "," * 15 + "\n"), NOW)

    assert len(rows) == 1
    assert [(line, why.partition(":")[0]) for line, why in bad] == [(4, "CELLS_DO_NOT_FIT")]


@asynccontextmanager
async def closed_office() -> AsyncIterator[tuple[Desk, datetime]]:
    """Nobody may open it."""
    raise AssertionError
    yield


def test_a_dry_run_opens_no_office_and_a_file_that_is_not_right_ends_with_two(tmp_path: Path) -> None:
    own, run = commands(closed_office, lambda: NOW), CliRunner().invoke
    own.callback()(lambda: None)
    file = write(tmp_path / "queue.csv", [GOOD, GOOD | {"serial": "0"}])

    dry = run(own, ["import-queue", str(file), "--dry-run"])
    (tmp_path / "short.csv").write_text("child_id,serial\n", encoding="utf-8")
    short = run(own, ["import-queue", str(tmp_path / "short.csv")])
    nowhere = run(own, ["import-queue", str(file), "--dry-run", "--zone", "Asia/Nowhere"])

    assert dry.exit_code == 1
    assert dry.stdout.splitlines()[1:] == [
        "almaty:correctional:VISION:2021: 1 rows, 0 of them removed",
        "1 rows are well-formed, 1 are not; nothing was written",
    ]
    assert (short.exit_code, nowhere.exit_code) == (2, 2)
    assert "columns are missing" in short.output


def test_what_was_removed_comes_with_its_last_number(tmp_path: Path) -> None:
    ((_, row),), bad = read_file(write(tmp_path / "queue.csv", [GOOD | GONE]), NOW)

    assert (row.last_number, row.removed_at, bad) == (364, datetime(2024, 1, 15, 4, 0, tzinfo=UTC), [])
    assert totals([(2, row)], {}, {}) == ["almaty:correctional:VISION:2021: 1 rows, 1 of them removed"]


def test_a_named_zone_is_that_of_moments_without_one(tmp_path: Path) -> None:
    told = GOOD | {"registered_at": "2023-05-13 12:17:04"}
    ((_, row),), _ = read_file(write(tmp_path / "queue.csv", [told]), NOW, ZoneInfo("Asia/Almaty"))

    assert row.registered_at == datetime(2023, 5, 13, 6, 17, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "child_id,serial\n",
        ",".join([*COLUMNS, "iin"]) + "\n",
        ",".join([*COLUMNS, "serial"]) + "\n",
        "",
    ],
)
def test_a_file_with_other_columns_is_refused_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "queue.csv").write_text(text, encoding="utf-8")

    with pytest.raises(Unreadable):
        read_file(tmp_path / "queue.csv", NOW)


def test_what_is_neither_utf8_nor_a_workbook_is_refused_whole(tmp_path: Path) -> None:
    for name in ("queue.csv", "queue.xlsx"):
        (tmp_path / name).write_bytes(b"\xff\xfe\x00bad")
        with pytest.raises(Unreadable):
            read_file(tmp_path / name, NOW)
    with pytest.raises(Unreadable):
        read_file(tmp_path / "absent.xlsx", NOW)


def workbook(path: Path, rows: Sequence[Sequence[str | float]]) -> Path:
    """The least that is an XLSX: one sheet, texts inline, numbers as numbers."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    lines = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{rel}">'
        '<sheets><sheet name="Queue" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def test_a_workbook_is_read_as_the_same_rows_as_a_file_of_text(tmp_path: Path) -> None:
    told = [GOOD | {"child_id": str(uuid4()), "serial": str(n)} for n in (7, 8)] + [GOOD | {"category": "FLYING"}]
    numbers: list[list[str | float]] = [
        [float(row["serial"]) if name == "serial" else row.get(name, "") for name in COLUMNS] for row in told
    ]

    text = read_file(write(tmp_path / "queue.csv", told), NOW)
    book = read_file(workbook(tmp_path / "queue.xlsx", [list(COLUMNS), *numbers]), NOW)

    assert book == text
    assert (len(book[0]), [line for line, _ in book[1]]) == (2, [4])
    assert book[0][0][1].birth_date == date(2021, 3, 8)


def test_no_application_number_is_made_that_does_not_fit_its_form() -> None:
    assert application_number(2026, 9_999_999) == "KDDO.2026.9999999.1"
    with pytest.raises(NumbersUsedUp):
        application_number(2026, 10_000_000)
