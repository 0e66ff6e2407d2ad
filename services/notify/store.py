"""Where messages are kept: each with its deliveries in one document, found again by its id or by its child."""

from collections.abc import Mapping
from typing import Any

from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index
from services.chassis.reads import ReadRecord
from services.notify.domain.message import ChildId, Kind, Message, MessageId, PersonId, State

INDEXES = (
    Index("messages", ("child_id",), "messages_of_a_child"),
    Index("messages", ("sender",), "messages_being_sent", partial={"state": State.SENDING.value}),
)
SHOWN_AT_MOST = 100
RESUMED_AT_MOST = 1000


class Reading:
    """What may be asked of the collections; nothing can be written through it."""

    def __init__(self, database: Database) -> None:
        self.messages = database.reads("messages", Message)
        self._guardianships = database.projections("guardianships")

    async def messages_of(self, child_id: ChildId) -> list[Stored[Message]]:
        """The newest messages about a child, newest first."""
        return await self.messages.find({"child_id": child_id}, limit=SHOWN_AT_MOST, sort=[("created_at", -1)])

    async def being_sent_by(self, sender: str) -> list[Stored[Message]]:
        """Messages nobody has yet whose last round this instance began."""
        return await self.messages.find({"state": State.SENDING.value, "sender": sender}, limit=RESUMED_AT_MOST)

    async def is_guardian(self, person_id: PersonId, child_id: ChildId) -> bool:
        """Whether this person acts for this child, as far as was heard."""
        known: Mapping[str, Any] = await self._guardianships.get(child_id) or {}
        return person_id in known.get("guardianship", {}).get("guardians", ())


class Store(Reading):
    """The collections of this service, for whoever also writes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.messages: Aggregates[Message] = database.aggregates("messages", Message)
        self.guardianships = database.projections("guardianships")
        self.reads = database.aggregates("reads", ReadRecord)

    async def prolongations(self, child_id: ChildId, invitation_id: str) -> list[tuple[MessageId, Message]]:
        """The messages that told of a longer window of a turn."""
        mine = {"child_id": child_id, "invitation_id": invitation_id, "kind": Kind.TURN_PROLONGED.value}
        return [(MessageId(each.id), each.state) for each in await self.messages.find(mine, limit=SHOWN_AT_MOST)]

    async def keep_guardians(self, child_id: ChildId, guardians: tuple[str, ...], sequence: int) -> None:
        """All guardians of a child as auth said them; an older word changes nothing."""
        await self.guardianships.put(child_id, "guardianship", sequence, {"guardians": list(guardians)})
