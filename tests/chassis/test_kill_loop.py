"""kill -9 of either side of a hop loses nothing and doubles nothing; the same book-keeping finds both classic mistakes."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from services.chassis.mongo import open_database
from services.chassis.testing import eventually

HOP = Path(__file__).with_name("hop.py")
ROOT = Path(__file__).parents[2]
SETTLE_SECONDS = 9.0
SERVICE = {"say": "vacancy", "hear": "queue"}


@dataclass
class Books:
    """What was acknowledged, what came of it, and whether work went on between the kills."""

    lost: int
    doubled: int
    written: int
    intervals_with_effect: int
    kills: int


@dataclass
class Hop:
    """Both sides of a hop, as processes."""

    stack: Stack
    way: str
    folder: Path
    run: str = field(default_factory=lambda: "".join(chr(97 + int(c, 16)) for c in uuid4().hex[:16]))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    def start(self, side: str) -> None:
        words = [sys.executable, str(HOP), side, self.run, str(self.ledger), self.way]
        environment = os.environ | self.stack.environment(SERVICE[side]) | {"PYTHONPATH": str(ROOT)}
        log = (self.folder / f"{side}.log").open("ab")
        with log:
            self.processes[side] = subprocess.Popen(words, env=environment, stdout=log, stderr=log)

    def kill(self, side: str) -> None:
        self.processes[side].send_signal(signal.SIGKILL)
        self.processes[side].wait()

    def acknowledged(self) -> set[str]:
        return set(self.ledger.read_text().split()) if self.ledger.exists() else set()

    async def tally(self) -> tuple[int, set[str]]:
        environment = self.stack.environment("queue")
        database = open_database(
            environment["ZHOLDAMA_MONGO_URL"], environment["ZHOLDAMA_MONGO_DATABASE"], "queue", lambda _, __: None
        )
        try:
            document = await database.projections(f"tallies_{self.run}").get("tally")
            return (document["total"], set(document["heard"])) if document else (0, set())
        finally:
            database.close()


async def run_and_kill(hop: Hop, kills: int, pick: random.Random) -> Books:
    hop.start("hear")
    hop.start("say")
    try:
        await eventually(lambda: heard_more_than(hop, 0), 30)
        intervals = 0
        for number in range(kills):
            before, _ = await hop.tally()
            intervals += await within(6, lambda: heard_more_than(hop, before))  # noqa: B023 - awaited before the next turn
            await asyncio.sleep(pick.uniform(0.1, 0.5))
            side = ("say", "hear")[number % 2]
            hop.kill(side)
            hop.start(side)
        await asyncio.sleep(1.5)
        hop.kill("say")
        return await balance(hop, kills, intervals)
    finally:
        for side in hop.processes:
            hop.kill(side)


async def within(seconds: float, check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await eventually(check, seconds)
    except AssertionError:
        return False


async def heard_more_than(hop: Hop, count: int) -> bool:
    return (await hop.tally())[0] > count


async def balance(hop: Hop, kills: int, intervals: int) -> Books:
    """A last sender empties the outboxes, leases of killed ones included; then the books of what came before are closed."""
    acknowledged = hop.acknowledged()
    hop.start("say")
    until = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < until:
        total, heard = await hop.tally()
        if acknowledged <= heard:
            break
        await asyncio.sleep(0.3)
    return Books(len(acknowledged - heard), total - len(heard), len(acknowledged), intervals, kills)


async def test_killing_either_side_loses_and_doubles_nothing(stack: Stack, tmp_path: Path) -> None:
    books = await run_and_kill(Hop(stack, "honest", tmp_path), 6, random.Random(1))

    assert (books.lost, books.doubled) == (0, 0)
    assert books.intervals_with_effect == books.kills
    assert books.written > 10 * books.kills


@pytest.mark.drill
@pytest.mark.parametrize("mistake", ["outbox_cut", "ack_first"])
async def test_the_books_find_a_mistake_when_it_is_made(stack: Stack, tmp_path: Path, mistake: str) -> None:
    books = await run_and_kill(Hop(stack, mistake, tmp_path), 4, random.Random(2))

    assert books.lost >= 1
