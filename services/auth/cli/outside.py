"""What the commands for outsiders share: they need no server, no settings and no secret, and print JSON.

An exit code is an answer (see each command); a question that could not be read ends with MISUSE and prints no JSON.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

MISUSE = 64
"""EX_USAGE of sysexits: the usual 2 would be taken for an answer."""

_USUAL_MISUSE = 2


class OutsidersCommand(TyperCommand):
    """A command whose wrong options end with MISUSE, and whose libraries grumble about nobody's old certificates."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """The arguments left over, as the library does it."""
        try:
            return super().parse_args(ctx, args)
        except Exception as misuse:
            if getattr(misuse, "exit_code", None) == _USUAL_MISUSE:
                misuse.exit_code = MISUSE  # type: ignore[attr-defined]
            raise

    def invoke(self, ctx: Any) -> Any:
        """The command, as the library does it; what a library warns of is either refused by us or of no account."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return super().invoke(ctx)


def misused(sentence: str) -> typer.Exit:
    """Says what is wrong with the question; to be raised."""
    typer.echo(sentence, err=True)
    return typer.Exit(MISUSE)


def printed(told: dict[str, Any]) -> None:
    """Prints an answer."""
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def shortened(file: Path, limit: int) -> bytes:
    """The file's octets, at most one more than may be read."""
    with file.open("rb") as stream:
        return stream.read(limit + 1)
