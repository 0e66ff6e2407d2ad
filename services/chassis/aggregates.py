"""One aggregate is one document; every write is one atomic update that expects the version it was decided on.

A state, its new version and the facts it says are written together, without transactions, on a sharded cluster and on an
engine that has none alike.
"""

import asyncio
import functools
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from pymongo.errors import ConnectionFailure, DuplicateKeyError, OperationFailure

from contracts.envelope import Fact
from services.chassis import outbox
from services.chassis.codec import field_names, from_document, to_document
from services.chassis.errors import MONGO_UNREACHABLE, AlreadyExists, Retry, Stale

if TYPE_CHECKING:
    from services.chassis.mongo import Collection

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")
Document = dict[str, Any]
Written = Callable[[str, str], None]

STALE_ATTEMPTS = 12
WRITE_CONFLICT = 112
PAGE = 2000
_INDEX = re.compile(r"index: (\S+) dup key|Index '([^']+)'")


@dataclass(frozen=True, slots=True)
class Stored(Generic[T]):
    """An aggregate as it was loaded: its state and what a write must expect."""

    id: str
    version: int
    sequence: int
    state: T


class AggregateReads(Generic[T]):
    """A collection of aggregates that may only be read."""

    def __init__(self, collection: "Collection", kind: type[T]) -> None:
        self._collection = collection
        self._kind = kind

    @property
    def name(self) -> str:
        """The collection's name."""
        return self._collection.name

    async def get(self, id: str) -> Stored[T] | None:
        """One aggregate, or None."""
        document = await self._collection.find_one({"_id": id})
        return None if document is None else self._stored(document)

    async def find(
        self, query: Mapping[str, Any], *, limit: int, sort: Sequence[tuple[str, int]] = ()
    ) -> list[Stored[T]]:
        """At most `limit` aggregates; there is no unbounded read."""
        cursor = self._collection.find(dict(query), limit=limit)
        if sort:
            cursor = cursor.sort(list(sort))
        return [self._stored(document) async for document in cursor]

    async def ids(self, query: Mapping[str, Any], *, limit: int) -> list[str]:
        """The ids of at most `limit` aggregates."""
        cursor = self._collection.find(dict(query), {"_id": 1}, limit=limit)
        return [document["_id"] async for document in cursor]

    async def pages(
        self, query: Mapping[str, Any], fields: Sequence[str], *, size: int = PAGE
    ) -> AsyncIterator[list[Document]]:
        """All that answer the query, some fields of each as the engine gave them, a page at a time and in no order.

        For what is kept in memory of a whole collection.
        """
        wanted = dict.fromkeys(("version", *fields), 1)
        cursor = self._collection.find(dict(query), wanted, batch_size=size)
        while page := await cursor.to_list(length=size):
            yield page

    async def count(self, query: Mapping[str, Any], *, limit: int) -> int:
        """How many aggregates answer the query, counted no further than `limit`."""
        return int(await self._collection.count_documents(dict(query), limit=limit))

    def _stored(self, document: Document) -> Stored[T]:
        return Stored(
            id=document["_id"],
            version=document["version"],
            sequence=document["sequence"],
            state=from_document(self._kind, document),
        )


class Aggregates(AggregateReads[T]):
    """A collection of aggregates of one kind, with the outbox inside each document."""

    def __init__(self, collection: "Collection", kind: type[T], service: str, written: Written) -> None:
        super().__init__(collection, kind)
        self._service = service
        self._written = written
        self._told: Callable[[Stored[T]], None] | None = None

    def on_written(self, told: Callable[[Stored[T]], None]) -> None:
        """From now on `told` hears of every write of this process, before the write's caller does."""
        self._told = told

    @property
    def collection(self) -> "Collection":
        """For the relay and the scheduler, which know nothing of the state."""
        return self._collection

    async def add(
        self, id: str, state: T, *, at: datetime, facts: Sequence[Fact] = (), due: datetime | None = None
    ) -> Stored[T]:
        """A new aggregate with its first facts; AlreadyExists names the index that refused."""
        document = to_document(state) | outbox.first(self._service, self.name, id, facts, at)
        document |= {"_id": id, "version": 1} | _due(due)
        with refusals(id):
            await self._collection.insert_one(document)
        self._wake(id, facts)
        return self._tell(Stored(id, 1, len(facts), state))

    async def save(
        self, stored: Stored[T], state: T, *, at: datetime, facts: Sequence[Fact] = (), due: datetime | None = None
    ) -> Stored[T]:
        """The new state and its facts in one update of the version that was loaded; else Stale, and nothing is written."""
        document = to_document(state)
        absent = [name for name in field_names(self._kind) if name not in document] + ["due_failures"]
        if due is None:
            absent.append("due")
        update: Document = {
            "$set": document | _due(due),
            "$unset": dict.fromkeys(absent, ""),
            "$inc": {"version": 1, "sequence": len(facts), "outbox_count": len(facts)},
        }
        if facts:
            entries = outbox.entries(self._service, self.name, stored.id, stored.sequence, facts, at)
            update["$push"] = {"outbox": {"$each": entries}}
        with refusals(stored.id):
            result = await self._collection.update_one({"_id": stored.id, "version": stored.version}, update)
        if result.matched_count != 1:
            raise Stale(stored.id)
        self._wake(stored.id, facts)
        return self._tell(Stored(stored.id, stored.version + 1, stored.sequence + len(facts), state))

    async def keep(
        self,
        id: str,
        stored: Stored[T] | None,
        state: T,
        *,
        at: datetime,
        facts: Sequence[Fact] = (),
        due: datetime | None = None,
    ) -> Stored[T]:
        """Saves what was loaded, or adds what was not there; Stale when it has come to be there meanwhile."""
        if stored is not None:
            return await self.save(stored, state, at=at, facts=facts, due=due)
        try:
            return await self.add(id, state, at=at, facts=facts, due=due)
        except AlreadyExists as error:
            if error.index != "_id_":
                raise
            raise Stale(id) from error

    async def restate(self, stored: Stored[T], fact: Fact, *, at: datetime) -> bool:
        """Puts the full state into the outbox once more, under the same sequence.

        False when the aggregate has moved on, or the same statement still waits there.
        """
        entry = outbox.restated(self._service, self.name, stored.id, stored.sequence, fact, at)
        result = await self._collection.update_one(
            {"_id": stored.id, "version": stored.version, "outbox.id": {"$ne": entry["id"]}},
            {"$push": {"outbox": entry}, "$inc": {"outbox_count": 1}},
        )
        self._wake(stored.id, (fact,))
        return result.matched_count == 1

    def _tell(self, stored: Stored[T]) -> Stored[T]:
        if self._told is not None:
            self._told(stored)
        return stored

    def _wake(self, id: str, facts: Sequence[Fact]) -> None:
        if facts:
            self._written(self.name, id)


def retry_stale(use_case: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """A use case that loses a race is run again from its load; after a dozen lost races Stale reaches the caller."""

    @functools.wraps(use_case)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(STALE_ATTEMPTS):
            try:
                return await use_case(*args, **kwargs)
            except Stale:
                await asyncio.sleep(random.uniform(0, 0.005 * 2 ** min(attempt, 5)))  # noqa: S311 - spreads racers, no secret
        return await use_case(*args, **kwargs)

    return run


def _due(due: datetime | None) -> Document:
    return {} if due is None else {"due": due, "due_lease": outbox.EPOCH}


@contextmanager
def refusals(id: str) -> Iterator[None]:
    """What an engine says when it did not write: AlreadyExists for a unique value, Stale for a lost race.

    When it does not answer, whether it wrote is not known: Retry, and the repeat decides again from the load.
    """
    try:
        yield
    except DuplicateKeyError as error:
        raise AlreadyExists(index_of(error)) from error
    except OperationFailure as error:
        if lost_a_race(error):
            raise Stale(id) from error
        raise
    except ConnectionFailure as error:
        raise Retry(MONGO_UNREACHABLE) from error


def lost_a_race(error: OperationFailure) -> bool:
    """A write conflict that the engine itself has ended: MongoDB's code 112, or a broken deadlock on a unique value."""
    return error.code == WRITE_CONFLICT or "deadlock detected" in str(error)


def index_of(error: DuplicateKeyError) -> str:
    """The index's name, from the message: MongoDB writes `index: name dup key`, other engines `Index 'name'`."""
    found = _INDEX.search(str((error.details or {}).get("errmsg", error)))
    return next(name for name in found.groups() if name) if found else "unknown"
