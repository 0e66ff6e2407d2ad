"""Challenges: taken out by the first answer, whatever it is worth; the forgotten ones are cleared away by the next ones."""

from datetime import datetime, timedelta

from services.auth.domain.challenge import Challenge
from services.auth.domain.ids import ChallengeId
from services.chassis.codec import from_document, to_document
from services.chassis.mongo import Database, Index

INDEXES = (Index("challenges", ("expires_at",), "challenge_end"),)

_KEPT = timedelta(hours=1)
_CLEARED_AT_ONCE = 5


class Challenges:
    """The collection `challenges`."""

    def __init__(self, database: Database) -> None:
        self._records = database.records("challenges")

    async def put(self, challenge: Challenge, *, now: datetime) -> None:
        """Keeps a new challenge and clears away a few that nobody answered."""
        await self._records.add(challenge.challenge_id, to_document(challenge))
        forgotten = await self._records.find({"expires_at": {"$lt": now - _KEPT}}, limit=_CLEARED_AT_ONCE)
        for one in forgotten:
            await self._records.remove(one["_id"])

    async def take(self, challenge_id: ChallengeId) -> Challenge | None:
        """The challenge, gone from now on: of two answers one gets it."""
        document = await self._records.remove(challenge_id)
        return None if document is None else from_document(Challenge, document)
