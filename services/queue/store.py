"""MongoDB: applications, streams, counters, who acts for a child, reads; and the counting that gives a number."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from services.chassis.aggregates import Aggregates, Document, Stored
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord
from services.queue.domain.appeal import Appeal, AppealState
from services.queue.domain.application import Application
from services.queue.domain.halt import Halt
from services.queue.domain.order import Turns, Waiting
from services.queue.domain.outages import Outage, Pulse
from services.queue.domain.rights import Privilege
from services.queue.domain.standing import Row, Standing
from services.queue.domain.stream import Stream
from services.queue.domain.words import (
    LIVE,
    ApplicationId,
    ChildId,
    PersonId,
    PrivilegeClass,
    PrivilegeKind,
    StreamId,
)

STREAM_LIMIT = 100_000
CHILD_LIMIT = 100
GUARDIAN_LIMIT = 100
APPEAL_LIMIT = 1000
OUTAGE_LIMIT = 1000

STANDING = "application_standing"
NUMBER = "application_number"

INDEXES = (
    Index("applications", ("standing",), STANDING, unique=True, partial={"standing": {"$exists": True}}),
    Index("applications", ("application_number",), NUMBER, unique=True),
    Index("applications", ("stream_id", "status", "registered_at", "serial"), "application_rank"),
    Index("applications", ("child_id",), "application_child"),
    Index("applications", ("filed_by",), "application_filed_by", partial={"filed_by": {"$exists": True}}),
    Index("outages", ("ended_at",), "outage_ended_at"),
    Index("appeals", ("open_about",), "appeal_open", unique=True, partial={"open_about": {"$exists": True}}),
    Index("appeals", ("application_id",), "appeal_application"),
    Index("appeals", ("state", "answer_due"), "appeal_due"),
    Index("guardianships", ("guardianship.guardians",), "guardians"),
    Index("decisions", ("stream_id", "sequence"), "decision_sequence"),
    Index("decisions", ("application_id", "stream_id", "sequence"), "decision_application"),
    Index("ledger", ("kind", "day"), "ledger_day"),
    Index("ledger", ("stream_id", "kind", "last"), "ledger_span", partial={"first": {"$exists": True}}),
    Index("issued", ("stream_id", "day"), "issued_stream"),
)

ROW_FIELDS = ("stream_id", "registered_at", "serial", "status", "privilege")

_PRIVILEGE = ("kind", "rank", "confirmed_on", "valid_until")

Query = dict[str, Any]


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database, standing: Standing | None = None) -> None:
        self.standing = standing or Standing()
        """Where everybody stands, in memory; whoever composes the service lets the two sides share one."""
        self.applications = database.reads("applications", Application)
        self.streams = database.reads("streams", Stream)
        self.outages = database.reads("outages", Outage)
        self.appeals = database.reads("appeals", Appeal)
        self._guardianships = database.projections("guardianships")

    async def live_in(self, stream_id: StreamId) -> list[Stored[Application]]:
        """The live applications of a stream, first come first."""
        found = await self.applications.find(_live(stream_id), limit=STREAM_LIMIT)
        return sorted(found, key=lambda each: (each.state.registered_at, each.state.serial))

    async def rows(self, query: Query) -> AsyncIterator[list[Row]]:
        """What the order needs to know of applications, page by page."""
        async for page in self.applications.pages(query, ROW_FIELDS):
            yield [_row(document) for document in page]

    async def live_rows(self, stream_id: StreamId | None = None) -> AsyncIterator[list[Row]]:
        """The same of the live ones of a stream, or of all."""
        query = {"status": {"$in": sorted(LIVE)}} if stream_id is None else _live(stream_id)
        async for page in self.rows(query):
            yield page

    async def stream_ids(self) -> list[StreamId]:
        """The streams that have a document: something was ever published for them."""
        return [StreamId(each["_id"]) async for page in self.streams.pages({}, ()) for each in page]

    async def turns_used(self, query: Query) -> AsyncIterator[list[tuple[StreamId, Turns, int]]]:
        """Turns used by stream, with the version that says so."""
        async for page in self.streams.pages(query, ("turns",)):
            yield [(StreamId(each["_id"]), Turns(**each["turns"]), each["version"]) for each in page]

    async def of_child(self, child_id: ChildId) -> list[Stored[Application]]:
        """All applications of a child, also those that are over."""
        return await self.applications.find({"child_id": child_id}, limit=CHILD_LIMIT)

    async def with_pair(self, child_id: ChildId, application_number: str) -> Stored[Application] | None:
        """The application of this child with this number; one query, whichever of the two is wrong."""
        found = await self.applications.find({"application_number": application_number, "child_id": child_id}, limit=1)
        return found[0] if found else None

    async def waiting(self, stream_id: StreamId, today: date, *, without: ApplicationId | None = None) -> Waiting:
        """How many live applications each class of a stream has today."""
        return await self._count([_live(stream_id), {"_id": {"$ne": without}}], today)

    async def turns(self, stream_id: StreamId) -> Turns:
        """Turns used so far in a stream."""
        stored = await self.streams.get(stream_id)
        return stored.state.turns if stored else Turns()

    async def outages_since(self, moment: datetime) -> list[Outage]:
        """The outages that had not ended at a moment."""
        found = await self.outages.find({"ended_at": {"$gt": moment}}, limit=OUTAGE_LIMIT)
        return [stored.state for stored in found]

    async def latest_outages(self) -> list[Outage]:
        """The records, latest first."""
        found = await self.outages.find({}, limit=OUTAGE_LIMIT, sort=[("ended_at", -1)])
        return [stored.state for stored in found]

    async def with_live_invitations(self, after: StreamId, *, limit: int) -> list[StreamId]:
        """Streams with a turn that came and has not ended, by their names, from the one after `after`."""
        live = {"_id": {"$gt": after}, "invitations": {"$elemMatch": {"ended": {"$exists": False}}}}
        found = await self.streams.find(live, limit=limit, sort=[("_id", 1)])
        return [stored.state.stream_id for stored in found]

    async def appeals_of(self, application_id: ApplicationId) -> list[Stored[Appeal]]:
        """The appeals of an application, first come first."""
        return await self.appeals.find({"application_id": application_id}, limit=APPEAL_LIMIT, sort=[("opened_at", 1)])

    async def appeals_in(self, state: AppealState) -> list[Stored[Appeal]]:
        """The appeals in a state, the most urgent first."""
        return await self.appeals.find({"state": state.value}, limit=APPEAL_LIMIT, sort=[("answer_due", 1)])

    async def guardians(self, application: Application) -> frozenset[str]:
        """Who may see an application: the linked guardians of its child; its filer until links are known (R4)."""
        known = await self._guardianships.get(application.child_id)
        if known is not None:
            return frozenset(known["guardianship"]["guardians"])
        return frozenset({application.filed_by} if application.filed_by else ())

    async def of_guardian(self, person_id: PersonId) -> list[Stored[Application]]:
        """The applications that a person may see, latest first."""
        linked = await self._guardianships.find({"guardianship.guardians": person_id}, limit=GUARDIAN_LIMIT)
        mine = {"$or": [{"child_id": {"$in": [child["_id"] for child in linked]}}, {"filed_by": person_id}]}
        found = await self.applications.find(mine, limit=CHILD_LIMIT)
        seen = [each for each in found if person_id in await self.guardians(each.state)]
        return sorted(seen, key=lambda each: (each.state.registered_at, each.state.serial), reverse=True)

    async def _count(self, conditions: Sequence[Query], today: date) -> Waiting:
        e = await self._matching([*conditions, _in_class(PrivilegeClass.EXTRAORDINARY, today)])
        p = await self._matching([*conditions, _in_class(PrivilegeClass.PRIORITY, today)])
        return Waiting(e, p, await self._matching(conditions) - e - p)

    async def _matching(self, conditions: Sequence[Mapping[str, Any]]) -> int:
        return await self.applications.count({"$and": list(conditions)}, limit=STREAM_LIMIT)


class Store(Reading):
    """The collections of this service, for whoever also writes."""

    def __init__(self, database: Database, standing: Standing | None = None) -> None:
        super().__init__(database, standing)
        self.applications: Aggregates[Application] = database.aggregates("applications", Application)
        self.streams: Aggregates[Stream] = database.aggregates("streams", Stream)
        self.applications.on_written(self._application_written)
        self.streams.on_written(self._stream_written)
        self.halts: Aggregates[Halt] = database.aggregates("halts", Halt)
        self.outages: Aggregates[Outage] = database.aggregates("outages", Outage)
        self.pulse: Aggregates[Pulse] = database.aggregates("pulse", Pulse)
        self.appeals: Aggregates[Appeal] = database.aggregates("appeals", Appeal)
        self.counters = database.counters("counters")
        self.guardianships = database.projections("guardianships")
        self.reads = database.aggregates("reads", ReadRecord)
        self.decisions = database.records("decisions")
        self.heads = database.projections("decision_heads")
        self.ledger = database.records("ledger")
        self.issued = database.records("issued")

    def _application_written(self, stored: Stored[Application]) -> None:
        state = stored.state
        told = (ApplicationId(stored.id), state.stream_id, state.registered_at, state.serial, state.status in LIVE)
        self.standing.hear(Row(*told, state.privilege, stored.version))

    def _stream_written(self, stored: Stored[Stream]) -> None:
        self.standing.hear_turns(StreamId(stored.id), stored.state.turns, stored.version)


def _row(document: Document) -> Row:
    """A plain document, for there may be a million of them."""
    privilege = document.get("privilege")
    return Row(
        document["_id"],
        document["stream_id"],
        document["registered_at"],
        document["serial"],
        document["status"] in LIVE,
        None if privilege is None else _privilege(*map(privilege.get, _PRIVILEGE)),
        document["version"],
    )


@lru_cache(maxsize=50_000)
def _privilege(kind: str, rank: str, confirmed_on: str | None, valid_until: str | None) -> Privilege:
    """What ranks of a privilege; many share one."""
    since, until = (date.fromisoformat(day) if day else None for day in (confirmed_on, valid_until))
    return Privilege(PrivilegeKind(kind), PrivilegeClass(rank), since, until)


def _live(stream_id: StreamId) -> Query:
    return {"stream_id": stream_id, "status": {"$in": sorted(LIVE)}}


def _in_class(privilege: PrivilegeClass, today: date) -> Query:
    """A privilege counts when it is confirmed and in date, else the application ranks as general (R17)."""
    day = today.isoformat()
    in_date = [{"privilege.valid_until": {"$exists": False}}, {"privilege.valid_until": {"$gte": day}}]
    return {"privilege.rank": privilege.value, "privilege.confirmed_on": {"$lte": day}, "$or": in_date}
