"""Commands of an operator, and of outsiders who verify what they have been given."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from contracts import SERVICES
from services.auth.cli import card, people, roles, verify
from services.auth.settings import AuthSettings
from services.auth.store import Store
from services.auth.store.secrets import make_secrets, make_vault_key
from services.auth.usecases import access, rotation
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
    _about_keys(own, runner)
    people.register_commands(own, runner)
    roles.register(own, runner)
    verify.register(own)
    card.register(own)
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


def _about_keys(own: typer.Typer, runner: Runner) -> None:
    @own.command("make-secrets")
    def make_all_secrets() -> None:
        """Makes the keys that are missing in the secrets folder; keys that exist are never touched."""
        for made in make_secrets(AuthSettings().secrets_dir):
            typer.echo(f"{made} made")

    @own.command("make-vault-key")
    def make_new_vault_key() -> None:
        """Makes a newer key of the vault. Give it to every process of auth, start them again, then `rotate-keys`."""
        typer.echo(f"{make_vault_key(AuthSettings().secrets_dir)} made")

    @own.command("rotate-keys")
    def rotate_keys() -> None:
        """Seals everything anew with the newest key of the vault; after it, older keys open nothing but backups."""
        for collection, count in runner.run(rotation.rotate).items():
            typer.echo(f"{collection}: {count} sealed anew")


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
