"""The decision log is kept by hearing the own topics: each fact is compared with the last row, and what differs is a row.

Rows of a stream are numbered without gaps: the next number is read first, then the last row about the application, then
the row is inserted under that number. Of two who do so at once one finds the number taken and looks again, so neither a
fact told twice nor a second replica writes a change twice.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from secrets import token_hex

from services.chassis.aggregates import retry_stale
from services.chassis.codec import from_document, to_document
from services.chassis.errors import Stale
from services.queue.domain.application import privilege_class
from services.queue.domain.ledger.decisions import Decision, Did, Place, replayed
from services.queue.domain.order import Turns
from services.queue.domain.words import LIVE, ApplicationId, Status, StreamId
from services.queue.usecases.desk import Desk

ROWS_LIMIT = 1_000_000
OF_ONE_LIMIT = 10_000
STREAMS_LIMIT = 100_000

Decide = Callable[[Decision], Awaitable[Decision | None]]
"""From a blank row that bears number and moment to the row to be written, or None when nothing changed."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a fact said of an application; `source` counts its facts."""

    application_id: ApplicationId
    stream_id: StreamId
    status: Status
    source: int


async def application_heard(desk: Desk, heard: Heard, at: datetime) -> None:
    """An application entered or left the order of a stream, or stands elsewhere in it, or in another stream now."""
    elsewhere: set[StreamId] = set()
    await _append(desk, heard.stream_id, at, partial(_of_fact, desk, heard, elsewhere))
    for stream_id in elsewhere:
        gone = replace(heard, stream_id=stream_id, status=Status.INACTIVE)
        await _append(desk, stream_id, at, partial(_of_fact, desk, gone, set()))


async def stream_heard(desk: Desk, stream_id: StreamId, at: datetime) -> None:
    """A turn of the stream may have been used."""

    async def decide(blank: Decision) -> Decision | None:
        turns = await desk.store.turns(stream_id)
        used = {"stream_id": stream_id, "did": Did.TURNS_USED.value}
        last = await desk.store.decisions.find(used, limit=1, sort=[("sequence", -1)])
        known = _row(last[0]).turns if last else Turns(per_priority=turns.per_priority)
        return None if turns == known else replace(blank, did=Did.TURNS_USED, turns=turns)

    await _append(desk, stream_id, at, decide)


async def settle(desk: Desk, stream_id: StreamId, at: datetime) -> None:
    """Brings the log to what stands now, for what was told by no fact."""
    known = replayed(await of_stream(desk, stream_id)).places
    live = {each.state.application_id: each for each in await desk.store.live_in(stream_id)}
    today = desk.today(at)
    for application_id, stored in live.items():
        state = stored.state
        if known.get(application_id) != Place(privilege_class(state, today), state.registered_at, state.serial):
            await application_heard(desk, Heard(application_id, stream_id, state.status, stored.sequence), at)
    for application_id in known.keys() - live.keys():
        gone = await desk.store.applications.get(application_id)
        if gone is not None:
            told = Heard(application_id, gone.state.stream_id, gone.state.status, gone.sequence)
            await application_heard(desk, told, at)
    await stream_heard(desk, stream_id, at)


async def of_stream(desk: Desk, stream_id: StreamId) -> list[Decision]:
    """The whole log of a stream."""
    found = await desk.store.decisions.find({"stream_id": stream_id}, limit=ROWS_LIMIT, sort=[("sequence", 1)])
    return [_row(each) for each in found]


async def between(desk: Desk, stream_id: StreamId, first: int, last: int) -> list[Decision]:
    """The rows of a stream from one number to another, both included."""
    numbers = {"stream_id": stream_id, "sequence": {"$gte": first, "$lte": last}}
    found = await desk.store.decisions.find(numbers, limit=last - first + 1, sort=[("sequence", 1)])
    return [_row(each) for each in found]


async def about(desk: Desk, application_id: ApplicationId) -> list[Decision]:
    """All rows about an application, in the order in which they were written."""
    return sorted(await _of_application(desk, application_id), key=lambda row: (row.at, row.source, row.sequence))


async def streams(desk: Desk) -> list[StreamId]:
    """All streams that have a log, by their names."""
    return sorted(StreamId(each["_id"]) for each in await desk.store.heads.find({}, limit=STREAMS_LIMIT))


async def last_number(desk: Desk, stream_id: StreamId) -> int:
    """How many rows the log of a stream has."""
    last = await _last(desk, stream_id)
    return last.sequence if last else 0


async def _of_fact(desk: Desk, heard: Heard, elsewhere: set[StreamId], blank: Decision) -> Decision | None:
    latest = {row.stream_id: row for row in await _of_application(desk, heard.application_id)}
    elsewhere.update(
        stream_id
        for stream_id, row in latest.items()
        if stream_id != heard.stream_id and row.did is not Did.LEFT and row.source <= heard.source
    )
    stored, last = await desk.store.applications.get(heard.application_id), latest.get(heard.stream_id)
    if stored is None or (last is not None and heard.source < last.source):
        return None
    state = stored.state
    row = replace(blank, application_id=heard.application_id, status=heard.status, source=heard.source)
    known = None if last is None or last.did is Did.LEFT else last.place
    if heard.status not in LIVE:
        return None if known is None else replace(row, did=Did.LEFT, place=known)
    place = Place(privilege_class(state, desk.today(blank.at)), state.registered_at, state.serial)
    if known is None:
        return replace(row, did=Did.ENTERED, place=place)
    if place == known:
        return None
    return replace(row, did=Did.CLASS_CHANGED if place.key == known.key else Did.CORRECTED, place=place)


@retry_stale
async def _append(desk: Desk, stream_id: StreamId, at: datetime, decide: Decide) -> None:
    last = await _last(desk, stream_id)
    number, moment = (last.sequence + 1, max(at, last.at)) if last else (1, at)
    rules = desk.rules(moment).version
    blank = Decision(stream_id=stream_id, sequence=number, at=moment, did=Did.ENTERED, rules=rules, salt=token_hex(16))
    row = await decide(blank)
    if row is None:
        return
    if number == 1:
        await desk.store.heads.put(stream_id, "head", number, {})
    if not await desk.store.decisions.add(f"{stream_id}#{number}", to_document(row)):
        raise Stale(stream_id)


async def _last(desk: Desk, stream_id: StreamId) -> Decision | None:
    found = await desk.store.decisions.find({"stream_id": stream_id}, limit=1, sort=[("sequence", -1)])
    return _row(found[0]) if found else None


async def _of_application(desk: Desk, application_id: ApplicationId) -> list[Decision]:
    about = {"application_id": application_id}
    found = await desk.store.decisions.find(about, limit=OF_ONE_LIMIT, sort=[("sequence", 1)])
    return [_row(each) for each in found]


def _row(document: dict[str, object]) -> Decision:
    return from_document(Decision, document)
