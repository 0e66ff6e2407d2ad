"""A day of the ledger is closed in the night that follows it, once, however many replicas try.

First an unchangeable plan says up to which row of every stream the day goes; everything after it follows from the plan,
so whoever stops half-way is finished by whoever comes next. A row written later belongs to the next day.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from services.queue.domain.application import privilege_class
from services.queue.domain.ledger import merkle
from services.queue.domain.ledger.anonymity import (
    PROTOCOL_COLUMNS,
    PROTOCOL_LEVELS,
    QUEUE_COLUMNS,
    QUEUE_LEVELS,
    Cell,
    anonymised,
    day_of,
    manifest,
    table,
)
from services.queue.domain.ledger.days import BEGINNING, CHUNK, Day, closed, leaf_of
from services.queue.domain.order import in_order
from services.queue.domain.words import PrivilegeClass, StreamId
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger import log, protocol

AFTER_MIDNIGHT = timedelta(minutes=10)
KEPT_DAYS = 7
"""So long published files can be fetched; what they were is in their day's list for good."""
PAGE = 1000


async def close_yesterday(desk: Desk, now: datetime) -> Day | None:
    """Closes the day before, if it is over and not closed; the closed day, or None when there is nothing to do."""
    day = desk.today(now - AFTER_MIDNIGHT) - timedelta(days=1)
    last = await last_day(desk)
    if last is not None and last.day >= day.isoformat():
        return None
    return await close(desk, day, last, now)


async def last_day(desk: Desk) -> Day | None:
    """The day that was closed last."""
    found = await desk.store.ledger.find({"kind": "day"}, limit=1, sort=[("day", -1)])
    return as_day(found[0]) if found else None


async def close(desk: Desk, day: date, last: Day | None, now: datetime) -> Day:
    """Closes a day after the one closed last."""
    name = day.isoformat()
    ends = await _plan(desk, name, now)
    begins = await ends_of(desk, last)
    size, heads = await _plant(desk, name, begins, ends)
    files = await _publish(desk, name, list(ends), now)
    listed = await _listed(desk, name, manifest(files))
    head = closed(name, size, merkle.root(heads), listed, last.chain if last else BEGINNING)
    heads_text = "".join(each.hex() for each in heads)
    await desk.store.ledger.add(f"tree:{name}", {"kind": "tree", "day": name, "heads": heads_text})
    await desk.store.ledger.add(f"day:{name}", {"kind": "day"} | asdict(head))
    await _forget(desk, day)
    return head


def as_day(record: Mapping[str, Any]) -> Day:
    """A closed day as it is kept."""
    return Day(**{field: record[field] for field in ("day", "size", "root", "manifest", "previous", "chain")})


async def _plan(desk: Desk, day: str, now: datetime) -> dict[StreamId, int]:
    """Up to which row each stream goes into the day; the first plan stays."""
    kept = await desk.store.ledger.get(f"plan:{day}")
    if kept is None:
        found = await log.streams(desk)
        for stream_id in found:
            await log.settle(desk, stream_id, now)
        ends = [[stream_id, await log.last_number(desk, stream_id)] for stream_id in found]
        await desk.store.ledger.add(f"plan:{day}", {"kind": "plan", "day": day, "ends": ends})
        kept = await desk.store.ledger.get(f"plan:{day}") or {"ends": ends}
    return {StreamId(stream_id): number for stream_id, number in kept["ends"]}


async def ends_of(desk: Desk, last: Day | None) -> dict[StreamId, int]:
    """Up to which row of each stream a closed day goes."""
    kept = await desk.store.ledger.get(f"plan:{last.day}") if last else None
    return {StreamId(stream_id): number for stream_id, number in (kept or {"ends": []})["ends"]}


async def _plant(
    desk: Desk, day: str, begins: Mapping[StreamId, int], ends: Mapping[StreamId, int]
) -> tuple[int, list[bytes]]:
    """Keeps the leaves of a day by chunks and where each stream's rows stand among them: (how many, heads of chunks)."""
    size, heads, chunk = 0, list[bytes](), list[bytes]()

    async def keep() -> None:
        text = "".join(each.hex() for each in chunk)
        await desk.store.ledger.add(f"leaves:{day}:{len(heads)}", {"kind": "leaves", "day": day, "leaves": text})
        heads.append(merkle.root(chunk))
        chunk.clear()

    for stream_id, first, last in _spans(begins, ends):
        span = {"kind": "span", "day": day, "stream_id": stream_id, "first": first, "last": last, "offset": size}
        await desk.store.ledger.add(f"span:{day}:{stream_id}", span)
        size += last - first + 1
    async for leaf in leaves_between(desk, begins, ends):
        chunk.append(leaf)
        if len(chunk) == CHUNK:
            await keep()
    if chunk:
        await keep()
    return size, heads


def _spans(begins: Mapping[StreamId, int], ends: Mapping[StreamId, int]) -> list[tuple[StreamId, int, int]]:
    """First and last row of each stream that has any in between."""
    spans = [(stream_id, begins.get(stream_id, 0) + 1, end) for stream_id, end in ends.items()]
    return [span for span in spans if span[1] <= span[2]]


async def leaves_between(
    desk: Desk, begins: Mapping[StreamId, int], ends: Mapping[StreamId, int]
) -> AsyncIterator[bytes]:
    """The leaves of the rows after one day's ends up to another's, in the order of their tree."""
    for stream_id, first, last in _spans(begins, ends):
        for begin in range(first, last + 1, PAGE):
            for row in await log.between(desk, stream_id, begin, min(last, begin + PAGE - 1)):
                yield leaf_of(row)


async def _publish(desk: Desk, day: str, found: list[StreamId], now: datetime) -> list[tuple[str, str]]:
    """The files of a day, each kept as it was first written; a stream of too few is in none."""
    k = desk.rules(now).own.public_cell
    files = []
    for stream_id in found:
        issued, children = await protocol.of_stream(desk, stream_id)
        tables = {
            "queue": table(QUEUE_COLUMNS, anonymised(await _line(desk, stream_id, now), QUEUE_LEVELS, k)),
            "protocol": table(PROTOCOL_COLUMNS, anonymised(issued, PROTOCOL_LEVELS, k, children)),
        }
        for kind, text in tables.items():
            if not has_rows(text):
                continue
            id = f"{kind}:{day}:{stream_id}"
            await desk.store.ledger.add(id, {"kind": kind, "day": day, "stream_id": stream_id, "text": text})
            kept = await desk.store.ledger.get(id)
            if kept is not None:
                files.append((file_name(kind, stream_id), kept["text"]))
    return files


def file_name(kind: str, stream_id: StreamId) -> str:
    """How a published file is named in the list of its day."""
    return f"{kind}-{stream_id.replace(':', '-')}.csv"


def has_rows(text: str) -> bool:
    """Whether a table has more than its heading."""
    return text.count("\n") > 1


async def _line(desk: Desk, stream_id: StreamId, now: datetime) -> list[Cell]:
    """The stream from its first to its last, as cells."""
    today = desk.today(now)
    classes: dict[PrivilegeClass, list[Cell]] = {each: [] for each in PrivilegeClass}
    for stored in await desk.store.live_in(stream_id):
        privilege, state = privilege_class(stored.state, today), stored.state
        cell = (privilege.value, state.status.value, day_of(desk.today(state.registered_at)))
        classes[privilege].append(cell)
    first, second, third = classes.values()
    return list(in_order(first, second, third, await desk.store.turns(stream_id)))


async def _listed(desk: Desk, day: str, found: bytes) -> bytes:
    """The list of a day's files; the first that was written stays."""
    await desk.store.ledger.add(f"manifest:{day}", {"kind": "manifest", "day": day, "text": found.decode()})
    kept = await desk.store.ledger.get(f"manifest:{day}")
    return str(kept["text"]).encode() if kept else found


async def _forget(desk: Desk, day: date) -> None:
    old = {"kind": {"$in": ["queue", "protocol"]}, "day": {"$lt": (day - timedelta(days=KEPT_DAYS)).isoformat()}}
    for each in await desk.store.ledger.find(old, limit=PAGE):
        await desk.store.ledger.remove(each["_id"])
