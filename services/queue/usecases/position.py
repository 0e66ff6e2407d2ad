"""The number alone, for those who look again and again: answered from memory."""

import time
from datetime import date

from services.queue.domain.order import Position
from services.queue.domain.words import ApplicationId, ChildId, PersonId
from services.queue.store import Reading
from services.queue.usecases.asking import seen_by
from services.queue.usecases.standing import position

ADMITTED_SECONDS = 5.0
"""So long an unlinked guardian may still see a number."""
ADMITTED = 50_000


class Numbers:
    """Where the applications of a person stand; who may look is asked of the collections every few seconds only."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._admitted: dict[tuple[PersonId, ApplicationId], tuple[float, ChildId]] = {}

    def __len__(self) -> int:
        return len(self._admitted)

    async def of(
        self, person_id: PersonId, application_id: ApplicationId, today: date
    ) -> tuple[ChildId, Position | None]:
        """Whose record it is, and where it stands; None when it has no number. Refused: NO_SUCH_APPLICATION."""
        known = self._admitted.get((person_id, application_id))
        if known is not None and known[0] > time.monotonic():
            at = self._reading.standing.position(application_id, today) if self._reading.standing.is_whole else None
            if at is not None:
                return known[1], at
        stored = await seen_by(self._reading, person_id, application_id)
        while len(self._admitted) >= ADMITTED:
            del self._admitted[next(iter(self._admitted))]
        child_id = stored.state.child_id
        self._admitted[person_id, application_id] = (time.monotonic() + ADMITTED_SECONDS, child_id)
        return child_id, await position(self._reading, stored.state, today)
