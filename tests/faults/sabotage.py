"""Runs a service with one of its promises broken, so that the checker of the fault runs can show that it notices.

``python -m tests.faults.sabotage outbox_cut queue``
"""

import asyncio
import runpy
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from deploy.local.programs import Program
from deploy.local.stack import Stack
from services.chassis.kafka import Heard, Listener
from services.chassis.relay import Relay
from tests.faults.steps import SERVICES

WINDOW_SECONDS = 0.25
"""How long a fact or an effect hangs in the air where the promise is broken."""


def outbox_cut() -> None:
    """A fact leaves the outbox before it is published, as if it had been said beside the write and not with it."""

    async def empty(self: Relay, collection: str, id: str) -> None:
        claimed = await self._claim(collection, id)
        if claimed is None:
            return
        await self._confirm(collection, claimed, len(claimed["outbox"]))
        await asyncio.sleep(WINDOW_SECONDS)
        for entry in claimed["outbox"]:
            await self._publish(entry)

    Relay._empty = empty  # type: ignore[method-assign]


def ack_first() -> None:
    """A fact is acknowledged when it arrives; its effect follows, in order, a moment later."""
    effect = Listener.receive
    lanes: dict[str, asyncio.Queue[Heard]] = {}
    workers: set[asyncio.Task[None]] = set()

    async def work(listener: Listener, lane: "asyncio.Queue[Heard]") -> None:
        while True:
            heard = await lane.get()
            await asyncio.sleep(WINDOW_SECONDS)
            await effect(listener, heard)

    async def receive(self: Listener, heard: Heard) -> None:
        if heard.topic not in lanes:
            lanes[heard.topic] = asyncio.Queue()
            workers.add(asyncio.create_task(work(self, lanes[heard.topic])))
        lanes[heard.topic].put_nowait(heard)

    Listener.receive = receive  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {"outbox_cut": outbox_cut, "ack_first": ack_first}


class SabotagedStack(Stack):
    """An instance whose services all run with one promise broken."""

    def __init__(self, *places: Any, sabotage: str, **more: Any) -> None:
        super().__init__(*places, **more)
        self._sabotage = sabotage

    def _program(self, name: str) -> Program:
        program = super()._program(name)
        if name not in SERVICES:
            return program
        return replace(program, command=[sys.executable, "-m", "tests.faults.sabotage", self._sabotage, name])


if __name__ == "__main__":
    kind, service = sys.argv.pop(1), sys.argv.pop(1)
    SABOTAGES[kind]()
    runpy.run_module(f"services.{service}", run_name="__main__", alter_sys=True)
