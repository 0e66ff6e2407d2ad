"""Checks the ledger: what was published, by the files alone, or that this service's own log still leads to it."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from services.queue.cli.importing import OpenOffice
from services.queue.domain.ledger.days import Day, Proof, proves, unbroken
from services.queue.usecases.ledger import checking


def ledger_command(own: typer.Typer, open_office: OpenOffice) -> None:
    """Adds `verify-ledger`."""

    @own.command("verify-ledger")
    def verify_ledger(
        ledger: Annotated[Path | None, typer.Argument(help="what the door /public/ledger answered")] = None,
        proof: Annotated[Path | None, typer.Option(help="what /applications/{id}/ledger answered the family")] = None,
    ) -> None:
        """Without a file: recomputes every closed day from the own log. With files: needs no server and no settings.

        Outsiders take examples/verifier, written apart from this; both must agree. Ends with 1 when something is wrong.
        """
        wrong = asyncio.run(_own(open_office)) if ledger is None else _published(ledger, proof)
        for each in wrong:
            typer.echo(f"WRONG: {each}")
        typer.echo("something is wrong" if wrong else "all is well")
        raise typer.Exit(1 if wrong else 0)


async def _own(open_office: OpenOffice) -> list[str]:
    async with open_office() as (desk, _):
        return await checking.wrong_days(desk)


def _published(ledger: Path, proof: Path | None) -> list[str]:
    try:
        days = {each["day"]: Day(**each) for each in _json(ledger)["days"]}
        wrong = [] if unbroken(list(days.values())) else ["the days are not chained"]
        for each in _json(proof)["rows"] if proof else ():
            if each["proof"] is None:
                continue
            told = Proof(**(each["proof"] | {"path": tuple(each["proof"]["path"])}))
            if told.day not in days or not proves(days[told.day], each["row"], told):
                wrong.append(f"row {each['row'].get('sequence')} is not in the ledger as it is shown here")
    except (KeyError, TypeError, AttributeError, ValueError):
        return ["a file is not of the expected form"]
    return wrong


def _json(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8")))
