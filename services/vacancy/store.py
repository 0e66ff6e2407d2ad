"""MongoDB: organisations, places, ledgers, candidates, who acts for a child, reads."""

from collections.abc import Sequence
from datetime import datetime

from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord
from services.vacancy.domain.candidate import Candidate
from services.vacancy.domain.ledger import Ledger
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place, Publication
from services.vacancy.domain.words import ApplicationId, ChildId, OrganisationId, PlaceId, PlaceState, StreamId

STREAM_LIMIT = 10_000
BULLETIN_LIMIT = 2_000

ONE_PLACE_PER_CHILD = "one_place_per_child"

INDEXES = (
    Index("places", ("occupied_by",), ONE_PLACE_PER_CHILD, unique=True, partial={"occupied_by": {"$exists": True}}),
    Index("places", ("stream_id", "state"), "place_of_stream"),
    Index("places", ("state",), "place_state"),
    Index("candidates", ("applications.application_id",), "candidate_application"),
    Index("candidates", ("invitations.stream_id",), "candidate_invited_in"),
)

_OPEN = [PlaceState.PUBLISHED_PRIORITY.value, PlaceState.FREE_CHOICE.value]


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database) -> None:
        self.organisations = database.reads("organisations", Organisation)
        self.places = database.reads("places", Place)
        self.candidates = database.reads("candidates", Candidate)
        self._guardianships = database.projections("guardianships")
        self._streams = database.projections("streams")

    async def acts_for(self, person_id: str, child_id: ChildId) -> bool:
        """Whether the person is a linked guardian of the child."""
        known = await self._guardianships.get(child_id)
        return known is not None and person_id in known["guardianship"]["guardians"]

    async def candidate_with(self, application_id: ApplicationId) -> Stored[Candidate] | None:
        """The child that an application is for, as the queue has told it."""
        found = await self.candidates.find({"applications.application_id": application_id}, limit=1)
        return found[0] if found else None

    async def place_of(self, child_id: ChildId) -> Stored[Place] | None:
        """The place that a child holds or has taken."""
        found = await self.places.find({"occupied_by": child_id}, limit=1)
        return found[0] if found else None

    async def stated_at(self, stream_id: StreamId) -> int:
        """The sequence at which the stream last stated its live invitations; 0 when it never did."""
        known = await self._streams.get(stream_id)
        return int(known["stated"]["sequence"]) if known else 0

    async def invited_in(self, stream_id: StreamId) -> list[ChildId]:
        """The children with an invitation of the stream that is not known to be over."""
        live = {"invitations": {"$elemMatch": {"stream_id": stream_id, "spent": False}}}
        return [ChildId(id) for id in await self.candidates.ids(live, limit=STREAM_LIMIT)]

    async def in_state(self, stream_id: StreamId, state: PlaceState) -> list[Place]:
        """The places of a stream in one state."""
        found = await self.places.find({"stream_id": stream_id, "state": state.value}, limit=STREAM_LIMIT)
        return [stored.state for stored in found]

    async def drafts(self, stream_id: StreamId, entered_by: datetime) -> list[Place]:
        """Places that wait for a publication and were entered by its hour (R22)."""
        return [p for p in await self.in_state(stream_id, PlaceState.DRAFT) if p.entered_at <= entered_by]

    async def open_in(self, stream_id: StreamId) -> list[Place]:
        """The places of a stream that somebody may choose now."""
        found = await self.places.find({"stream_id": stream_id, "state": {"$in": _OPEN}}, limit=STREAM_LIMIT)
        return sorted((stored.state for stored in found), key=lambda place: (place.entered_at, place.place_id))

    async def all_open(self) -> list[Place]:
        """The city's free places, at most `BULLETIN_LIMIT`."""
        found = await self.places.find({"state": {"$in": _OPEN}}, limit=BULLETIN_LIMIT)
        return [stored.state for stored in found]

    async def marked(self, publication: Publication, place_ids: Sequence[PlaceId], mark: str) -> int:
        """How many of the places carry this publication's mark (`published_by` or `opened_by`)."""
        if not place_ids:
            return 0
        query = {"_id": {"$in": list(place_ids)}, mark: publication.publication_id}
        return await self.places.count(query, limit=len(place_ids))

    async def organisation(self, organisation_id: OrganisationId) -> Organisation | None:
        """One organisation."""
        stored = await self.organisations.get(organisation_id)
        return stored.state if stored else None

    async def organisations_of(self, places: Sequence[Place]) -> dict[OrganisationId, Organisation]:
        """The organisations of some places."""
        ids = sorted({place.organisation_id for place in places})
        found = await self.organisations.find({"_id": {"$in": ids}}, limit=max(len(ids), 1))
        return {stored.state.organisation_id: stored.state for stored in found}


class Store(Reading):
    """The collections of this service, for whoever also writes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.organisations: Aggregates[Organisation] = database.aggregates("organisations", Organisation)
        self.places: Aggregates[Place] = database.aggregates("places", Place)
        self.ledgers = database.aggregates("ledgers", Ledger)
        self.candidates: Aggregates[Candidate] = database.aggregates("candidates", Candidate)
        self.guardianships = database.projections("guardianships")
        self.streams = database.projections("streams")
        self.reads = database.aggregates("reads", ReadRecord)
