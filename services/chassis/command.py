"""The command line that every service has: without a command it serves; `announce` and `redrive` are for operators."""

import asyncio
from collections.abc import Callable
from typing import Annotated

import typer
import uvicorn

from services.chassis.redrive import redrive
from services.chassis.service import Frame, Parts, announce, build

Compose = Callable[[Frame], Parts]


def command_line(frame: Callable[[], Frame], compose: Compose, own: typer.Typer | None = None) -> typer.Typer:
    """The commands of a service; `own` adds what its operators have besides."""
    app = own or typer.Typer()

    @app.callback(invoke_without_command=True)
    def serve(context: typer.Context) -> None:
        """Serves until it is stopped."""
        if context.invoked_subcommand is None:
            running = frame()
            uvicorn.run(
                build(running, compose(running)),
                host=running.settings.host,
                port=running.settings.port,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=10,
            )

    @app.command("announce")
    def announce_all() -> None:
        """States the aggregates that others follow again, for new subscribers and rebuilt projections."""
        running = frame()
        parts = compose(running)

        async def run() -> int:
            async with running.acting(parts):
                return await announce(running, parts)

        typer.echo(f"{asyncio.run(run())} aggregates stated")

    @app.command("redrive")
    def redrive_dead(
        topic: Annotated[str, typer.Argument(help="the topic the dead letters came from")],
        limit: Annotated[int, typer.Option(help="at most so many")] = 1000,
    ) -> None:
        """Handles dead letters of a topic once more."""
        running = frame()
        parts = compose(running)

        async def run() -> tuple[int, int]:
            async with running.acting(parts):
                return await redrive(running, parts, topic, limit)

        handled, failed = asyncio.run(run())
        typer.echo(f"{handled} handled, {failed} failed again and stay dead letters")
        raise typer.Exit(1 if failed else 0)

    return app
