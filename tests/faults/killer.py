"""kill -9, one service after another, always one that a story waits for; each time the one killed least so far."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

from deploy.local.stack import Stack
from deploy.local.trouble import Trouble
from tests.faults.steps import SERVICES, Street

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 2.5
WAIT_FOR_EFFECT_SECONDS = 30.0
WAIT_FOR_LEAST_SECONDS = 4.0
"""So long the service killed least may keep the others waiting until a story needs it."""
LOOK_SECONDS = 0.05


@dataclass
class Kills:
    """What was killed, when (real time), and how long it took to be ready again (seconds)."""

    of: Counter[str] = field(default_factory=Counter)
    moments: list[float] = field(default_factory=list)
    recoveries: list[float] = field(default_factory=list)

    def intervals_with_effect(self, street: Street) -> tuple[int, int]:
        """In how many of the intervals between kills something came of a story, and how many intervals there are."""
        pairs = list(zip(self.moments, self.moments[1:], strict=False))
        return sum(street.effects_between(*pair) > 0 for pair in pairs), len(pairs)


@dataclass
class Killer:
    """Kills until `count` is reached."""

    stack: Stack
    street: Street
    client: httpx.AsyncClient
    count: int
    dice: random.Random
    kills: Kills = field(default_factory=Kills)
    _down: set[str] = field(default_factory=set)
    _watches: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self) -> None:
        """Kills one service at a time; before the next, something has come of a story and the killed one is back."""
        since = time.monotonic()
        while len(self.kills.moments) < self.count:
            victim = self._victim(patient=time.monotonic() - since < WAIT_FOR_LEAST_SECONDS)
            if victim is None:
                await asyncio.sleep(LOOK_SECONDS)
                continue
            try:
                self.stack.kill(victim)
            except Trouble:  # it is being started just now
                await asyncio.sleep(LOOK_SECONDS)
                continue
            self.kills.of[victim] += 1
            self.kills.moments.append(time.time())
            self._watch(victim)
            await self._pause()
            since = time.monotonic()
        await asyncio.gather(*self._watches)

    def _victim(self, *, patient: bool) -> str | None:
        ready = self.street.needed() - self._down
        least = min(self.kills.of[service] for service in (SERVICES if patient else ready or SERVICES))
        found = sorted(service for service in ready if self.kills.of[service] == least)
        return self.dice.choice(found) if found else None

    async def _pause(self) -> None:
        begun = time.time()
        while time.time() - begun < WAIT_FOR_EFFECT_SECONDS:
            if not self._down and self.street.effects_between(begun, time.time()):
                break
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(self.dice.uniform(SHORTEST_PAUSE, LONGEST_PAUSE))

    def _watch(self, service: str) -> None:
        self._down.add(service)
        task = asyncio.create_task(self._await_ready(service, time.monotonic()))
        self._watches.add(task)
        task.add_done_callback(self._watches.discard)

    async def _await_ready(self, service: str, since: float) -> None:
        """Until the service says it is ready again: engines reached, every consumer with its partitions."""
        while True:
            try:
                if (await self.client.get(f"{self.stack.url(service)}/readyz", timeout=2)).status_code == 200:
                    break
            except httpx.TransportError:
                pass
            await asyncio.sleep(LOOK_SECONDS)
        self.kills.recoveries.append(time.monotonic() - since)
        self._down.discard(service)
