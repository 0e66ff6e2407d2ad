"""The topics that the city follows are stated again every night."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis.clock import Setting, real_now, write_setting
from services.chassis.kafka import Hearing
from services.chassis.service import Frame, Parts, Statement
from services.chassis.settings import ServiceSettings
from services.chassis.testing import Ears, eventually, served, settings_from
from tests.chassis.two_sides import TOPIC, Ledger, opened, parts, stream

EVENING = datetime(2026, 12, 1, 15, tzinfo=UTC)
"""20:00 in Almaty."""
NIGHT = timedelta(hours=8)


async def test_each_night_the_city_is_told_once_more_and_by_one_replica_only(stack: Stack, tmp_path: Path) -> None:
    clock_file = tmp_path / "clock.json"
    write_setting(clock_file, Setting(real_now(), EVENING, 0.0))
    stream_id, other = stream(), stream()
    suffix = uuid4().hex[:8]
    settings = settings_from(ServiceSettings, stack.environment("vacancy"), clock_file=clock_file)

    def compose(running: Frame) -> Parts:
        followed = running.database.aggregates(f"followed_{suffix}", Ledger)
        private = running.database.aggregates(f"private_{suffix}", Ledger)
        statements = [Statement(each, lambda stored: opened(stored.state.stream_id)) for each in (followed, private)]
        made = parts(Hearing("vacancy"), followed, private)
        return replace(made, statements=(replace(statements[0], nightly=True), statements[1]))

    first, second = Frame("vacancy", settings), Frame("vacancy", settings)
    async with served(first, compose) as one, served(second, compose), Ears(stack.kafka(), TOPIC) as ears:
        followed, private = one.parts.aggregates
        await followed.add(stream_id, Ledger(stream_id), at=EVENING)
        await private.add(other, Ledger(other), at=EVENING)

        for night in (1, 2):
            morning = EVENING + NIGHT + timedelta(days=night - 1)
            write_setting(clock_file, Setting(real_now(), morning, 0.0))

            async def caught_up(until: datetime = morning) -> bool:
                return all(frame.scheduler.caught_up_to() >= until for frame in (first, second))

            await eventually(caught_up)

            async def told(night: int = night) -> bool:
                return times(ears, stream_id) == night

            await eventually(told)
            await asyncio.sleep(0.3)
            assert times(ears, stream_id) == night

        assert times(ears, other) == 0


def times(ears: Ears, stream_id: str) -> int:
    """How often something was said of a stream; the same statement each night has the same id."""
    return sum(isinstance(each.fact, OpenedV1) and each.fact.stream_id == stream_id for each in ears.facts)
