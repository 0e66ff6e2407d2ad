"""Codes that were asked for, found by a keyed digest of person and address; those that are long over are cleared away."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contracts.envelope import Fact
from services.auth.domain.confirmation import Confirmation
from services.auth.domain.ids import ConfirmationId, PersonId
from services.auth.domain.person import Contacts
from services.auth.store.sealing import LookUp
from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index

INDEXES = (
    Index("confirmations", ("contact",), "confirmations_of_a_contact"),
    Index("confirmations", ("expires_at",), "confirmation_end"),
    Index("confirmations", ("person_id",), "confirmations_of_a_person"),
)

_KEPT = timedelta(days=1)
_CLEARED_AT_ONCE = 5


class ConfirmationReads:
    """The collection `confirmations` for whoever only asks."""

    def __init__(self, database: Database, look_up: LookUp) -> None:
        self.all = database.reads("confirmations", Confirmation)
        self._look_up = look_up

    async def last(self, person_id: PersonId, address: str) -> Stored[Confirmation] | None:
        """The code that this person asked for last to this address."""
        return await self.last_to(self.digest(person_id, address))

    async def last_to(self, contact: str) -> Stored[Confirmation] | None:
        """The same, by the digest."""
        found = await self.all.find({"contact": contact}, limit=1, sort=[("asked_at", -1), ("_id", -1)])
        return found[0] if found else None

    def digest(self, person_id: PersonId, address: str) -> str:
        """What an address of a person is found by."""
        return self._look_up.contact(person_id, address)

    def address(self, confirmation: Confirmation, contacts: Contacts) -> str | None:
        """The address among the person's that is to be proven; None when it is no longer among them."""
        own = (*contacts.emails, *contacts.phones)
        return next((each for each in own if self.digest(confirmation.person_id, each) == confirmation.contact), None)

    def code(self, confirmation_id: ConfirmationId) -> str:
        """The six digits."""
        return self._look_up.six_digits(confirmation_id)


class Confirmations(ConfirmationReads):
    """The same collection for whoever also writes."""

    def __init__(self, database: Database, look_up: LookUp) -> None:
        super().__init__(database, look_up)
        self.all: Aggregates[Confirmation] = database.aggregates("confirmations", Confirmation)
        self._records = database.records("confirmations")

    async def put(self, confirmation: Confirmation, facts: Sequence[Fact], *, now: datetime) -> None:
        """Keeps a new one and says it; each clears away a few that are long over and said."""
        await self.all.add(confirmation.confirmation_id, confirmation, at=now, facts=facts)
        over = {"expires_at": {"$lt": now - _KEPT}, "outbox_count": 0}
        for one in await self._records.find(over, limit=_CLEARED_AT_ONCE):
            await self._records.remove(one["_id"])
