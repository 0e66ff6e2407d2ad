"""The page of statuses and the steps between them."""

import typer

from services.queue.domain.statuses import page


def statuses_command(own: typer.Typer) -> None:
    """`statuses` writes `docs/statuses.md`."""

    @own.command("statuses")
    def statuses() -> None:
        """The page of statuses and steps: `python -m services.queue statuses > docs/statuses.md`."""
        typer.echo(page(), nl=False)
