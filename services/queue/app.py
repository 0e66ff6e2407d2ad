"""The composition root: the only place where the parts of this service meet."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from contracts.access import QueueRecordReadV1
from services.chassis.clock import open_clock
from services.chassis.policy import load_policies
from services.chassis.reads import Reads
from services.chassis.service import Frame, Parts, Statement
from services.queue import api, events
from services.queue.consumer import follow, hear
from services.queue.domain.refusals import Refusal
from services.queue.gateways import Auth
from services.queue.settings import QueuePolicy, QueueSettings
from services.queue.store import INDEXES, Reading, Store
from services.queue.usecases import clockwork, recount
from services.queue.usecases.desk import Desk, can_be_served, rules_of


def frame() -> Frame:
    """What the chassis gives, by the environment."""
    return Frame("queue", QueueSettings())


def open_desk(frame: Frame) -> Desk:
    """The collections and the rules."""
    settings = frame.settings
    if not isinstance(settings, QueueSettings):
        raise TypeError("the settings are another service's")
    policies = load_policies(settings.policy_dir, settings.policy_profile, "queue", QueuePolicy)
    store = Store(frame.database)
    return Desk(store, Reading(frame.database, store.standing), can_be_served(rules_of(policies)), settings.region)


def compose(frame: Frame) -> Parts:
    """The service."""
    desk = open_desk(frame)
    store = desk.store
    reads = Reads(store.reads, QueueRecordReadV1)
    return Parts(
        router=api.doors(desk, frame.tokens, reads, Auth(frame.settings.auth_url, frame.own_token), frame.clock),
        hearing=hear(desk, frame.clock, frame.parking),
        follows=follow(desk, frame.clock),
        nightly=clockwork.nightly(desk, frame.clock),
        figures=(recount.figure(desk, frame.metrics.registry),),
        aggregates=(store.applications, store.appeals, store.streams, store.reads),
        refusal=Refusal,
        statuses=api.STATUSES,
        indexes=INDEXES,
        due=clockwork.due(desk),
        regularly=clockwork.regularly(desk, frame.clock),
        statements=(Statement(store.applications, events.stated), Statement(store.streams, events.stream_stated)),
    )


def business_now() -> datetime:
    """What time it is for a command that has not opened the office."""
    return open_clock(QueueSettings().clock_file).now()


@asynccontextmanager
async def open_office() -> AsyncIterator[tuple[Desk, datetime]]:
    """What a command works with: the engines connected, nothing heard."""
    running = frame()
    async with running.acting(compose(running)):
        yield open_desk(running), running.clock.now()
