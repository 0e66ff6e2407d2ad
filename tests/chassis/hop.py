"""One side of a hop as a process of its own, to be killed: `hop.py say|hear RUN LEDGER [honest|outbox_cut|ack_first]`.

`say` writes aggregates with one fact each and notes in LEDGER what was acknowledged; `hear` tallies each fact once.
The two other ways of working are the mistakes that the book-keeping must find.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from fastapi import APIRouter

from contracts.vacancy import OpenedV1
from services.chassis import outbox
from services.chassis.aggregates import Aggregates, retry_stale
from services.chassis.errors import AlreadyExists
from services.chassis.kafka import Hearing, Told, publish_entry
from services.chassis.service import Frame, Parts
from services.chassis.settings import ServiceSettings

PAUSE_SECONDS = 0.015
SLOW_SECONDS = 0.25
background: set[asyncio.Task[None]] = set()


class Refusal(Exception):
    code = "REFUSED"


@dataclass(frozen=True, slots=True)
class Written:
    stream_id: str


@dataclass(frozen=True, slots=True)
class Tally:
    total: int = 0
    heard: frozenset[str] = frozenset()


def parts(hearing: Hearing, *aggregates: Aggregates[Any]) -> Parts:
    return Parts(APIRouter(), hearing, aggregates, Refusal, {})


def later(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    background.add(task)
    task.add_done_callback(background.discard)


async def say(run: str, ledger: Path, way: str) -> None:
    frame = Frame("vacancy", ServiceSettings())
    written = frame.database.aggregates(f"written_{run}", Written)
    stream_id = f"{run}:correctional:SPEECH:2021"

    async def publish_after_a_while(id: str, fact: OpenedV1) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        await publish_entry(frame.broker, outbox.entries("vacancy", "cut", id, 0, [fact], frame.clock.now())[0])

    async with frame.speaking(parts(Hearing("vacancy"), written)):
        while True:
            id = str(uuid4())
            fact = OpenedV1(stream_id=stream_id, publication_id=id, n=1, day=date(2026, 12, 1))
            facts = () if way == "outbox_cut" else (fact,)
            await written.add(id, Written(stream_id), at=frame.clock.now(), facts=facts)
            with ledger.open("a") as file:
                file.write(id + "\n")
            if way == "outbox_cut":
                later(publish_after_a_while(id, fact))
            await asyncio.sleep(PAUSE_SECONDS)


async def hear(run: str, way: str) -> None:
    frame = Frame("queue", ServiceSettings())
    tallies = frame.database.aggregates(f"tallies_{run}", Tally)
    hearing = Hearing("queue")

    @retry_stale
    async def tally(id: str) -> None:
        stored = await tallies.get("tally")
        if stored is None:
            return
        if id not in stored.state.heard:
            state = Tally(stored.state.total + 1, stored.state.heard | {id})
            await tallies.save(stored, state, at=frame.clock.now())

    async def tally_after_a_while(id: str) -> None:
        await asyncio.sleep(SLOW_SECONDS)
        await tally(id)

    @hearing.on(OpenedV1)
    async def _(fact: OpenedV1, _: Told) -> None:
        if run in fact.stream_id:
            if way == "ack_first":
                later(tally_after_a_while(fact.publication_id))
            else:
                await tally(fact.publication_id)

    with contextlib.suppress(AlreadyExists):
        await tallies.add("tally", Tally(), at=frame.clock.now())
    async with frame.running(parts(hearing, tallies)):
        await asyncio.Event().wait()


if __name__ == "__main__":
    side, run, ledger, way = sys.argv[1:]
    os.nice(1)
    asyncio.run(say(run, Path(ledger), way) if side == "say" else hear(run, way))
