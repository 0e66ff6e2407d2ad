"""What is shown of the decision log: to a family why its number changed and its own rows with their proofs; to everybody
the closed days and the files published with them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.queue.domain.application import Application
from services.queue.domain.ledger.causes import Explanation, explained
from services.queue.domain.ledger.days import CHUNK, Day, Proof, path_of, row_fields
from services.queue.domain.ledger.decisions import Decision, replayed
from services.queue.domain.ledger.forecast import Band, forecast
from services.queue.domain.refusals import NoSuchApplication, NoSuchSpan, NotPublished
from services.queue.domain.words import ApplicationId, PersonId, StreamId
from services.queue.usecases.asking import seen_by
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger import log
from services.queue.usecases.ledger.closing import as_day, file_name, last_day

DAYS_LIMIT = 100_000
_DIGEST = 64
"""Characters of a digest in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Why:
    """The causes between two moments, and when the turn may come."""

    application: Application
    explanation: Explanation
    band: Band | None
    rules: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """A row as its family is given it; without a proof until its day is closed."""

    row: dict[str, Any]
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Published:
    """A file of the day that was closed last."""

    day: str
    name: str
    stream_id: StreamId
    text: str


async def application_of(desk: Desk, person_id: PersonId | None, application_id: ApplicationId) -> Application:
    """An application of the person's child, or for staff (None) any; Refused: NO_SUCH_APPLICATION."""
    if person_id is not None:
        return (await seen_by(desk.reading, person_id, application_id)).state
    stored = await desk.reading.applications.get(application_id)
    if stored is None:
        raise NoSuchApplication
    return stored.state


async def why(
    desk: Desk, application: Application, span: tuple[datetime | None, datetime | None], now: datetime
) -> Why:
    """Why the number changed, from when it entered unless told otherwise, until now.

    Refused: NO_SUCH_SPAN when it would end before it begins, or begins in the future.
    """
    rows = await log.of_stream(desk, application.stream_id)
    entered = [row.at for row in rows if row.application_id == application.application_id]
    since = span[0] or min([*entered, now])
    until = min(span[1] or now, now)
    if since > until:
        raise NoSuchSpan
    told = explained(rows, application.application_id, since, until)
    number = replayed(rows, application.application_id).number
    rules = desk.rules(now)
    band = forecast(rows, number, now, rules.calendar.local_day(now)) if number else None
    return Why(application, told, band, rules.version)


async def own_rows(desk: Desk, application_id: ApplicationId) -> list[OwnRow]:
    """The rows about an application, each with the proof that it stands in a closed day."""
    rows = await log.about(desk, application_id)
    return [OwnRow(_told(row), await _proof(desk, row)) for row in rows]


async def days(desk: Desk, since: str) -> list[Day]:
    """The closed days from one on, in their order."""
    found = await desk.store.ledger.find({"kind": "day", "day": {"$gte": since}}, limit=DAYS_LIMIT, sort=[("day", 1)])
    return [as_day(each) for each in found]


async def manifest_of(desk: Desk, day: str) -> str:
    """The list of the files of a closed day; NOT_PUBLISHED when there is none."""
    kept = await desk.store.ledger.get(f"manifest:{day}") if await desk.store.ledger.get(f"day:{day}") else None
    if kept is None:
        raise NotPublished
    return str(kept["text"])


async def published(desk: Desk, kind: str) -> list[Published]:
    """All files of a kind of the day closed last."""
    day = await last_day(desk)
    if day is None:
        return []
    kept = await desk.store.ledger.find({"kind": kind, "day": day.day}, limit=DAYS_LIMIT, sort=[("stream_id", 1)])
    return [_published(each) for each in kept]


async def one_published(desk: Desk, kind: str, stream_id: StreamId) -> Published:
    """The file of a stream; NOT_PUBLISHED also where the stream has too few, so that nothing tells which it is."""
    day = await last_day(desk)
    kept = await desk.store.ledger.get(f"{kind}:{day.day}:{stream_id}") if day else None
    if kept is None:
        raise NotPublished
    return _published(kept)


def _published(kept: dict[str, Any]) -> Published:
    stream_id = StreamId(kept["stream_id"])
    return Published(kept["day"], file_name(kept["kind"], stream_id), stream_id, kept["text"])


def _told(row: Decision) -> dict[str, Any]:
    return {name: value for name, value in row_fields(row).items() if value is not None}


async def _proof(desk: Desk, row: Decision) -> Proof | None:
    within = {"$lte": row.sequence}
    span = {"kind": "span", "stream_id": row.stream_id, "first": within, "last": {"$gte": row.sequence}}
    for found in await desk.store.ledger.find(span, limit=1):
        day = await desk.store.ledger.get(f"day:{found['day']}")
        tree = await desk.store.ledger.get(f"tree:{found['day']}")
        index = found["offset"] + row.sequence - found["first"]
        leaves = await desk.store.ledger.get(f"leaves:{found['day']}:{index // CHUNK}")
        if day is not None and tree is not None and leaves is not None:
            path = path_of(index, _digests(leaves["leaves"]), _digests(tree["heads"]))
            return Proof(day["day"], index, day["size"], path)
    return None


def _digests(text: str) -> list[bytes]:
    return [bytes.fromhex(text[at : at + _DIGEST]) for at in range(0, len(text), _DIGEST)]
