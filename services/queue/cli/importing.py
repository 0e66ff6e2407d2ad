"""Takes over the queue that was kept elsewhere before: `import-queue FILE`."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from services.queue.cli.rows import OPTIONAL, REQUIRED, read_row
from services.queue.cli.sheets import Unreadable, read_sheet
from services.queue.cli.wrongs import Invalid
from services.queue.domain.refusals import Refusal
from services.queue.usecases import filing
from services.queue.usecases.desk import Desk
from services.queue.usecases.filing import OldRow

AT_ONCE = 16
ENTERED, KNOWN = "entered", "here already"

Rows = list[tuple[int, OldRow]]
Report = Callable[[int, str], None]
OpenOffice = Callable[[], AbstractAsyncContextManager[tuple[Desk, datetime]]]
"""Connects the collections and says what time it is."""


def import_command(own: typer.Typer, open_office: OpenOffice, now: Callable[[], datetime]) -> None:
    """Adds `import-queue`."""

    @own.command("import-queue")
    def import_queue(
        file: Annotated[
            Path,
            typer.Argument(
                help=f"CSV in UTF-8, or the first sheet of an XLSX; columns {', '.join(REQUIRED)}; "
                f"may have {', '.join(OPTIONAL)}"
            ),
        ],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="only read and check the rows")] = False,
        zone: Annotated[str, typer.Option(help="of moments that have none, such as Asia/Almaty")] = "",
    ) -> None:
        """Takes over a queue with its old dates, serials and numbers. A row that is here already changes nothing, so
        what was broken off is finished by running it again."""
        try:
            rows, bad = read_file(file, now(), _zone(zone))
        except Unreadable as error:
            raise typer.BadParameter(str(error)) from error
        for line, why in bad:
            typer.echo(f"line {line}: invalid: {why}")
        if dry_run:
            for total in totals(rows, {}, {}):
                typer.echo(total)
            typer.echo(f"{len(rows)} rows are well-formed, {len(bad)} are not; nothing was written")
            raise typer.Exit(1 if bad else 0)
        agree, refused = asyncio.run(_run(open_office, rows, len(bad)))
        raise typer.Exit(1 if refused or bad or not agree else 0)


async def _run(open_office: OpenOffice, rows: Rows, bad: int) -> tuple[bool, int]:
    outcomes: dict[int, str] = {}

    def tell(line: int, how: str) -> None:
        outcomes[line] = how
        typer.echo(f"line {line}: {how}")

    async with open_office() as (desk, at):
        entered, known, refused = await take_over(desk, rows, at, tell)
        found = await stands_of(desk, rows)
    for total in totals(rows, outcomes, found):
        typer.echo(total)
    agree = sum(found.values()) == entered + known
    typer.echo("the totals agree" if agree else "THE TOTALS DO NOT AGREE: run it again, and look who else writes")
    typer.echo(f"{entered} entered, {known} were here already, {refused} refused, {bad} invalid")
    return agree, refused


async def take_over(desk: Desk, rows: Rows, now: datetime, report: Report) -> tuple[int, int, int]:
    """Enters the rows and reports each: (entered, known, refused).

    Some at a time, but of two rows that claim the same child or number the earlier line comes first. A row is one
    document and so is entered whole or not at all.
    """
    await filing.counted_past(desk, [row for _, row in rows])
    gate = asyncio.Semaphore(AT_ONCE)

    async def enter(row: OldRow, rivals: list[asyncio.Task[str]]) -> str:
        if rivals:
            await asyncio.wait(rivals)
        async with gate:
            try:
                return ENTERED if await filing.take_over(desk, row, now) else KNOWN
            except Refusal as refusal:
                return f"refused: {refusal.code}: {refusal.detail}"

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
    refused = sum(each.startswith("refused") for each in outcomes)
    return outcomes.count(ENTERED), outcomes.count(KNOWN), refused


async def stands_of(desk: Desk, rows: Rows) -> dict[int, bool]:
    """Which of the rows, by their lines, stand in the books now."""
    found: set[str] = set()
    ids = {line: filing.id_of(row) for line, row in rows}
    wanted = sorted(set(ids.values()))
    for at in range(0, len(wanted), 1000):
        some = wanted[at : at + 1000]
        found.update(await desk.store.applications.ids({"_id": {"$in": some}}, limit=len(some)))
    return {line: id in found for line, id in ids.items()}


def totals(rows: Rows, outcomes: dict[int, str], found: dict[int, bool]) -> list[str]:
    """A line for each stream: how many rows the file has of it, and what became of them."""
    lines: dict[str, Counter[str]] = {}
    for line, row in rows:
        category = row.category.value if row.category else "ANY"
        stream = f"{row.region}:{row.queue_type.value.lower()}:{category}:{row.birth_date.year}"
        counted = lines.setdefault(stream, Counter())
        counted["rows"] += 1
        counted["removed"] += row.removed_at is not None
        counted[outcomes.get(line, "").partition(":")[0]] += 1
        counted["found"] += found.get(line, False)
    return [
        f"{stream}: {each['rows']} rows, {each['removed']} of them removed"
        + (
            f"; {each[ENTERED]} entered, {each[KNOWN]} here already, {each['refused']} refused; {each['found']} here now"
            if outcomes
            else ""
        )
        for stream, each in sorted(lines.items())
    ]


def read_file(file: Path, now: datetime, zone: tzinfo | None = None) -> tuple[Rows, list[tuple[int, str]]]:
    """The rows that can be read, and what is wrong with the others; each with its line."""
    rows: Rows = []
    bad: list[tuple[int, str]] = []
    for line, cells in read_sheet(file, REQUIRED, OPTIONAL):
        try:
            rows.append((line, read_row(cells, now, zone)))
        except Invalid as invalid:
            bad.append((line, str(invalid)))
    return rows, bad


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise typer.BadParameter("there is no such time zone") from error
