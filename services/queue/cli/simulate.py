"""The log of decisions, exported and replayed under other rules: for the department only, it speaks of applications."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from services.queue.cli.importing import OpenOffice
from services.queue.cli.window import POLICIES, rules_of_profile
from services.queue.domain.simulation import AfterWindow, Got, LogRow, OtherRules, Outcome, simulated
from services.queue.usecases.desk import Rules, rules_on
from services.queue.usecases.exporting import log_of_stream, streams

_ROW = TypeAdapter(LogRow)


def simulate_commands(own: typer.Typer, open_office: OpenOffice) -> None:
    """Adds `export-log` and `simulate`."""

    @own.command("export-log")
    def export_log(stream: Annotated[str | None, typer.Option(help="only this stream")] = None) -> None:
        """Prints the decisions of every stream as lines of JSON, for `simulate`. They name applications: keep them in."""

        async def run() -> None:
            async with open_office() as (desk, _):
                for stream_id in [stream] if stream else await streams(desk):
                    for row in await log_of_stream(desk, stream_id):
                        typer.echo(json.dumps({"stream_id": stream_id} | _written(row)))

        asyncio.run(run())

    @own.command("simulate")
    def simulate(
        log: Annotated[Path, typer.Argument(help="what export-log printed")],
        policy: Annotated[str, typer.Option(help="the profile to replay it under")],
        policies: Annotated[Path, typer.Option(help="the folder of profiles")] = POLICIES,
        everybody: Annotated[bool, typer.Option(help="also those for whom nothing changes")] = False,
    ) -> None:
        """Who would have got what under another policy, one line of JSON for each application; the sums go to stderr."""
        try:
            rules = other_rules(rules_of_profile(policies, policy))
            by_stream = read_log(log)
            outcomes = [(stream, each) for stream, rows in by_stream.items() for each in simulated(rows, rules)]
        except (OSError, LookupError, ValueError) as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
        for stream, outcome in outcomes:
            if everybody or changed(outcome):
                typer.echo(json.dumps(_told(stream, outcome)))
        sums = Counter(_verdict(outcome) for _, outcome in outcomes)
        typer.echo(json.dumps({"policy": policy, "applications": len(outcomes)} | dict(sorted(sums.items()))), err=True)


def other_rules(all_rules: tuple[Rules, ...]) -> OtherRules:
    """A profile as the replay asks it. A log older than its first version is replayed under that one."""

    def on(moment: datetime) -> Rules:
        try:
            return rules_on(all_rules, moment)
        except LookupError:
            return all_rules[0] if all_rules[0].calendar.local_day(moment) < all_rules[0].since else all_rules[-1]

    def opening(deadline: datetime) -> datetime:
        rules = on(deadline)
        return rules.calendar.next_opening(deadline, rules.publish_time, working_days_only=False)

    return OtherRules(
        deadline=lambda moment: on(moment).window(moment).deadline,
        opening=opening,
        after_window=lambda moment: AfterWindow(on(moment).own.after_window),
    )


def read_log(file: Path) -> dict[str, list[LogRow]]:
    """The rows of each stream; ValueError names the line that cannot be read, never what stood in it."""
    found: dict[str, list[LogRow]] = {}
    for number, line in enumerate(_lines(file), start=1):
        try:
            raw = json.loads(line)
            found.setdefault(raw.pop("stream_id"), []).append(_ROW.validate_python(raw))
        except (ValidationError, json.JSONDecodeError, KeyError, AttributeError) as error:
            raise ValueError(f"line {number} is not a row of a log") from error
    return found


def changed(outcome: Outcome) -> bool:
    """Whether the other rules would have given something else: a place or none, or by another right."""
    return _verdict(outcome) != "same"


def _verdict(outcome: Outcome) -> str:
    logged, other = outcome.logged, outcome.simulated
    if (logged is None) != (other is None):
        return "lost" if other is None else "gained"
    if logged is not None and other is not None and logged.mode is not other.mode:
        return "other_mode"
    return "same"


def _told(stream_id: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "stream_id": stream_id,
        "application_id": outcome.application_id,
        "outcome": _verdict(outcome),
        "logged": _got(outcome.logged),
        "simulated": _got(outcome.simulated),
    }


def _got(got: Got | None) -> dict[str, str] | None:
    return {"mode": got.mode.value, "at": _moment(got.at)} if got else None


def _written(row: LogRow) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(_ROW.dump_json(row))
    return {name: value for name, value in told.items() if value is not None and (name != "n" or value)}


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as lines:
        yield from (line for line in lines if line.strip())


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
