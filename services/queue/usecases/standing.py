"""The order in memory: built from the collections when a process starts, then kept up by its own writes and by what it
follows. What is shown is answered from it; what is decided (whom to invite) reads the stream from the collections first.

A process that has not built it (a command) reads the one stream it is asked about.
"""

import gc
from collections.abc import Iterable
from datetime import date

from contracts import queue
from services.chassis.kafka import Subjects
from services.queue.domain.application import Application
from services.queue.domain.order import Position
from services.queue.domain.words import LIVE, ApplicationId, StreamId
from services.queue.store import Reading

TOPICS = (queue.ApplicationFact.topic, queue.StreamFact.topic)


async def position(reading: Reading, application: Application, today: date) -> Position | None:
    """Where an application stands; None when it has no number (R19).

    One that is live and not known here as such was written elsewhere a moment ago: it is read.
    """
    standing = reading.standing
    if not standing.is_whole:
        await read_stream(reading, application.stream_id)
    known = standing.position(application.application_id, today)
    if known is None and application.status in LIVE:
        await read(reading, [application.application_id])
        known = standing.position(application.application_id, today)
    return known


async def build(reading: Reading, today: date) -> None:
    """Reads all that is live, once, a few fields of each."""
    standing = reading.standing
    standing.turn_to(today)
    gc.disable()  # all of it stays, so there is nothing to be found
    try:
        await _read_all(reading)
    finally:
        gc.enable()
    gc.freeze()  # what lives as long as the process need not be looked through again and again


async def _read_all(reading: Reading) -> None:
    standing = reading.standing
    async for rows in reading.live_rows():
        standing.gather(rows)
    standing.settle()
    async for streams in reading.turns_used({}):
        for told in streams:
            standing.hear_turns(*told)
    standing.finish()


async def hear(reading: Reading, subjects: Subjects) -> None:
    """Some applications and streams have changed: they are read as they are now."""
    await read(reading, [ApplicationId(each) for each in subjects.get(queue.ApplicationFact.topic, ())])
    changed = sorted(subjects.get(queue.StreamFact.topic, ()))
    if changed:
        await _read_turns(reading, [StreamId(each) for each in changed])


async def read(reading: Reading, application_ids: Iterable[ApplicationId]) -> None:
    """Reads applications, whatever their status."""
    wanted = sorted(application_ids)
    if not wanted:
        return
    async for rows in reading.rows({"_id": {"$in": wanted}}):
        for row in rows:
            reading.standing.hear(row)


async def read_stream(reading: Reading, stream_id: StreamId) -> None:
    """Reads a stream as it is now: who is live in it, whoever was thought to be, and its turns."""
    standing = reading.standing
    live: set[ApplicationId] = set()
    async for rows in reading.live_rows(stream_id):
        for row in rows:
            standing.hear(row)
            live.add(row.application_id)
    await read(reading, standing.in_stream(stream_id) - live)
    await _read_turns(reading, [stream_id])


async def _read_turns(reading: Reading, stream_ids: list[StreamId]) -> None:
    async for streams in reading.turns_used({"_id": {"$in": stream_ids}}):
        for told in streams:
            reading.standing.hear_turns(*told)
