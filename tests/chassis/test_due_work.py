"""Due work: done when its moment has come, whatever happens to the process."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

from deploy.local.stack import Stack
from services.chassis.clock import RealClock
from services.chassis.errors import Retry
from services.chassis.kafka import Hearing
from services.chassis.scheduler import LEASE, Due
from services.chassis.service import Frame, Parts
from services.chassis.testing import eventually, served
from tests.chassis.two_sides import (
    Ledger,
    frame,
    is_so,
    parts,
)


async def test_work_is_done_when_its_moment_has_come_and_caught_up_after_downtime(stack: Stack) -> None:
    name = f"ledgers_{uuid4().hex[:8]}"
    before = frame(stack, "vacancy")
    missed = before.database.aggregates(name, Ledger)
    now = RealClock().now()
    for n in range(30):
        await missed.add(f"missed-{n}", Ledger("s"), at=now, due=now - timedelta(hours=n))
    await missed.add("later", Ledger("s"), at=now, due=now + timedelta(days=1))
    before.database.close()

    running = frame(stack, "vacancy")
    ledgers = running.database.aggregates(name, Ledger)
    done: list[str] = []

    async def act(id: str, at: datetime) -> None:
        stored = await ledgers.get(id)
        assert stored is not None
        await ledgers.save(stored, Ledger("s", stored.state.opened + 1), at=at)
        done.append(id)

    work = parts(Hearing("vacancy"), ledgers, due=(Due(ledgers, act),))
    async with served(running, lambda _: work):

        async def caught_up() -> bool:
            return running.scheduler.caught_up_to() >= now

        await eventually(caught_up)

    assert sorted(done) == sorted(f"missed-{n}" for n in range(30))


async def test_due_work_that_fails_stays_due(stack: Stack) -> None:
    running = frame(stack, "vacancy")
    ledgers = running.database.aggregates(f"ledgers_{uuid4().hex[:8]}", Ledger)
    attempts: list[datetime] = []

    async def act(id: str, at: datetime) -> None:
        attempts.append(at)
        if len(attempts) < 3:
            raise Retry("NEIGHBOUR")
        stored = await ledgers.get(id)
        assert stored is not None
        await ledgers.save(stored, Ledger("s", 1), at=at)

    work = parts(Hearing("vacancy"), ledgers, due=(Due(ledgers, act),))
    async with served(running, lambda _: work):
        await ledgers.add("x", Ledger("s"), at=RealClock().now(), due=RealClock().now())

        async def done() -> bool:
            stored = await ledgers.get("x")
            return stored is not None and stored.state.opened == 1

        await eventually(done)


async def test_a_long_act_keeps_its_work_and_a_killed_one_gives_it_up_within_seconds(stack: Stack) -> None:
    first, second = frame(stack, "vacancy"), frame(stack, "vacancy")
    name = f"ledgers_{uuid4().hex[:8]}"
    begun: list[str] = []

    def working(running: Frame, who: str, seconds: float) -> Parts:
        ledgers = running.database.aggregates(name, Ledger)

        async def act(id: str, at: datetime) -> None:
            begun.append(who)
            await asyncio.sleep(seconds)
            stored = await ledgers.get(id)
            assert stored is not None
            await ledgers.save(stored, Ledger("s", 1), at=at)

        return parts(Hearing("vacancy"), ledgers, due=(Due(ledgers, act),))

    long_act, quick_act = working(first, "first", LEASE.total_seconds() + 2), working(second, "second", 0)
    ledgers = long_act.aggregates[0]
    async with served(first, lambda _: long_act):
        await ledgers.add("long", Ledger("s"), at=RealClock().now(), due=RealClock().now())
        await eventually(lambda: is_so(begun == ["first"]))
        async with served(second, lambda _: quick_act):
            await asyncio.sleep(LEASE.total_seconds() + 0.5)
            assert begun == ["first"]
            await first.scheduler.stop()

            await eventually(lambda: is_so(begun == ["first", "second"]), LEASE.total_seconds() + 3)
