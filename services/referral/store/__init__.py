"""The collections of referral and the promises that their indexes keep."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contracts.access import ReferralRecordReadV1
from services.chassis.aggregates import Aggregates
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord, Reads
from services.chassis.records import Counters, Projections, Records
from services.referral.domain.choice import Choice
from services.referral.domain.referral import Referral
from services.referral.store.sealed import SealedRecords, read_keys

ACTIVE_CHILD = "referral_of_active_child"
NUMBER = "referral_number"

INDEXES = (
    Index("referrals", ("active_child",), ACTIVE_CHILD, unique=True, partial={"active_child": {"$exists": True}}),
    Index("referrals", ("referral_number",), NUMBER, unique=True),
    Index("referrals", ("application_id",), "referrals_of_application"),
)
"""At most one active referral per child (R32); a number is never used twice."""


@dataclass(frozen=True, slots=True)
class Store:
    """Everything referral keeps. `texts` are the exact octets offered for signing, one for each choice."""

    choices: Aggregates[Choice]
    referrals: Aggregates[Referral]
    texts: Records
    submissions: SealedRecords
    documents: SealedRecords
    guardianships: Projections
    applications: Projections
    organisations: Projections
    numbers: Counters
    reads: Reads

    async def is_guardian(self, child_id: str, person_id: str) -> bool:
        """Whether auth has said that this person acts for the child."""
        known = await self.guardianships.get(child_id)
        return known is not None and person_id in known["guardianship"]["guardians"]

    async def next_number(self, prefix: str, year: int, at: datetime) -> str:
        """A referral number such as ALM-2026-000145; each is given once, gaps may stay."""
        serial, _ = await self.numbers.next(f"{prefix}-{year}", at=at)
        return f"{prefix}-{year}-{serial:06d}"


def open_store(database: Database, secrets: Path) -> Store:
    """Raises KeyMissing when documents could not be sealed."""
    keys = read_keys(secrets)
    reads = Reads(database.aggregates("reads", ReadRecord), ReferralRecordReadV1)
    return Store(
        choices=database.aggregates("choices", Choice),
        referrals=database.aggregates("referrals", Referral),
        texts=database.records("texts"),
        submissions=SealedRecords(database.records("submissions"), keys),
        documents=SealedRecords(database.records("documents"), keys),
        guardianships=database.projections("guardianships"),
        applications=database.projections("applications"),
        organisations=database.projections("organisations"),
        numbers=database.counters("numbers"),
        reads=reads,
    )
