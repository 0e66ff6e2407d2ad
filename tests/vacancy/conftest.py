"""Vacancy served on the real engines."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from deploy.local.stack import Stack
from services.chassis.clock import Setting, real_now, write_setting
from services.chassis.security import Tokens
from services.chassis.service import Frame
from services.chassis.testing import Ears, Identity, Speaker, served, settings_from
from services.vacancy.app import compose, open_desk
from services.vacancy.settings import VacancySettings
from tests.vacancy.hall import MONDAY_EVENING, Hall

TOPICS = tuple(f"zholdama.vacancy.{name}.v1" for name in ("organisation", "place", "hold", "publication", "access"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hall(
    request: pytest.FixtureRequest, stack: Stack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hall]:
    """Nights pass unheard, but in a module that says at which hour the city is told again (`NIGHTLY`)."""
    clock_file = tmp_path_factory.mktemp("clock") / "clock.json"
    write_setting(clock_file, Setting(real_now(), MONDAY_EVENING, 0.0))
    more = {"clock_file": clock_file, "nightly_announcement": getattr(request.module, "NIGHTLY", None)}
    frame = Frame("vacancy", settings_from(VacancySettings, stack.environment("vacancy"), **more))
    identity = Identity(frame.clock)
    frame.tokens = Tokens(identity, frame.clock)
    speakers = {name: Speaker(name, stack.environment(name)) for name in ("auth", "queue", "referral")}
    for speaker in speakers.values():
        await speaker.__aenter__()
    async with served(frame, compose) as running, Ears(stack.kafka(), *TOPICS) as ears:
        yield Hall(running, open_desk(frame), identity, ears, speakers, clock_file)
    for speaker in speakers.values():
        await speaker.__aexit__()
