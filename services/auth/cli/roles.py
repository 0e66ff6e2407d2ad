"""Commands about roles: the first officer, roles given by an operator, the table of who may ask what."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Protocol

import typer

from services.auth.domain.authorisation import matrix
from services.auth.domain.duties import role_named
from services.auth.domain.ids import OrganisationId
from services.auth.domain.iin import parse_iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import Refusal
from services.auth.store import Store
from services.auth.usecases import people, roles

IinFile = Annotated[typer.FileText, typer.Option(help="file with the person's IIN, or - for standard input")]
"""The IIN is not an argument: command lines are seen by others."""


class Runs(Protocol):
    """Runs one act on the connected collections."""

    def run(self, act: Callable[[Store, datetime], Awaitable[str]]) -> str:
        """The act's answer."""


def register(own: typer.Typer, runner: Runs) -> None:
    """Adds the commands."""

    @own.command("grant-first-officer")
    def grant_first_officer(iin_file: IinFile) -> None:
        """Gives the city its first officer and prints the person's id; once there is one, roles are given by officers."""

        async def act(store: Store, now: datetime) -> str:
            return (await roles.grant_first_officer(store, parse_iin(iin_file.read().strip()), now)).person_id

        typer.echo(_answered(runner, act))

    @own.command("grant-role")
    def grant_role(
        role: Annotated[str, typer.Argument(help="manager, preschool, clerk, officer, auditor or support")],
        iin_file: IinFile,
        organisation: Annotated[str | None, typer.Option(help="id of the preschool, for manager and preschool")] = None,
    ) -> None:
        """Gives a person a role and prints the person's id: for setting up, before officers do it in the cabinet."""

        async def act(store: Store, now: datetime) -> str:
            granted, iin = role_named(role), parse_iin(iin_file.read().strip())
            person_id = await people.recognised(store, Identity(iin, "", ""), now)
            held_in = OrganisationId(organisation) if organisation else None
            return (await roles.grant(store, person_id, granted, held_in, now)).person_id

        typer.echo(_answered(runner, act))

    @own.command("authorisation-matrix")
    def authorisation_matrix() -> None:
        """Prints who may ask what, as docs/authorisation.md holds it."""
        typer.echo(matrix(), nl=False)


def _answered(runner: Runs, act: Callable[[Store, datetime], Awaitable[str]]) -> str:
    try:
        return runner.run(act)
    except Refusal as refusal:
        typer.echo(refusal.code, err=True)
        raise typer.Exit(1) from None
