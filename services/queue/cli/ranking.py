"""`rank`: applications of one stream, one JSON object a line, put in order by the functions the service answers with.

Needs no server and no settings. A file with a bad row is not ranked at all: a number of a list with a hole would be wrong.
"""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, NoReturn

import typer
from pydantic import ValidationError

from services.chassis.policy import load_policies
from services.queue.domain.order import Position
from services.queue.domain.ranking import PHASES, Ranked, ranking
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status
from services.queue.settings import PolicyFolder, QueuePolicy

FIELDS = ("application_id", "serial", "registered_at", "right", "confirmed", "status")
SERIAL_MAX = (1 << 63) - 1
TOLD_AT_MOST = 100


class BadRow(Exception):
    """A line cannot be ranked: a stable code and a sentence that repeats nothing of the line."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code


def ranking_command(own: typer.Typer) -> None:
    """Adds `rank`."""

    @own.command("rank")
    def rank(
        policy: Annotated[str, typer.Option(help="the profile of rules, such as almaty")],
        phase: Annotated[int, typer.Option(help="turns used (p, g): 0 (0,0), 1 (1,0), 2 (1,1), 3 (1,2)")] = 0,
    ) -> None:
        """Reads applications of one stream from standard input and prints one JSON line for each, in order.

        Fields: application_id, serial, registered_at (with its zone), right (extraordinary, priority, general), confirmed,
        status. Who does not stand in the queue has no number and comes last. Ends with 1 when a row is bad, with 2 when
        it is asked wrongly.
        """
        _check(policy, phase)
        rows, wrong = read(sys.stdin.buffer)
        for line, bad in wrong[:TOLD_AT_MOST]:
            typer.echo(f"line {line}: {bad}", err=True)
        if wrong:
            typer.echo(f"{len(wrong)} bad rows of {len(wrong) + len(rows)}; nothing was ranked", err=True)
            raise typer.Exit(1)
        for application_id, position in ranking(rows, phase):
            sys.stdout.write(json.dumps(answer(application_id, position), ensure_ascii=False) + "\n")


def answer(application_id: ApplicationId, position: Position | None) -> dict[str, object]:
    """One line: the number, the number within the privilege (0 for none), and between which numbers the turns move it."""
    return {
        "application_id": application_id,
        "number": position.number if position else None,
        "number_in_privilege": position.number_in_privilege if position else 0,
        "range": [position.lowest, position.highest] if position else None,
    }


def read(lines: Iterable[bytes]) -> tuple[list[Ranked], list[tuple[int, BadRow]]]:
    """The rows that can be ranked and what is wrong with the others, each with its line; empty lines are passed over."""
    rows: list[Ranked] = []
    wrong: list[tuple[int, BadRow]] = []
    known: set[ApplicationId] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = read_row(line)
            if row.application_id in known:
                raise BadRow("DUPLICATE_APPLICATION", "an earlier line has the same application_id")  # noqa: TRY301
        except BadRow as bad:
            wrong.append((number, bad))
        else:
            known.add(row.application_id)
            rows.append(row)
    return rows, wrong


def read_row(line: bytes) -> Ranked:
    """One line; BadRow says what is wrong with it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadRow("NOT_JSON", "the line is not JSON in UTF-8") from error
    if not isinstance(row, dict):
        raise BadRow("NOT_AN_OBJECT", "the line is not a JSON object")
    missing = [name for name in FIELDS if name not in row]
    if missing:
        raise BadRow("FIELD_MISSING", ", ".join(missing))
    return Ranked(
        application_id=_id(row["application_id"]),
        serial=_serial(row["serial"]),
        registered_at=_moment(row["registered_at"]),
        right=_right(row["right"]),
        confirmed=_confirmed(row["confirmed"]),
        status=_status(row["status"]),
    )


def _id(value: Any) -> ApplicationId:
    if not isinstance(value, str) or not value.strip():
        raise BadRow("BAD_APPLICATION_ID", "application_id is a text that is not empty")
    return ApplicationId(value)


def _serial(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= SERIAL_MAX:
        raise BadRow("BAD_SERIAL", "serial is a whole number, not below 0")
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadRow("BAD_REGISTERED_AT", "registered_at is written 2021-05-13T12:17:04+06:00") from error
    if moment.tzinfo is None:
        raise BadRow("NO_TIME_ZONE", "registered_at has no time zone")
    return moment


def _right(value: Any) -> PrivilegeClass:
    if not isinstance(value, str) or value.upper() not in PrivilegeClass.__members__:
        raise BadRow("BAD_RIGHT", "right is extraordinary, priority or general")
    return PrivilegeClass[value.upper()]


def _confirmed(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRow("BAD_CONFIRMED", "confirmed is true or false")
    return value


def _status(value: Any) -> Status:
    if not isinstance(value, str) or value.upper() not in Status.__members__:
        raise BadRow("BAD_STATUS", f"status is one of {', '.join(Status)}")
    return Status[value.upper()]


def _check(policy: str, phase: int) -> None:
    if not 0 <= phase < len(PHASES):
        _refuse(f"UNKNOWN_PHASE: phase is one of {', '.join(map(str, range(len(PHASES))))}")
    folder = PolicyFolder().policy_dir
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if policy not in known:
        _refuse(f"UNKNOWN_POLICY: there are {', '.join(known)}")
    try:
        load_policies(folder, policy, "queue", QueuePolicy)
    except ValidationError as error:
        names = {".".join(map(str, each["loc"])) for each in error.errors()}
        _refuse(f"BAD_POLICY: {', '.join(sorted(names))}")


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)
