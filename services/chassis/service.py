"""A running service: its parts are composed in one place, started in order and stopped in the reverse one."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI

from contracts.envelope import Fact
from services.chassis import health, telemetry
from services.chassis.aggregates import Aggregates, Stored
from services.chassis.calendar import WorkCalendar
from services.chassis.clock import Clock, open_clock, real_now
from services.chassis.health import Health
from services.chassis.http import Doorkeeper, answer_problems
from services.chassis.kafka import (
    Follower,
    Following,
    Heard,
    Hearing,
    Listener,
    open_broker,
    publish_entry,
    wait_for_topics,
)
from services.chassis.mongo import Database, Index, open_database
from services.chassis.nightly import Nightly
from services.chassis.parking import Parking
from services.chassis.relay import Relay
from services.chassis.scheduler import Due, Scheduler
from services.chassis.security import Keys, ServiceToken, Tokens
from services.chassis.settings import ServiceSettings

log = structlog.get_logger("service")

PAGE = 20
SAID_WITHIN_SECONDS = 30.0
"""How long a command that is done waits for the broker; what it could not say, the serving processes say."""
"""So many aggregates are stated at a time."""


@dataclass(frozen=True, slots=True)
class Statement:
    """How the aggregates of one collection are stated again for newcomers; one whose fact is None is not public yet.

    `nightly`: other city systems follow them, so they are stated every night as well.
    """

    aggregates: Aggregates[Any]
    fact: Callable[[Stored[Any]], Fact | None]
    nightly: bool = False


@dataclass(frozen=True, slots=True)
class Regularly:
    """What is done every so many seconds of real time for as long as the service runs, and once before it begins."""

    seconds: float
    act: Callable[[], Awaitable[object]]

    async def keep_on(self) -> None:
        """Does not end by itself; what fails is tried again next time."""
        while True:
            await asyncio.sleep(self.seconds)
            try:
                await self.act()
            except Exception:
                log.warning("service.regular_work_failed", exc_info=True)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of; its `app.py` composes exactly this."""

    router: APIRouter
    hearing: Hearing
    aggregates: Sequence[Aggregates[Any]]
    refusal: type[Exception]
    statuses: Mapping[str, int]
    indexes: Sequence[Index] = ()
    due: Sequence[Due] = ()
    statements: Sequence[Statement] = ()
    on_start: Sequence[Callable[[], Awaitable[None]]] = field(default=())
    regularly: Sequence[Regularly] = ()
    follows: Following | None = None
    """What this process keeps in memory of the topics."""
    nightly: Mapping[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    """Other work of every night, by the collection that keeps when it was done."""
    figures: Sequence[Callable[[], Awaitable[None]]] = ()
    """Brings the service's own figures up to date when they are asked for."""


class Frame:
    """What the chassis gives a service to compose itself with."""

    def __init__(
        self, name: str, settings: ServiceSettings, *, keys: Keys | None = None, clock: Clock | None = None
    ) -> None:
        telemetry.configure_logs(name, settings.log_level)
        telemetry.configure_traces(name)
        self.name = name
        self.settings = settings
        self.clock: Clock = clock or open_clock(settings.clock_file)
        self.metrics = telemetry.Metrics()
        self.health = Health()
        self.broker = open_broker(settings, name)
        self.relay = Relay(lambda entry: publish_entry(self.broker, entry), self.metrics)
        self.scheduler = Scheduler(self.clock, self.metrics)
        self.database: Database = open_database(
            settings.mongo_url.get_secret_value(), settings.mongo_database, name, self.relay.wake
        )
        self.parking = Parking(self.database.records("parked"))
        self._figures: Sequence[Callable[[], Awaitable[None]]] = ()
        self.tokens = Tokens(keys or Keys(settings.auth_url), self.clock)
        self.own_token = ServiceToken(settings.auth_url, name, settings.service_secret.get_secret_value(), self.clock)

    @asynccontextmanager
    async def speaking(self, parts: Parts) -> AsyncIterator[None]:
        """The engines connected, indexes made, outboxes emptied; nothing heard yet (enough for a command)."""
        self.parking.bind(parts.hearing.dispatch, Heard)
        indexes = [_outbox_index(each) for each in parts.aggregates] + [_due_index(each) for each in parts.due]
        indexes.append(Index("parked", ("waits_for",), "parked_waits_for"))
        await self.database.ensure([*parts.indexes, *indexes])
        await self.broker.connect()
        self.relay.watch(parts.aggregates)
        self.relay.start()
        try:
            yield
        finally:
            await self.relay.stop()
            await self.broker.stop()
            self.database.close()

    @asynccontextmanager
    async def acting(self, parts: Parts) -> AsyncIterator[None]:
        """Speaking, for a command: what it has written is said before it ends, so that whoever asks next sees it."""
        async with self.speaking(parts):
            yield
            await self.relay.said(SAID_WITHIN_SECONDS)

    @asynccontextmanager
    async def running(self, parts: Parts) -> AsyncIterator[None]:
        """Speaking, hearing and doing what is due."""
        parts = self._with_nightly(parts)
        listener = Listener(self.broker, parts.hearing, self.parking, self.metrics, self.settings.instance)
        self._figures = parts.figures
        self._watch_health(listener)
        async with self.speaking(parts):
            for step in (*parts.on_start, *(each.act for each in parts.regularly)):
                await step()
            await wait_for_topics(self.settings, parts.hearing.topics)
            follower = await self._follow(parts.follows)
            await self.broker.start()
            self.scheduler.start(parts.due)
            beside = [asyncio.create_task(each.keep_on()) for each in parts.regularly]
            log.info("service.started", port=self.settings.port)
            try:
                yield
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await self.scheduler.stop()
                await follower.stop()
                log.info("service.stopped")

    def _with_nightly(self, parts: Parts) -> Parts:
        """The parts with their work of every night: their own and, where the city follows some, the announcement."""
        followed = [each for each in parts.statements if each.nightly]
        hour = self.settings.nightly_announcement
        if hour is None:
            return parts
        work = dict(parts.nightly)
        if followed:
            work["nightly"] = lambda: state_again(self, followed)
        nights = [
            Nightly(self.database, self.clock, hour, WorkCalendar(), act, collection=name) for name, act in work.items()
        ]
        return replace(
            parts,
            aggregates=(*parts.aggregates, *(night.aggregates for night in nights)),
            due=(*parts.due, *(night.due for night in nights)),
            on_start=(*parts.on_start, *(night.appoint for night in nights)),
        )

    async def _follow(self, following: Following | None) -> Follower:
        follower = Follower(self.settings, following)
        if following is not None:
            self.health.live("following", follower.is_following)
            await follower.start()
        return follower

    def _watch_health(self, listener: Listener) -> None:
        async def relay() -> bool:
            return self.relay.alive()

        async def scheduler() -> bool:
            return self.scheduler.alive()

        async def consumers() -> bool:
            return all(task.done() is False for each in self.broker.subscribers for task in getattr(each, "tasks", ()))

        async def mongo() -> bool:
            await self.database.ping()
            return True

        async def kafka() -> bool:
            return await self.broker.ping(timeout=1.0)

        async def assigned() -> bool:
            consumers: list[Any] = [getattr(each, "consumer", None) for each in self.broker.subscribers]
            return all(consumer is not None and consumer.assignment() for consumer in consumers)

        async def not_poisoned() -> bool:
            return not any(ear.stopped for ear in listener.ears.values())

        for name, live in (("relay", relay), ("scheduler", scheduler), ("consumers", consumers)):
            self.health.live(name, live)
        checks = (("mongo", mongo), ("kafka", kafka), ("assignments", assigned), ("poison", not_poisoned))
        for name, ready in checks:
            self.health.ready(name, ready)

    async def refresh_figures(self) -> None:
        """Brings the figures up to date that are looked up rather than counted."""
        for refresh in self._figures:
            await refresh()
        count, oldest = await self.parking.waiting()
        self.metrics.parked.set(count)
        self.metrics.parked_oldest.set(oldest)
        for subscriber in self.broker.subscribers:
            consumer: Any = getattr(subscriber, "consumer", None)
            for partition in consumer.assignment() if consumer is not None else ():
                end, at = consumer.highwater(partition), await consumer.position(partition)
                if end is not None:
                    self.metrics.lag.labels(partition.topic, partition.partition).set(max(0, end - at))


def build(frame: Frame, parts: Parts) -> FastAPI:
    """The HTTP application of a service; its lifespan is the service's."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with frame.running(parts):
            yield

    app = FastAPI(title=f"zholdama {frame.name}", lifespan=lifespan, docs_url=None, redoc_url=None)
    answer_problems(app, parts.refusal, parts.statuses)
    app.include_router(health.doors(frame.health, frame.metrics, frame.refresh_figures))
    app.include_router(parts.router)
    if frame.settings.clock_file is not None:
        app.include_router(_clock_door(frame))
    app.add_middleware(Doorkeeper, metrics=frame.metrics)
    return app


async def announce(frame: Frame, parts: Parts) -> int:
    """States every aggregate again, under the sequence it has, and waits until all is published; returns how many."""
    count = await state_again(frame, parts.statements)
    await _emptied(parts)
    return count


async def state_again(frame: Frame, statements: Iterable[Statement]) -> int:
    """Puts every aggregate's state into its outbox once more; returns how many."""
    count = 0
    for statement in statements:
        last = ""
        while page := await statement.aggregates.find({"_id": {"$gt": last}}, limit=PAGE, sort=[("_id", 1)]):
            facts = [(stored, statement.fact(stored)) for stored in page]
            said = (
                statement.aggregates.restate(stored, fact, at=frame.clock.now())
                for stored, fact in facts
                if fact is not None
            )
            count += sum(await asyncio.gather(*said))
            last = page[-1].id
    return count


async def _emptied(parts: Parts) -> None:
    """What waited when the command had written is published; what a live service writes meanwhile is its own affair."""
    waiting = {"outbox.since": {"$lte": real_now()}}
    for each in parts.aggregates:
        while await each.count(waiting, limit=1):  # noqa: ASYNC110 - what is awaited is in the engine
            await asyncio.sleep(0.05)


def _clock_door(frame: Frame) -> APIRouter:
    router = APIRouter(tags=["test clock"])

    @router.get("/clock")
    async def clock() -> dict[str, str]:
        return {"now": frame.clock.now().isoformat(), "caught_up_to": frame.scheduler.caught_up_to().isoformat()}

    return router


def _outbox_index(each: Aggregates[Any]) -> Index:
    return Index(each.name, ("outbox_lease",), "outbox_waiting", partial={"outbox_count": {"$gt": 0}})


def _due_index(each: Due) -> Index:
    return Index(each.aggregates.name, ("due",), "due", partial={"due": {"$exists": True}})
