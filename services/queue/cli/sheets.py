"""A file of rows, CSV or XLSX, as cells of text with the line each stands in."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MORE = "\0more"
"""Under this name stand cells that have no column."""


class Unreadable(Exception):
    """The file as a whole cannot be taken; nothing of it was."""


def read_sheet(file: Path, required: Sequence[str], optional: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the heading; of a workbook those of its first sheet. Unreadable when the columns are not right.

    A column that is not known is refused and not passed over: it could hold what must not be in such a file.
    """
    lines = _workbook(file) if file.suffix.lower() == ".xlsx" else _text(file)
    _, heading = next(lines, (0, []))
    names = [name.strip() for name in heading]
    while names and not names[-1]:
        names.pop()
    missing, unknown = set(required) - set(names), set(names) - {*required, *optional}
    if missing:
        raise Unreadable(f"columns are missing: {', '.join(sorted(missing))}")
    if unknown:
        raise Unreadable("there are columns of other names than " + ", ".join([*required, *optional]))
    if len(set(names)) != len(names):
        raise Unreadable("two columns have the same name")
    for number, cells in lines:
        if any(cells):
            rest = {MORE: "yes"} if any(cells[len(names) :]) else {}
            yield number, dict(zip(names, cells, strict=False)) | rest


def _text(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines)
            for cells in reader:
                yield reader.line_num, cells
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("the file is not CSV in UTF-8") from error


def _workbook(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with CalamineWorkbook.from_path(file) as book:
            sheet = book.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("the file is not a workbook that can be read") from error
    for number, cells in enumerate(rows, start=1):
        yield number, [_written(cell) for cell in cells]


def _written(cell: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)
