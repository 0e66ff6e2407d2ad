"""The collections of referral and the promises that their indexes keep."""

from datetime import datetime

from contracts.access import ReferralRecordReadV1
from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord, Reads
from services.referral.domain.choice import Choice
from services.referral.domain.referral import Referral
from services.referral.domain.words import ChoiceState, PersonId
from services.referral.store.sealed import KeyRing, SealedReads, SealedRecords

ACTIVE_CHILD = "referral_of_active_child"
NUMBER = "referral_number"
DOCUMENTS_LIMIT = 50

INDEXES = (
    Index("referrals", ("active_child",), ACTIVE_CHILD, unique=True, partial={"active_child": {"$exists": True}}),
    Index("referrals", ("referral_number",), NUMBER, unique=True),
    Index("referrals", ("application_id",), "referrals_of_application"),
    Index("choices", ("child_id",), "choices_of_child"),
)
"""At most one active referral per child (R32); a number is never used twice."""


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self.choices = database.reads("choices", Choice)
        self.referrals = database.reads("referrals", Referral)
        self.documents = SealedReads(database.records("documents"), keys)
        self._texts = database.records("texts")
        self._guardianships = database.projections("guardianships")
        self._applications = database.projections("applications")

    async def guardians(self, child_id: str) -> frozenset[PersonId] | None:
        """Who acts for the child, as auth has said; None when it has said nothing yet."""
        known = await self._guardianships.get(child_id)
        return None if known is None else frozenset(map(PersonId, known["guardianship"]["guardians"]))

    async def former_guardians(self, child_id: str) -> frozenset[PersonId]:
        """Who was unlinked from the child, as auth has said, and has not been linked again since."""
        known = await self._guardianships.get(child_id) or {}
        present = known.get("guardianship", {}).get("guardians", ())
        return frozenset(map(PersonId, known.get("unlinked", {}))) - frozenset(present)

    async def is_guardian(self, child_id: str, person_id: str) -> bool:
        """Whether auth has said that this person acts for the child."""
        return person_id in (await self.guardians(child_id) or ())

    async def open_choices(self, child_id: str) -> list[Stored[Choice]]:
        """The choices of a child that nothing is signed for yet."""
        return await self.choices.find({"child_id": child_id, "state": ChoiceState.OPEN.value}, limit=DOCUMENTS_LIMIT)

    async def child_of(self, application_id: str) -> str | None:
        """The child of an application, as the queue has told it."""
        known = await self._applications.get(application_id)
        return None if known is None else str(known["application"]["child_id"])

    async def text_of(self, hold_id: str) -> bytes | None:
        """The exact octets offered for signing."""
        kept = await self._texts.get(hold_id)
        return None if kept is None else bytes(kept["octets"])

    async def issued_for(self, application_id: str) -> list[Stored[Referral]]:
        """The issued referrals of an application, newest first."""
        issued = {"application_id": application_id, "document_sha256": {"$exists": True}}
        return await self.referrals.find(issued, limit=DOCUMENTS_LIMIT, sort=[("issued_at", -1)])

    async def numbered(self, referral_number: str) -> Referral | None:
        """The referral with this number."""
        found = await self.referrals.find({"referral_number": referral_number}, limit=1)
        return found[0].state if found else None


class Store(Reading):
    """The collections of this service, for whoever also writes. `texts`: what `text_of` reads, one for each choice."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        super().__init__(database, keys)
        self.choices: Aggregates[Choice] = database.aggregates("choices", Choice)
        self.referrals: Aggregates[Referral] = database.aggregates("referrals", Referral)
        self.texts = database.records("texts")
        self.submissions = SealedRecords(database.records("submissions"), keys)
        self.documents: SealedRecords = SealedRecords(database.records("documents"), keys)
        self.guardianships = database.projections("guardianships")
        self.applications = database.projections("applications")
        self.organisations = database.projections("organisations")
        self.numbers = database.counters("numbers")
        self.reads = Reads(database.aggregates("reads", ReadRecord), ReferralRecordReadV1)

    async def next_number(self, prefix: str, year: int, at: datetime) -> str:
        """A referral number such as ALM-2026-000145; each is given once, gaps may stay."""
        serial, _ = await self.numbers.next(f"{prefix}-{year}", at=at)
        return f"{prefix}-{year}-{serial:06d}"
