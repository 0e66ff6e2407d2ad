"""Work of every night. Everywhere: the topics that the city follows are stated again, so that whoever reads from the earliest
offset has everything (topics keep thirty days; what has not changed for longer would otherwise be missing from them).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.aggregates import Aggregates
from services.chassis.calendar import WorkCalendar
from services.chassis.clock import Clock
from services.chassis.errors import AlreadyExists
from services.chassis.mongo import Database
from services.chassis.scheduler import Due

ONE = "announcement"


@dataclass(frozen=True, slots=True)
class Announcement:
    """When it was last done; `day` is None before the first night."""

    day: date | None = None


class Nightly:
    """A nightly work of one service: due at a local hour, once a night however many replicas run.

    `collection` keeps when it was done; each work has its own.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        hour: time,
        calendar: WorkCalendar,
        say: Callable[[], Awaitable[object]],
        *,
        collection: str = "nightly",
    ) -> None:
        self.aggregates: Aggregates[Announcement] = database.aggregates(collection, Announcement)
        self._clock = clock
        self._hour = hour
        self._calendar = calendar
        self._say = say

    @property
    def due(self) -> Due:
        """The work for the scheduler."""
        return Due(self.aggregates, self._announce)

    async def appoint(self) -> None:
        """Makes the first night due; one that is due already stays so."""
        now = self._clock.now()
        try:
            await self.aggregates.add(ONE, Announcement(), at=now, due=self._next(now))
        except AlreadyExists:
            return

    async def _announce(self, id: str, now: datetime) -> None:
        stored = await self.aggregates.get(id)
        if stored is None:
            return
        await self._say()
        told = Announcement(self._calendar.local_day(now))
        await self.aggregates.save(stored, told, at=now, due=self._next(now))

    def _next(self, now: datetime) -> datetime:
        today = self._calendar.local_day(now)
        tonight = self._calendar.at(today, self._hour)
        return tonight if now < tonight else self._calendar.at(today + timedelta(days=1), self._hour)
