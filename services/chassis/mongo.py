"""The only place that speaks to MongoDB's driver (Motor): the connection, the collections and their indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo import WriteConcern
from pymongo.read_concern import ReadConcern

from services.chassis.aggregates import AggregateReads, Aggregates, Document, Written
from services.chassis.records import Counters, Projections, Records

T = TypeVar("T")
Collection = AsyncIOMotorCollection[Document]


@dataclass(frozen=True, slots=True)
class Index:
    """An index a service needs; `partial` limits it to documents where a filter holds."""

    collection: str
    keys: tuple[str, ...]
    name: str
    unique: bool = False
    partial: Mapping[str, Any] | None = None


class Database:
    """The one database of a service."""

    def __init__(self, client: "AsyncIOMotorClient[Document]", name: str, service: str, written: Written) -> None:
        options: CodecOptions[Document] = CodecOptions(tz_aware=True)
        self._client = client
        self._service = service
        self._written = written
        self._database: AsyncIOMotorDatabase[Document] = client.get_database(
            name,
            codec_options=options,
            write_concern=WriteConcern("majority", j=True),
            read_concern=ReadConcern("majority"),
        )

    def aggregates(self, collection: str, kind: type[T]) -> Aggregates[T]:
        """A collection of aggregates."""
        return Aggregates(self._database[collection], kind, self._service, self._written)

    def reads(self, collection: str, kind: type[T]) -> AggregateReads[T]:
        """The same collection for whoever only asks: nothing can be written through it."""
        return AggregateReads(self._database[collection], kind)

    def projections(self, collection: str) -> Projections:
        """A collection of what is known of others."""
        return Projections(self._database[collection])

    def records(self, collection: str) -> Records:
        """A collection of records that never change."""
        return Records(self._database[collection])

    def counters(self, collection: str) -> Counters:
        """A collection of counters."""
        return Counters(self._database[collection])

    async def ensure(self, indexes: Sequence[Index]) -> None:
        """Creates the indexes that are missing."""
        for index in indexes:
            options: Document = {"name": index.name, "unique": index.unique}
            if index.partial is not None:
                options["partialFilterExpression"] = dict(index.partial)
            await self._database[index.collection].create_index([(key, 1) for key in index.keys], **options)

    async def ping(self) -> None:
        """Raises when the engine does not answer."""
        await self._database.command("ping")

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()


def open_database(url: str, name: str, service: str, written: Written) -> Database:
    """A database handle; nothing is connected before the first use."""
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
        url, retryWrites=False, serverSelectionTimeoutMS=4000, socketTimeoutMS=8000, tz_aware=True
    )
    return Database(client, name, service, written)
