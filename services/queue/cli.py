"""What an operator can do besides: take over the queue that was kept elsewhere before."""

import asyncio
import csv
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer

from services.queue.domain.application import Privilege
from services.queue.domain.refusals import Refusal
from services.queue.domain.words import (
    Category,
    ChildId,
    PersonId,
    PrivilegeClass,
    PrivilegeKind,
    QueueType,
)
from services.queue.usecases import filing
from services.queue.usecases.desk import Desk

AT_ONCE = 16
REQUIRED = ("child_id", "birth_date", "region", "queue_type", "category", "registered_at", "serial")
OPTIONAL = (
    "applicant_id",
    "privilege_class",
    "privilege_confirmed_until",
    "application_number",
    "service_centre_number",
    "egov_number",
)

Report = Callable[[int, str], None]
T = TypeVar("T")

OpenOffice = Callable[[], AbstractAsyncContextManager[tuple[Desk, datetime]]]
"""Connects the collections and says what time it is."""


def commands(open_office: OpenOffice, now: Callable[[], datetime]) -> typer.Typer:
    """The commands of this service."""
    own = typer.Typer(add_completion=False)

    @own.command("import-queue")
    def import_queue(
        file: Annotated[
            Path, typer.Argument(help=f"CSV; columns {', '.join(REQUIRED)}; may have {', '.join(OPTIONAL)}")
        ],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="only read and check the rows")] = False,
    ) -> None:
        """Takes over a queue with its old dates, serials and numbers. A row that is here already changes nothing."""
        rows, bad = read_file(file, now())
        for line, why in bad:
            typer.echo(f"line {line}: invalid: {why}")
        if dry_run:
            typer.echo(f"{len(rows)} rows are well-formed, {len(bad)} are not; nothing was written")
            raise typer.Exit(1 if bad else 0)

        async def run() -> tuple[int, int, int]:
            async with open_office() as (desk, at):
                return await take_over(desk, rows, at, lambda line, how: typer.echo(f"line {line}: {how}"))

        entered, known, refused = asyncio.run(run())
        typer.echo(f"{entered} entered, {known} were here already, {refused} refused, {len(bad)} invalid")
        raise typer.Exit(1 if refused or bad else 0)

    return own


async def take_over(
    desk: Desk, rows: list[tuple[int, filing.OldRow]], now: datetime, report: Report
) -> tuple[int, int, int]:
    """Enters the rows and reports each: (entered, known, refused).

    Some at a time, but of two rows that claim the same child or number the earlier line comes first.
    """
    await filing.counted_past(desk, [row for _, row in rows])
    gate = asyncio.Semaphore(AT_ONCE)

    async def enter(row: filing.OldRow, rivals: list[asyncio.Task[str]]) -> str:
        if rivals:
            await asyncio.wait(rivals)
        async with gate:
            try:
                return "entered" if await filing.take_over(desk, row, now) else "here already"
            except Refusal as refusal:
                return f"refused: {refusal.code}"

    latest: dict[str, asyncio.Task[str]] = {}
    tasks = []
    for _, row in rows:
        claims = [claim for claim in (row.child_id, row.application_number) if claim]
        task = asyncio.create_task(enter(row, [latest[claim] for claim in claims if claim in latest]))
        latest.update(dict.fromkeys(claims, task))
        tasks.append(task)
    outcomes = await asyncio.gather(*tasks)
    for (line, _), outcome in zip(rows, outcomes, strict=True):
        report(line, outcome)
    return (
        outcomes.count("entered"),
        outcomes.count("here already"),
        sum(each.startswith("refused") for each in outcomes),
    )


def read_file(file: Path, now: datetime) -> tuple[list[tuple[int, filing.OldRow]], list[tuple[int, str]]]:
    """The rows that can be read, and what is wrong with the others; each with its line."""
    rows: list[tuple[int, filing.OldRow]] = []
    bad: list[tuple[int, str]] = []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = set(REQUIRED) - set(reader.fieldnames or ())
        if missing:
            raise typer.BadParameter(f"columns are missing: {', '.join(sorted(missing))}")
        for cells in reader:
            try:
                rows.append((reader.line_num, read_row(cells, now)))
            except _Invalid as invalid:
                bad.append((reader.line_num, str(invalid)))
    return rows, bad


class _Invalid(Exception):
    """A cell cannot be read; says which, never what stood in it."""


def read_row(cells: dict[str, str], now: datetime) -> filing.OldRow:
    """One line of the file; `registered_at` with its zone and not after `now`, an empty category only where the queue
    has none."""
    registered_at = _cell(cells, "registered_at", lambda text: _moment(text, now))
    privilege_class = _optional(cells, "privilege_class", PrivilegeClass)
    return filing.OldRow(
        child_id=ChildId(str(_cell(cells, "child_id", UUID))),
        filed_by=_optional(cells, "applicant_id", lambda text: PersonId(str(UUID(text)))),
        birth_date=_cell(cells, "birth_date", date.fromisoformat),
        region=_cell(cells, "region", _region),
        queue_type=_cell(cells, "queue_type", QueueType),
        category=_optional(cells, "category", Category),
        privilege=_privilege(cells, privilege_class, registered_at),
        registered_at=registered_at,
        serial=_cell(cells, "serial", _serial),
        application_number=_optional(cells, "application_number", _number),
        service_centre_number=_optional(cells, "service_centre_number", _request),
        egov_number=_optional(cells, "egov_number", _request),
    )


def _privilege(cells: dict[str, str], rank: PrivilegeClass | None, registered_at: datetime) -> Privilege | None:
    """A privilege without the last day of its confirmation is claimed, not confirmed, and ranks as general (R17)."""
    until = _optional(cells, "privilege_confirmed_until", date.fromisoformat)
    if rank is None or rank is PrivilegeClass.GENERAL:
        return None
    confirmed_on = registered_at.date() if until else None
    return Privilege(kind=PrivilegeKind[rank.name], rank=rank, confirmed_on=confirmed_on, valid_until=until)


def _cell(cells: dict[str, str], name: str, read: Callable[[str], T]) -> T:
    try:
        return read((cells.get(name) or "").strip())
    except ValueError as error:
        raise _Invalid(name) from error


def _optional(cells: dict[str, str], name: str, read: Callable[[str], T]) -> T | None:
    return _cell(cells, name, read) if (cells.get(name) or "").strip() else None


def _moment(text: str, now: datetime) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    if moment > now:
        raise ValueError("in the future")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _region(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z-]{1,30}", text):
        raise ValueError("not a region")
    return text


def _number(text: str) -> str:
    if not re.fullmatch(r"KDDO\.20\d{2}\.\d{1,7}\.\d{1,3}", text):
        raise ValueError("not an application number")
    return text


def _request(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}", text):
        raise ValueError("not the number of a request")
    return text


def _serial(text: str) -> int:
    serial = int(text)
    if not 1 <= serial <= 9_999_999:
        raise ValueError("out of range")
    return serial
