"""The chained log of reads. An entry's id is its place in the chain, so two writers cannot take the same place."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from services.auth.domain.access_log import Entry, Read, chained
from services.auth.domain.ids import ChildId
from services.chassis.codec import from_document, to_document
from services.chassis.errors import AlreadyExists
from services.chassis.mongo import Database, Index

READ_INDEX = "one_entry_per_read"
INDEXES = (
    Index("access_log", ("read_id",), READ_INDEX, unique=True),
    Index("access_log", ("child_ids", "at"), "access_log_child_by_time"),
)

_SHOWN = 500
_PAGE = 500


class AccessLogReads:
    """The collection `access_log` for whoever only asks: one chain for each service that reports reads."""

    def __init__(self, database: Database) -> None:
        self._records = database.records("access_log")

    async def at(self, service: str, number: int) -> Entry | None:
        """The entry at a place of a chain."""
        return _entry(await self._records.get(_place(service, number)))

    async def chain(self, service: str) -> AsyncIterator[Entry]:
        """Every entry of a chain by its place, also beyond a place that is empty."""
        beyond = _place(service, 0)
        while page := await self._records.find(
            {"_id": {"$gt": beyond, "$lt": _behind(service)}}, limit=_PAGE, sort=[("_id", 1)]
        ):
            for document in page:
                yield from_document(Entry, document)
            beyond = page[-1]["_id"]

    async def of_child(self, child_id: ChildId) -> list[Entry]:
        """Who looked at the child's record, latest first; of a great many the latest."""
        found = await self._records.find({"child_ids": child_id}, limit=_SHOWN, sort=[("at", -1)])
        return [from_document(Entry, one) for one in found]


class AccessLog(AccessLogReads):
    """The same collection for whoever also writes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._last: dict[str, Entry] = {}

    async def append(self, read: Read) -> bool:
        """Puts a read at the end of its chain; False when it stands there already."""
        while True:
            entry = chained(read, await self._end(read.service))
            try:
                if await self._records.add(_place(entry.service, entry.number), to_document(entry)):
                    self._last[entry.service] = entry
                    return True
            except AlreadyExists:
                return False

    async def _end(self, service: str) -> Entry | None:
        """The last entry: from the one known on, in doubling steps, then by halving. Places have no gaps."""
        last = self._last.get(service)
        reached, step = (last.number if last else 0), 1
        while (further := await self.at(service, reached + step)) is not None:
            last, reached, step = further, reached + step, step * 2
        while step > 1:
            step //= 2
            if (further := await self.at(service, reached + step)) is not None:
                last, reached = further, reached + step
        if last is not None:
            self._last[service] = last
        return last


def _place(service: str, number: int) -> str:
    return f"{service}:{number:012d}"


def _behind(service: str) -> str:
    """What comes after every place of a chain: the next sign after the colon."""
    return f"{service};"


def _entry(document: Mapping[str, Any] | None) -> Entry | None:
    return None if document is None else from_document(Entry, document)
