"""How often an address has searched: counted in the database, so that neither a restart nor a second process begins anew."""

from datetime import datetime, timedelta

from services.auth.domain.search import WINDOW, window_of
from services.auth.store.sealing import LookUp
from services.chassis.mongo import Database, Index

INDEXES = (Index("searches", ("at",), "search_forgotten"),)

_KEPT = WINDOW + timedelta(minutes=1)
_CLEARED_AT_ONCE = 5


class Searches:
    """The collection `searches`: one counter for each address and minute, under a keyed digest of the address."""

    def __init__(self, database: Database, look_up: LookUp) -> None:
        self._counters = database.counters("searches")
        self._records = database.records("searches")
        self._look_up = look_up

    async def counted(self, address: str, now: datetime) -> int:
        """How often this address has asked in the present minute, this time included."""
        asked, _ = await self._counters.next(f"{self._look_up.asker(address)}/{window_of(now)}", at=now)
        if asked == 1:
            await self._clear(now)
        return asked

    async def _clear(self, now: datetime) -> None:
        """Each new counter pays for clearing away a few old ones."""
        for one in await self._records.find({"at": {"$lt": now - _KEPT}}, limit=_CLEARED_AT_ONCE):
            await self._records.remove(one["_id"])
