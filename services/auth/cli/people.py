"""Commands about persons: guardians taken over from the register, a person erased."""

import csv
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

import typer

from services.auth.cli.roles import IinFile
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import ErasureReason
from services.auth.domain.refusals import Refusal
from services.auth.store import Store
from services.auth.usecases.erasing import erase_by_iin
from services.auth.usecases.registering import OPTIONAL, REQUIRED, Outcome, Pair, pairs, register

T = TypeVar("T")

_COLUMNS = f"CSV with the columns {', '.join(REQUIRED)}; may have {', '.join(OPTIONAL)}"
_FAULTY = 1


class Runs(Protocol):
    """Runs one act on the connected collections."""

    def run(self, act: Callable[[Store, datetime], Awaitable[T]]) -> T:
        """The act's answer."""


def register_commands(own: typer.Typer, runner: Runs) -> None:
    """Adds the commands."""

    @own.command("import-guardians")
    def import_guardians(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_COLUMNS)],
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="say what would become of each row; write nothing")
        ] = False,
    ) -> None:
        """Links guardians to children that are known, and prints `row,outcome` for each row.

        A faulty row changes nothing and does not keep the others; ends with 1 when there is one. Doing it again changes
        nothing.
        """
        rows = _read(file)

        async def act(store: Store, now: datetime) -> list[Outcome]:
            return [await register(store, pair, now, dry=dry_run) for pair in rows]

        outcomes = runner.run(act)
        typer.echo("row,outcome")
        for pair, outcome in zip(rows, outcomes, strict=True):
            typer.echo(f"{pair.row},{outcome}")
        raise typer.Exit(0 if all(outcome.taken for outcome in outcomes) else _FAULTY)

    @own.command("erase")
    def erase(
        iin_file: IinFile, reason: Annotated[ErasureReason, typer.Option(help="why", case_sensitive=False)]
    ) -> None:
        """Destroys the key of a person, so that nothing which names the person can be opened; there is no way back."""

        async def act(store: Store, now: datetime) -> str:
            return await erase_by_iin(store, parse_iin(iin_file.read().strip()), reason, now)

        try:
            typer.echo(f"{runner.run(act)} erased")
        except Refusal as refusal:
            typer.echo(refusal.code, err=True)
            raise typer.Exit(_FAULTY) from None


def _read(file: Path) -> list[Pair]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = csv.DictReader(text)
            missing = [name for name in REQUIRED if name not in set(lines.fieldnames or ())]
            if not missing:
                return list(pairs(lines))
    except (UnicodeDecodeError, csv.Error):
        typer.echo("the file is not a CSV in UTF-8", err=True)
        raise typer.Exit(_FAULTY) from None
    typer.echo(f"these columns are missing: {', '.join(missing)}", err=True)
    raise typer.Exit(_FAULTY)
