"""What an officer does when the second count has disagreed: count again, and let invitations go on."""

import asyncio

import typer

from services.queue.cli.importing import OpenOffice
from services.queue.domain.halt import Halt
from services.queue.usecases import recount, standing


def order_commands(own: typer.Typer, open_office: OpenOffice) -> None:
    """Adds `recount` and `resume-invitations`."""

    @own.command("recount")
    def recount_now() -> None:
        """Counts the order of every stream twice, as every night. Ends with 1 when the two disagree, and stops invitations."""

        async def run() -> tuple[str, ...]:
            async with open_office() as (desk, now):
                await standing.build(desk.reading, desk.today(now))
                return await recount.of_the_city(desk, now)

        wrong = asyncio.run(run())
        for stream_id in wrong:
            typer.echo(f"{stream_id}: the two counts disagree")
        typer.echo(f"{len(wrong)} streams disagree; invitations are stopped" if wrong else "the two counts agree")
        raise typer.Exit(1 if wrong else 0)

    @own.command("resume-invitations")
    def resume_invitations() -> None:
        """Lets invitations go on after a disagreement; streams that have tokens look at once whose turn it is."""

        async def run() -> Halt | None:
            async with open_office() as (desk, now):
                return await recount.resume(desk, now)

        halt = asyncio.run(run())
        if halt is None:
            typer.echo("invitations were not stopped; streams that have tokens look again whose turn it is")
        else:
            typer.echo(f"invitations go on; they were stopped for {len(halt.stream_ids)} streams")
