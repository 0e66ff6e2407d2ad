"""Applications as the queue says them: which number belongs to which child. Nothing else of them is kept here."""

from services.auth.domain.ids import ChildId
from services.chassis.mongo import Database, Index

INDEXES = (Index("applications", ("application.number",), "application_number"),)

_ONE_NUMBER_AT_MOST = 10


class Applications:
    """The collection `applications`: a projection of queue.application."""

    def __init__(self, database: Database) -> None:
        self._known = database.projections("applications")

    async def heard(self, application_id: str, child_id: ChildId, number: str, *, stands: bool, sequence: int) -> None:
        """Keeps what the queue said last; `stands` is false once the family has left the queue."""
        known = {"child_id": child_id, "number": number, "stands": stands}
        await self._known.put(application_id, "application", sequence, known)

    async def belongs(self, number: str, child_id: ChildId) -> bool:
        """Whether the number is of an application of this child that stands."""
        found = await self._known.find({"application.number": number}, limit=_ONE_NUMBER_AT_MOST)
        known = [each["application"] for each in found]
        return any(each["child_id"] == child_id and each["stands"] for each in known)
