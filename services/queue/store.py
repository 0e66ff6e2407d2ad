"""MongoDB: applications, streams, counters, who acts for a child, reads; and the counting that gives a number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord
from services.queue.domain.application import Application, privilege_class
from services.queue.domain.order import Ahead, Turns, Waiting, ahead, number_in_class
from services.queue.domain.stream import Stream
from services.queue.domain.words import LIVE, ApplicationId, ChildId, PersonId, PrivilegeClass, StreamId

STREAM_LIMIT = 100_000
CHILD_LIMIT = 100
GUARDIAN_LIMIT = 100

STANDING = "application_standing"
NUMBER = "application_number"

INDEXES = (
    Index("applications", ("standing",), STANDING, unique=True, partial={"standing": {"$exists": True}}),
    Index("applications", ("application_number",), NUMBER, unique=True),
    Index("applications", ("stream_id", "status", "registered_at", "serial"), "application_rank"),
    Index("applications", ("child_id",), "application_child"),
    Index("applications", ("filed_by",), "application_filed_by", partial={"filed_by": {"$exists": True}}),
    Index("guardianships", ("guardianship.guardians",), "guardians"),
)

Query = dict[str, Any]


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database) -> None:
        self.applications = database.reads("applications", Application)
        self.streams = database.reads("streams", Stream)
        self._guardianships = database.projections("guardianships")

    async def live_in(self, stream_id: StreamId) -> list[Stored[Application]]:
        """The live applications of a stream, first come first."""
        found = await self.applications.find(_live(stream_id), limit=STREAM_LIMIT)
        return sorted(found, key=lambda each: (each.state.registered_at, each.state.serial))

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

    async def number_of(self, application: Application, turns: Turns, today: date) -> tuple[Ahead, int]:
        """Who stands in front of a live application, and its number within its privilege class (R15, R16)."""
        live = _live(application.stream_id)
        earlier = {"registered_at": {"$lt": application.registered_at}}
        same = {"registered_at": application.registered_at, "serial": {"$lt": application.serial}}
        privilege = privilege_class(application, today)
        before = await self._count([live, {"$or": [earlier, same]}], today)
        rank = {
            PrivilegeClass.EXTRAORDINARY: before.extraordinary,
            PrivilegeClass.PRIORITY: before.priority,
            PrivilegeClass.GENERAL: before.general,
        }[privilege]
        waiting = await self._count([live], today)
        return ahead(privilege, rank, waiting, turns), number_in_class(privilege, rank)

    async def turns(self, stream_id: StreamId) -> Turns:
        """Turns used so far in a stream."""
        stored = await self.streams.get(stream_id)
        return stored.state.turns if stored else Turns()

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

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.applications: Aggregates[Application] = database.aggregates("applications", Application)
        self.streams: Aggregates[Stream] = database.aggregates("streams", Stream)
        self.counters = database.counters("counters")
        self.guardianships = database.projections("guardianships")
        self.reads = database.aggregates("reads", ReadRecord)


def _live(stream_id: StreamId) -> Query:
    return {"stream_id": stream_id, "status": {"$in": sorted(LIVE)}}


def _in_class(privilege: PrivilegeClass, today: date) -> Query:
    """A privilege counts when it is confirmed and in date, else the application ranks as general (R17)."""
    day = today.isoformat()
    in_date = [{"privilege.valid_until": {"$exists": False}}, {"privilege.valid_until": {"$gte": day}}]
    return {"privilege.rank": privilege.value, "privilege.confirmed_on": {"$lte": day}, "$or": in_date}
