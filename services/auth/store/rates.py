"""How often somebody has asked: counted in the database, so that neither a restart nor a second process begins anew."""

from datetime import datetime, timedelta

from services.auth.domain.limits import HOUR, Limit
from services.auth.store.sealing import LookUp
from services.chassis.mongo import Database, Index

INDEXES = (Index("rates", ("at",), "rate_forgotten"),)

_KEPT = HOUR + timedelta(minutes=1)
_CLEARED_AT_ONCE = 5


class Rates:
    """The collection `rates`: one counter for each asker and window, under a keyed digest of who asks."""

    def __init__(self, database: Database, look_up: LookUp) -> None:
        self._counters = database.counters("rates")
        self._records = database.records("rates")
        self._look_up = look_up

    async def counted(self, limit: Limit, who: str, now: datetime) -> int:
        """How often this address or person has asked in the present window, this time included."""
        window = f"{limit.name}/{self._look_up.asker(who)}/{limit.window_of(now)}"
        asked, _ = await self._counters.next(window, at=now)
        if asked == 1:
            await self._clear(now)
        return asked

    async def _clear(self, now: datetime) -> None:
        """Each new counter pays for clearing away a few old ones."""
        for one in await self._records.find({"at": {"$lt": now - _KEPT}}, limit=_CLEARED_AT_ONCE):
            await self._records.remove(one["_id"])
