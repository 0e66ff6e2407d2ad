"""Work that is due at a moment of business time, kept as the field `due` of the aggregate it belongs to.

A decision that has a later consequence saves the aggregate with `due`; when that moment has come the scheduler claims the
document by a lease in real time and calls the act, which loads, decides and saves as any use case. What was missed while the
process was down is simply due. An act may run twice and must state what it expects.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from services.chassis.aggregates import Aggregates
from services.chassis.clock import Clock, real_now
from services.chassis.telemetry import Metrics

log = structlog.get_logger("scheduler")

Act = Callable[[str, datetime], Awaitable[None]]

LEASE = timedelta(seconds=6)
RENEW_SECONDS = 2.0
BACK_OFF = timedelta(seconds=1)
LOOK_SECONDS = 0.1
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Due:
    """Which aggregates have due work and what to do with one of them: act(id, now)."""

    aggregates: Aggregates[Any]
    act: Act


class Scheduler:
    """The due work of one service process."""

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._metrics = metrics
        self._work: Sequence[Due] = ()
        self._tasks: list[asyncio.Task[None]] = []
        self._caught_up: dict[str, datetime] = {}
        self._woken = asyncio.Event()

    def start(self, work: Sequence[Due]) -> None:
        """Begins to look for due work."""
        self._work = work
        self._tasks = [asyncio.create_task(self._run(each)) for each in work]

    async def stop(self) -> None:
        """Ends; what was claimed and not done is due again when its lease is over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def alive(self) -> bool:
        """Whether every task of it still runs."""
        return not any(task.done() for task in self._tasks)

    def caught_up_to(self) -> datetime:
        """The business moment up to which nothing is left undone."""
        if not self._work:
            return self._clock.now()
        beginning = datetime(1970, 1, 1, tzinfo=UTC)
        return min(self._caught_up.get(each.aggregates.name, beginning) for each in self._work)

    async def _run(self, due: Due) -> None:
        while True:
            now = self._clock.now()
            try:
                busy = await self._pass(due, now)
                if not busy:
                    self._caught_up[due.aggregates.name] = now
            except asyncio.CancelledError:
                raise
            except Exception:
                log.warning("scheduler.look_failed", work=due.aggregates.name, exc_info=True)
                busy = False
            await asyncio.sleep(0 if busy else LOOK_SECONDS)

    async def _pass(self, due: Due, now: datetime) -> bool:
        """Acts on some of what is due; True when there was any."""
        free = {"due": {"$lte": now}, "due_lease": {"$lte": real_now()}}
        ids = await due.aggregates.ids(free, limit=AT_ONCE)
        if ids:
            await asyncio.gather(*(self._act(due, id, now) for id in ids))
            return True
        return await due.aggregates.count({"due": {"$lte": now}}, limit=1) > 0 and not await self._only_failed(due, now)

    async def _only_failed(self, due: Due, now: datetime) -> bool:
        """Whether all that is left is waiting out a back-off: then others need not wait for it."""
        await asyncio.sleep(LOOK_SECONDS)
        return await due.aggregates.count({"due": {"$lte": now}, "due_failures": {"$exists": False}}, limit=1) == 0

    async def _act(self, due: Due, id: str, now: datetime) -> None:
        collection = due.aggregates.collection
        real = real_now()
        claim = {"_id": id, "due": {"$lte": now}, "due_lease": {"$lte": real}}
        taken = await collection.update_one(claim, {"$set": {"due_lease": real + LEASE}})
        if taken.modified_count != 1:
            return
        held = {"_id": id, "due": {"$lte": now}, "due_lease": {"$gt": real}}
        renewing = asyncio.create_task(self._renew(collection, held))
        try:
            await due.act(id, now)
            await collection.update_one(held, {"$set": {"due_lease": real_now() + BACK_OFF}})
        except Exception:
            log.warning("scheduler.act_failed", work=due.aggregates.name, id=id, exc_info=True)
            self._metrics.due_failures.labels(due.aggregates.name).inc()
            failed = {"$set": {"due_lease": real_now() + BACK_OFF}, "$inc": {"due_failures": 1}}
            await collection.update_one({"_id": id}, failed)
        finally:
            renewing.cancel()

    async def _renew(self, collection: Any, held: dict[str, Any]) -> None:
        """Keeps a long act's lease; a killed process keeps none, so its work is taken up within seconds."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await collection.update_one(held, {"$set": {"due_lease": real_now() + LEASE}})
