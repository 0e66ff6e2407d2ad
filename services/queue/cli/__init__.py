"""What an operator or an outsider can do besides: take over the old queue, check the ledger."""

from collections.abc import Callable
from datetime import datetime

import typer

from services.queue.cli.importing import OpenOffice, import_command, take_over
from services.queue.cli.ledger import ledger_command
from services.queue.cli.order import order_commands
from services.queue.cli.ranking import ranking_command
from services.queue.cli.simulate import simulate_commands
from services.queue.cli.statuses import statuses_command
from services.queue.cli.window import window_command

__all__ = ["OpenOffice", "commands", "take_over"]


def commands(open_office: OpenOffice, now: Callable[[], datetime]) -> typer.Typer:
    """The commands of this service."""
    own = typer.Typer(add_completion=False)
    import_command(own, open_office, now)
    ledger_command(own, open_office)
    window_command(own)
    simulate_commands(own, open_office)
    order_commands(own, open_office)
    ranking_command(own)
    statuses_command(own)
    return own
