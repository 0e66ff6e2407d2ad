"""The nightly recount: the whole order is counted a second time in another way, and must be what is shown.

A disagreement stops invitations until an officer lets them go on; windows, holds and the numbers shown go on meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from enum import Enum, auto

import structlog
from prometheus_client import CollectorRegistry, Gauge

from services.chassis.aggregates import Document, Stored, retry_stale
from services.queue.domain.halt import Halt, halted, resumed
from services.queue.domain.recount import Found, Witness, recounted
from services.queue.domain.standing import Standing
from services.queue.domain.words import LIVE, ApplicationId, StreamId
from services.queue.usecases import standing
from services.queue.usecases.desk import Desk

log = structlog.get_logger("recount")

ONE = "order"
LOOKS = 5
PAUSE_SECONDS = 0.3
PAGE = 500
FIELDS = ("registered_at", "serial", "status", "privilege")


async def of_the_city(desk: Desk, now: datetime) -> tuple[StreamId, ...]:
    """The streams whose order is another by the second count; when there are any, invitations stop."""
    today = desk.today(now)
    wrong = tuple([stream_id for stream_id in await _streams(desk) if not await _agrees(desk, stream_id, today)])
    if wrong:
        await _halt(desk, wrong, now)
        log.error("queue.order.disagrees", streams=len(wrong), stream_ids=list(wrong[:20]))
    else:
        log.info("queue.order.agrees", applications=len(desk.reading.standing))
    return wrong


async def is_halted(desk: Desk) -> bool:
    """Whether nobody may be invited now."""
    stored = await _known(desk)
    return stored is not None and stored.state.is_on


async def resume(desk: Desk, now: datetime) -> Halt | None:
    """Invitations go on: every stream that has tokens looks at once whose turn it is. None when nothing was stopped.

    The streams look in either case, so that what was broken off after the end of the halt is finished by its repeat.
    """
    ended = await _end(desk, now)
    after = ""
    while page := await desk.store.streams.find(
        {"_id": {"$gt": after}, "available": {"$gt": 0}}, limit=PAGE, sort=[("_id", 1)]
    ):
        for stream in page:
            await _look_now(desk, StreamId(stream.id), now)
        after = page[-1].id
    return ended


def figure(desk: Desk, registry: CollectorRegistry) -> Callable[[], Awaitable[None]]:
    """How many streams stand counted wrong while invitations are stopped; 0 when they are not. Whoever is on duty is woken
    by this."""
    gauge = Gauge("queue_order_disagreements", "streams whose second count disagrees", registry=registry)

    async def refresh() -> None:
        stored = await _known(desk)
        gauge.set(len(stored.state.stream_ids) if stored is not None and stored.state.is_on else 0)

    return refresh


class _Look(Enum):
    """What a look at a stream finds. UNEQUAL: the memory knows another version than was read, so nothing can be said."""

    SAME = auto()
    DIFFERENT = auto()
    UNEQUAL = auto()


async def _agrees(desk: Desk, stream_id: StreamId, today: date) -> bool:
    """What differs is read anew and looked at again: a memory that hears late is not wrong. What stays different at equal
    versions is a disagreement."""
    found = _Look.UNEQUAL
    for look in range(LOOKS):
        await asyncio.sleep(PAUSE_SECONDS * look)
        found = await _look(desk, stream_id, today)
        if found is _Look.SAME:
            return True
        await standing.read_stream(desk.reading, stream_id)
    if found is _Look.UNEQUAL:
        log.warning("queue.order.not_compared", stream_id=stream_id)
    return found is not _Look.DIFFERENT


async def _look(desk: Desk, stream_id: StreamId, today: date) -> _Look:
    stream = await desk.reading.streams.get(stream_id)
    p, g = (stream.state.turns.priority, stream.state.turns.general) if stream else (0, 0)
    ratio = stream.state.turns.per_priority if stream else 3
    live = {"stream_id": stream_id, "status": {"$in": sorted(LIVE)}}
    read = [each async for page in desk.reading.applications.pages(live, FIELDS) for each in page]
    found = await asyncio.to_thread(recounted, map(_witness, read), p, g, today, ratio=ratio)
    known = desk.reading.standing
    if _shows(known, stream_id, found, today):
        return _Look.SAME
    versions = {ApplicationId(each["_id"]): int(each["version"]) for each in read}
    gone = sorted(known.in_stream(stream_id) - versions.keys())
    async for rows in desk.reading.rows({"_id": {"$in": gone}}):
        versions |= {row.application_id: row.version for row in rows}
    is_equal = known.turns_version(stream_id) == (stream.version if stream else 0)
    is_equal = is_equal and all(known.version(each) == version for each, version in versions.items())
    return _Look.DIFFERENT if is_equal else _Look.UNEQUAL


def _shows(known: Standing, stream_id: StreamId, found: Sequence[Found], today: date) -> bool:
    """Whether the memory gives everybody of a stream the same numbers as the second count, and has nobody else."""
    if len(found) != len(known.in_stream(stream_id)):
        return False
    for each in found:
        shown = known.position(ApplicationId(each.application_id), today)
        if shown is None or (shown.number, shown.number_in_privilege) != (each.number, each.number_in_privilege):
            return False
    return True


def _witness(document: Document) -> Witness:
    right = document.get("privilege") or {}
    confirmed_on, valid_until = right.get("confirmed_on"), right.get("valid_until")
    return Witness(
        document["_id"],
        document["registered_at"],
        document["serial"],
        document["status"],
        right.get("rank"),
        date.fromisoformat(confirmed_on) if confirmed_on else None,
        date.fromisoformat(valid_until) if valid_until else None,
    )


async def _streams(desk: Desk) -> Sequence[StreamId]:
    """Of what is shown and of what is stored, so that a stream which is missing here is seen to be."""
    stored = await desk.reading.stream_ids()
    return sorted({*desk.reading.standing.streams(), *stored})


async def _known(desk: Desk) -> Stored[Halt] | None:
    return await desk.store.halts.get(ONE)


@retry_stale
async def _halt(desk: Desk, wrong: tuple[StreamId, ...], now: datetime) -> None:
    stored = await _known(desk)
    await desk.store.halts.keep(ONE, stored, halted(stored.state if stored else None, wrong, now), at=now)


@retry_stale
async def _end(desk: Desk, now: datetime) -> Halt | None:
    stored = await _known(desk)
    if stored is None or not stored.state.is_on:
        return None
    return (await desk.store.halts.save(stored, resumed(stored.state, now), at=now)).state


@retry_stale
async def _look_now(desk: Desk, stream_id: StreamId, now: datetime) -> None:
    stored = await desk.store.streams.get(stream_id)
    if stored is not None and stored.state.available > 0:
        await desk.store.streams.save(stored, stored.state, at=now, due=now)
