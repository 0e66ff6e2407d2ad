"""Publishes what waits in the outboxes of a service: woken by each write, with a sweep each second for what a crash left behind.

A document is leased, its facts are sent in order with acks=all, and what was confirmed is pulled out under the token of the
lease; a relay that lost its lease changes nothing. Facts may be sent twice, never lost, never out of order within an aggregate.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from pymongo import ReturnDocument

from services.chassis.aggregates import Aggregates
from services.chassis.clock import real_now
from services.chassis.outbox import EPOCH, Entry
from services.chassis.telemetry import Metrics

log = structlog.get_logger("relay")

Publish = Callable[[Entry], Awaitable[None]]

LEASE = timedelta(seconds=6)
SWEEP_SECONDS = 1.0
SWEEP_LIMIT = 500
BACK_OFF = timedelta(seconds=0.5)


class Relay:
    """The publishing task of one service process."""

    def __init__(self, publish: Publish, metrics: Metrics, workers: int = 4) -> None:
        self._publish = publish
        self._metrics = metrics
        self._workers = workers
        self._collections: dict[str, Any] = {}
        self._queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self._waiting: set[tuple[str, str]] = set()
        self._tasks: list[asyncio.Task[None]] = []

    def watch(self, aggregates: Sequence[Aggregates[Any]]) -> None:
        """Names the collections whose outboxes are emptied."""
        self._collections = {each.name: each.collection for each in aggregates}

    def wake(self, collection: str, id: str) -> None:
        """A write has put a fact into this outbox."""
        if (collection, id) not in self._waiting:
            self._waiting.add((collection, id))
            self._queue.put_nowait((collection, id))

    def start(self) -> None:
        """Begins to publish."""
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        self._tasks.append(asyncio.create_task(self._sweep()))

    async def said(self, seconds: float) -> None:
        """Returns when everything woken so far has been published or has failed once; after `seconds` in any case."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), seconds)

    async def stop(self) -> None:
        """Ends; what is not confirmed stays in the outboxes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def alive(self) -> bool:
        """Whether every task of it still runs."""
        return bool(self._tasks) and not any(task.done() for task in self._tasks)

    async def _work(self) -> None:
        while True:
            collection, id = await self._queue.get()
            self._waiting.discard((collection, id))
            try:
                await self._empty(collection, id)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.warning("relay.publish_failed", collection=collection, exc_info=True)
            finally:
                self._queue.task_done()

    async def _empty(self, collection: str, id: str) -> None:
        claimed = await self._claim(collection, id)
        if claimed is None:
            return
        sent = 0
        try:
            async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                for entry in claimed["outbox"]:
                    await self._publish(entry)
                    self._metrics.published.labels(entry["topic"]).inc()
                    sent += 1
        finally:
            more = await self._confirm(collection, claimed, sent)
        if more:
            self.wake(collection, id)

    async def _claim(self, collection: str, id: str) -> Any:
        now = real_now()
        return await self._collections[collection].find_one_and_update(
            {"_id": id, "outbox_count": {"$gt": 0}, "outbox_lease": {"$lte": now}},
            {"$set": {"outbox_lease": now + LEASE}, "$inc": {"outbox_token": 1}},
            projection={"outbox": 1, "outbox_token": 1},
            return_document=ReturnDocument.AFTER,
        )

    async def _confirm(self, collection: str, claimed: Any, sent: int) -> bool:
        whole = sent == len(claimed["outbox"])
        update: dict[str, Any] = {"$set": {"outbox_lease": EPOCH if whole else real_now() + BACK_OFF}}
        if sent:
            confirmed = [entry["id"] for entry in claimed["outbox"][:sent]]
            update |= {"$pull": {"outbox": {"id": {"$in": confirmed}}}, "$inc": {"outbox_count": -sent}}
        left = await self._collections[collection].find_one_and_update(
            {"_id": claimed["_id"], "outbox_token": claimed["outbox_token"]},
            update,
            projection={"outbox_count": 1},
            return_document=ReturnDocument.AFTER,
        )
        return whole and left is not None and left["outbox_count"] > 0

    async def _sweep(self) -> None:
        while True:
            for name, collection in self._collections.items():
                with contextlib.suppress(Exception):
                    await self._sweep_one(name, collection)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _sweep_one(self, name: str, collection: Any) -> None:
        waiting = {"outbox_count": {"$gt": 0}}
        free = waiting | {"outbox_lease": {"$lte": real_now()}}
        async for document in collection.find(free, {"_id": 1}, limit=SWEEP_LIMIT):
            self.wake(name, document["_id"])
        pending, oldest = 0, real_now()
        async for document in collection.find(waiting, {"outbox.since": 1}, limit=SWEEP_LIMIT):
            pending += 1
            oldest = min([oldest, *(entry["since"] for entry in document.get("outbox", []))])
        self._metrics.outbox_pending.labels(name).set(pending)
        self._metrics.outbox_oldest.labels(name).set((real_now() - oldest).total_seconds())
