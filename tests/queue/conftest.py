"""The waiting list served on the real engines."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from pymongo import MongoClient

from deploy.local.stack import Stack
from services.chassis.clock import Setting, real_now, write_setting
from services.chassis.security import Tokens
from services.chassis.service import Frame
from services.chassis.testing import Ears, Identity, Speaker, served, settings_from
from services.queue.app import compose, open_desk
from services.queue.settings import QueueSettings
from tests.queue.office import TUESDAY, Office


def forget_nights(stack: Stack) -> None:
    """Time begins anew with each module: no night's work has been done yet in the database that all share."""
    with MongoClient[dict[str, object]](stack.mongo_url("queue")) as client:
        for works in ("recounts", "closings"):
            client["queue"][works].delete_many({})


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    clock_file = tmp_path_factory.mktemp("clock") / "clock.json"
    write_setting(clock_file, Setting(real_now(), TUESDAY, 0.0))
    environment = stack.environment("queue")
    settings = settings_from(QueueSettings, environment, clock_file=clock_file)
    frame = Frame("queue", settings)
    identity = Identity(frame.clock)
    frame.tokens = Tokens(identity, frame.clock)
    topics = tuple(f"zholdama.queue.{name}.v1" for name in ("stream", "application", "access", "appeal"))
    speakers = {
        name: Speaker(name, stack.environment(name)) for name in ("auth", "queue", "vacancy", "referral", "notify")
    }
    for speaker in speakers.values():
        await speaker.__aenter__()
    await asyncio.to_thread(forget_nights, stack)
    async with served(frame, compose) as running, Ears(stack.kafka(), *topics) as ears:
        made = Office(running, open_desk(frame), identity, ears, speakers, clock_file, environment)
        await made.move(TUESDAY)
        yield made
    for speaker in speakers.values():
        await speaker.__aexit__()


_years = iter(range(2000, 2100))


@pytest.fixture
def year() -> int:
    """A group year, and so a stream, that no other test uses."""
    return next(_years)
