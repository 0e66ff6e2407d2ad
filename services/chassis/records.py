"""Collections that are not aggregates: what is known of others, records that never change, counters."""

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import ReturnDocument

from services.chassis.aggregates import STALE_ATTEMPTS, Document, refusals, retry_stale
from services.chassis.errors import AlreadyExists, Stale
from services.chassis.outbox import EPOCH

if TYPE_CHECKING:
    from services.chassis.mongo import Collection


class Projections:
    """What is known of others: one document per id, one group of fields per topic, each with its own sequence."""

    def __init__(self, collection: "Collection") -> None:
        self._collection = collection

    async def put(self, id: str, group: str, sequence: int, fields: Mapping[str, Any]) -> bool:
        """Takes the group's fields when `sequence` is greater than the one known; gaps are fine, a repeat changes nothing."""
        newer = {"_id": id, f"{group}.sequence": {"$not": {"$gte": sequence}}}
        change = {"$set": {group: dict(fields) | {"sequence": sequence}}}
        for _ in range(STALE_ATTEMPTS):
            try:
                with refusals(id):
                    result = await self._collection.update_one(newer, change, upsert=True)
            except Stale:
                continue
            except AlreadyExists:
                if await self._collection.find_one({"_id": id, f"{group}.sequence": {"$gte": sequence}}, {"_id": 1}):
                    return False
                continue
            return bool(result.matched_count or result.upserted_id is not None)
        raise Stale(id)

    async def get(self, id: str) -> Document | None:
        """All groups known of an id."""
        document: Document | None = await self._collection.find_one({"_id": id})
        return document

    async def find(self, query: Mapping[str, Any], *, limit: int) -> list[Document]:
        """At most `limit` projections."""
        return [document async for document in self._collection.find(dict(query), limit=limit)]


class Records:
    """Documents that are written once and never change: sealed evidence, signed documents, log entries."""

    def __init__(self, collection: "Collection") -> None:
        self._collection = collection

    @retry_stale
    async def add(self, id: str, fields: Mapping[str, Any]) -> bool:
        """Keeps a record; False when one with this id is already there, which stays as it is."""
        try:
            with refusals(id):
                await self._collection.insert_one(dict(fields) | {"_id": id})
        except AlreadyExists as error:
            if error.index != "_id_":
                raise
            return False
        return True

    async def get(self, id: str) -> Document | None:
        """One record, or None."""
        document: Document | None = await self._collection.find_one({"_id": id})
        return document

    async def find(
        self, query: Mapping[str, Any], *, limit: int, sort: Sequence[tuple[str, int]] = ()
    ) -> list[Document]:
        """At most `limit` records."""
        cursor = self._collection.find(dict(query), limit=limit)
        if sort:
            cursor = cursor.sort(list(sort))
        return [document async for document in cursor]

    async def remove(self, id: str) -> Document | None:
        """Takes a record away and returns it: of two who ask, one gets it."""
        document: Document | None = await self._collection.find_one_and_delete({"_id": id})
        return document


class Counters:
    """Numbers that only grow: the row is inserted first, then incremented without upsert, so no two callers get one."""

    def __init__(self, collection: "Collection") -> None:
        self._collection = collection

    @retry_stale
    async def next(self, id: str, *, at: datetime) -> tuple[int, datetime]:
        """The next number and the moment it was given, which never runs behind an earlier number's moment."""
        change = {"$inc": {"serial": 1}, "$max": {"at": at}}
        after = ReturnDocument.AFTER
        document = await self._collection.find_one_and_update({"_id": id}, change, return_document=after)
        if document is None:
            with contextlib.suppress(AlreadyExists), refusals(id):
                await self._collection.insert_one({"_id": id, "serial": 0, "at": EPOCH})
            document = await self._collection.find_one_and_update({"_id": id}, change, return_document=after)
        if document is None:
            raise Stale(id)
        return int(document["serial"]), document["at"]

    async def at_least(self, id: str, serial: int, *, at: datetime) -> None:
        """Moves a counter past a number given elsewhere (an imported queue)."""
        await self._collection.update_one({"_id": id}, {"$max": {"serial": serial, "at": at}}, upsert=True)
