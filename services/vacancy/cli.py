"""What an operator can do besides: enter the city's preschools and their free places from files."""

import asyncio
import csv
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from contracts import fields
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.refusals import Refusal
from services.vacancy.domain.words import Language, OrganisationId, PlaceId, PlaceType, StreamId
from services.vacancy.usecases import entering
from services.vacancy.usecases.desk import Desk

ORGANISATION_COLUMNS = (
    "organisation_id",
    "name_kk",
    "name_ru",
    "bin",
    "kind_kk",
    "kind_ru",
    "address_kk",
    "address_ru",
    "district",
)
PLACE_COLUMNS = ("place_id", "organisation_id", "stream_id", "language")

T = TypeVar("T")
Cells = dict[str, str]
Enter = Callable[[Desk, Cells, datetime], Awaitable[bool]]
OpenOffice = Callable[[], AbstractAsyncContextManager[tuple[Desk, datetime]]]
"""Connects the collections and says what time it is."""


class Invalid(Exception):
    """A cell cannot be read; says which."""


def commands(open_office: OpenOffice) -> typer.Typer:
    """The commands of this service."""
    own = typer.Typer(add_completion=False)

    @own.command("import-organisations")
    def import_organisations(
        file: Annotated[Path, typer.Argument(help=f"CSV; columns {', '.join(ORGANISATION_COLUMNS)}")],
    ) -> None:
        """Enters preschools. Besides the columns named: phones (separated by ;), website, latitude, longitude."""
        _import(open_office, file, ORGANISATION_COLUMNS, _enter_organisation, "organisations")

    @own.command("import-places")
    def import_places(
        file: Annotated[Path, typer.Argument(help=f"CSV; columns {', '.join(PLACE_COLUMNS)}; may have place_type")],
    ) -> None:
        """Enters free places: they are published at the next opening hour of a working day."""
        _import(open_office, file, PLACE_COLUMNS, _enter_place, "places")

    return own


def _import(open_office: OpenOffice, file: Path, columns: tuple[str, ...], enter: Enter, what: str) -> None:
    """Rows that are here already change nothing; a row that cannot be read or is refused is named by its line."""
    rows = list(_rows(file, columns))

    async def run() -> tuple[int, int, int]:
        entered = known = bad = 0
        async with open_office() as (desk, now):
            for line, cells in rows:
                try:
                    fresh = await enter(desk, cells, now)
                except (Invalid, Refusal) as error:
                    typer.echo(f"line {line}: {getattr(error, 'code', f'invalid: {error}')}")
                    bad += 1
                else:
                    entered, known = entered + fresh, known + (not fresh)
        return entered, known, bad

    entered, known, bad = asyncio.run(run())
    typer.echo(f"{entered} {what} entered, {known} were here already, {bad} not taken")
    raise typer.Exit(1 if bad else 0)


def _rows(file: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Cells]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            raise typer.BadParameter(f"columns are missing: {', '.join(sorted(missing))}")
        for cells in reader:
            yield reader.line_num, {name: (value or "").strip() for name, value in cells.items() if name}


async def _enter_organisation(desk: Desk, cells: Cells, now: datetime) -> bool:
    texts = {name: _cell(cells, name, _text) for name in ORGANISATION_COLUMNS[1:] if name != "bin"}
    organisation = Organisation(
        organisation_id=OrganisationId(str(_cell(cells, "organisation_id", UUID))),
        bin=_cell(cells, "bin", _bin),
        phones=tuple(phone.strip() for phone in cells.get("phones", "").split(";") if phone.strip()),
        website=cells.get("website") or None,
        latitude=_cell(cells, "latitude", float) if cells.get("latitude") else None,
        longitude=_cell(cells, "longitude", float) if cells.get("longitude") else None,
        **texts,
    )
    return await entering.register_organisation(desk, organisation, now)


async def _enter_place(desk: Desk, cells: Cells, now: datetime) -> bool:
    stream_id, group_year = _cell(cells, "stream_id", _stream)
    place = Place(
        place_id=PlaceId(str(_cell(cells, "place_id", UUID))),
        organisation_id=OrganisationId(str(_cell(cells, "organisation_id", UUID))),
        stream_id=stream_id,
        group_year=group_year,
        language=_cell(cells, "language", Language),
        place_type=_cell(cells, "place_type", PlaceType) if cells.get("place_type") else PlaceType.GENERAL_USE,
        entered_at=now,
    )
    return await entering.enter_place(desk, place, now)


def _cell(cells: Cells, name: str, read: Callable[[str], T]) -> T:
    try:
        return read(cells.get(name, ""))
    except ValueError as error:
        raise Invalid(name) from error


def _text(text: str) -> str:
    if not text:
        raise ValueError("empty")
    return text


def _bin(text: str) -> str:
    if not re.fullmatch(r"\d{12}", text):
        raise ValueError("not twelve digits")
    return text


def _stream(text: str) -> tuple[StreamId, int]:
    if not re.fullmatch(fields.STREAM, text):
        raise ValueError("not a stream")
    return StreamId(text), int(text[-4:])
