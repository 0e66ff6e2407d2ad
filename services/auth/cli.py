"""Commands of an operator."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from contracts import SERVICES
from services.auth.domain.ids import OrganisationId
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import Identity, role_named
from services.auth.domain.refusals import Refusal
from services.auth.settings import AuthSettings
from services.auth.store import Store
from services.auth.store.secrets import make_secrets
from services.auth.usecases import access, people
from services.auth.usecases.families import OPTIONAL, REQUIRED, ListUnreadable, families
from services.auth.usecases.importing import FamilyRow, Imported, import_families

T = TypeVar("T")

OpenStore = Callable[[], AbstractAsyncContextManager[tuple[Store, datetime]]]
"""Connects the collections and says what time it is."""

_COLUMNS = f"CSV with the columns {', '.join(REQUIRED)}; may have {', '.join(OPTIONAL)}"
_IDS = "CSV to write: row, child_id, guardian_ids (separated by ;), birth_date; no IIN stands in it"


class Runner:
    """Runs one act on the connected collections and ends."""

    def __init__(self, open_store: OpenStore) -> None:
        self._open = open_store

    def run(self, act: Callable[[Store, datetime], Awaitable[T]]) -> T:
        """The act's answer."""

        async def connected() -> T:
            async with self._open() as (store, now):
                return await act(store, now)

        return asyncio.run(connected())


def commands(open_store: OpenStore) -> typer.Typer:
    """The commands of this service."""
    own, runner = typer.Typer(add_completion=False), Runner(open_store)
    _about_people(own, runner)
    _about_keeping(own, runner)
    return own


def _about_people(own: typer.Typer, runner: Runner) -> None:
    @own.command("import-people")
    def import_people(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_COLUMNS)],
        out: Annotated[Path, typer.Option(help=_IDS)],
    ) -> None:
        """Takes over children and their guardians. Doing it again changes nothing and writes the same ids."""
        try:
            rows = _read(file)
        except ListUnreadable as fault:
            typer.echo(str(fault), err=True)
            raise typer.Exit(1) from None
        imported = runner.run(lambda store, now: import_families(store, rows, now))
        _write(out, imported)
        typer.echo(f"{len(imported)} rows taken over")

    @own.command("grant-role")
    def grant_role(
        role: Annotated[str, typer.Argument(help="clerk, officer or preschool")],
        iin_file: Annotated[typer.FileText, typer.Option(help="file with the person's IIN, or - for standard input")],
        organisation: Annotated[str | None, typer.Option(help="id of the organisation the role is held in")] = None,
    ) -> None:
        """Gives a person a role and prints the person's id. The IIN is not an argument: command lines are seen by others."""
        try:
            iin, granted = parse_iin(iin_file.read().strip()), role_named(role)
        except Refusal as refusal:
            typer.echo(refusal.code, err=True)
            raise typer.Exit(1) from None

        async def act(store: Store, now: datetime) -> str:
            person_id = await people.recognised(store, Identity(iin, "", ""), now)
            held_in = OrganisationId(organisation) if organisation else None
            return (await people.grant(store, person_id, granted, held_in, now)).person_id

        typer.echo(runner.run(act))


def _about_keeping(own: typer.Typer, runner: Runner) -> None:
    @own.command("check-access-log")
    def check_access_log() -> None:
        """Walks the chains of reads; ends with 1 when an entry was changed or taken out."""

        async def act(store: Store, _: datetime) -> dict[str, tuple[int, int | None]]:
            return {service: await access.check(store, service) for service in SERVICES}

        chains = runner.run(act)
        for service, (length, break_at) in chains.items():
            typer.echo(f"{service}: {length} entries, " + ("whole" if break_at is None else f"broken at {break_at}"))
        raise typer.Exit(int(any(break_at is not None for _, break_at in chains.values())))

    @own.command("make-secrets")
    def make_all_secrets() -> None:
        """Makes the keys that are missing in the secrets folder; keys that exist are never touched."""
        for made in make_secrets(AuthSettings().secrets_dir):
            typer.echo(f"{made} made")


def _read(file: Path) -> list[FamilyRow]:
    with file.open(encoding="utf-8-sig", newline="") as text:
        lines = csv.DictReader(text)
        return list(families(lines.fieldnames or (), lines))


def _write(out: Path, imported: list[Imported]) -> None:
    with out.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["row", "child_id", "guardian_ids", "birth_date"])
        for each in imported:
            born = each.birth_date.isoformat() if each.birth_date else ""
            writer.writerow([each.row, each.child_id, ";".join(each.guardian_ids), born])
