"""Event hop: use case committed in one service → handler in another process; yardstick: raw aiokafka produce → consume."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import APIRouter

from benchmarks.figures import ratio, row
from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from services.chassis.kafka import Hearing, Told
from services.chassis.service import Frame, Parts
from services.chassis.settings import ServiceSettings

PER_SECOND = 50
SECONDS = 6
ROUNDS = 3
RAW_TOPIC = "zholdama.vacancy.place.v1"
"""Another topic with the same writer and reader: our consumer would take the yardstick's messages for poison."""
STREAM = "almaty:correctional:SPEECH:2021"

Send = Callable[[str], Awaitable[float]]


class Refusal(Exception):
    """Nothing is refused here."""

    code = "REFUSED"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The aggregate of the hop."""

    stream_id: str


def main() -> None:
    """Yardstick and ours in turn, so that both meet the same machine."""
    with temporary_stack("bench") as stack, TemporaryDirectory() as folder:
        stack.up_engines()
        raw: list[float] = []
        ours: list[float] = []
        for number in range(ROUNDS):
            raw += asyncio.run(_round(stack, "raw", Path(folder) / f"raw{number}"))
            ours += asyncio.run(_round(stack, "ours", Path(folder) / f"ours{number}"))
    row(f"raw aiokafka at {PER_SECOND}/s", raw)
    row(f"commit → handler at {PER_SECOND}/s", ours)
    ratio("hop", ours, raw, "at most 10 x, p50 at most 15 ms")


async def _round(stack: Stack, kind: str, heard: Path) -> list[float]:
    with _listening(stack, kind, heard):
        sent = await (_raw(stack) if kind == "raw" else _ours(stack))
        await asyncio.sleep(1)
    lines = (line.split() for line in heard.read_text().splitlines())
    return [float(at) - sent[id] for id, at in lines if id in sent]


@contextmanager
def _listening(stack: Stack, kind: str, heard: Path) -> Any:
    environment = os.environ | stack.environment("queue")
    words = [sys.executable, "-m", "benchmarks.bench_hop", kind, str(heard)]
    listener = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not heard.exists():
            time.sleep(0.1)
        yield
    finally:
        listener.terminate()
        listener.wait()


async def _paced(send: Send) -> dict[str, float]:
    sent: dict[str, float] = {}

    async def one(id: str) -> None:
        sent[id] = await send(id)

    async with asyncio.TaskGroup() as group:
        begun = time.monotonic()
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
            group.create_task(one(str(uuid4())))
    return sent


async def _raw(stack: Stack) -> dict[str, float]:
    producer = AIOKafkaProducer(acks="all", **_connection(stack.environment("vacancy")))
    await producer.start()

    async def send(id: str) -> float:
        at = time.time()
        await producer.send_and_wait(RAW_TOPIC, id.encode(), key=id.encode())
        return at

    try:
        return await _paced(send)
    finally:
        await producer.stop()


async def _ours(stack: Stack) -> dict[str, float]:
    frame = _frame("vacancy", stack.environment("vacancy"))
    ledgers = frame.database.aggregates("hop", Ledger)

    async def send(id: str) -> float:
        fact = OpenedV1(stream_id=STREAM, publication_id=id, n=1, day=date(2026, 12, 1))
        await ledgers.add(id, Ledger(STREAM), at=frame.clock.now(), facts=(fact,))
        return time.time()

    async with frame.speaking(Parts(APIRouter(), Hearing("vacancy"), (ledgers,), Refusal, {})):
        return await _paced(send)


async def _hear_raw(heard: Path) -> None:
    consumer = AIOKafkaConsumer(RAW_TOPIC, **_connection(dict(os.environ)))
    await consumer.start()
    heard.touch()
    with heard.open("a", buffering=1) as file:
        async for record in consumer:
            file.write(f"{(record.value or b'').decode()} {time.time()}\n")


async def _hear_ours(heard: Path) -> None:
    frame = _frame("queue", dict(os.environ))
    hearing = Hearing("queue")
    with heard.with_suffix(".open").open("a", buffering=1) as file:

        @hearing.on(OpenedV1)
        async def _(fact: OpenedV1, _: Told) -> None:
            file.write(f"{fact.publication_id} {time.time()}\n")

        async with frame.running(Parts(APIRouter(), hearing, (), Refusal, {})):
            while not (await frame.health.readiness())[0]:
                await asyncio.sleep(0.1)
            heard.with_suffix(".open").rename(heard)
            await asyncio.Event().wait()


def _frame(service: str, environment: dict[str, str]) -> Frame:
    prefix = "ZHOLDAMA_"
    told = {name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix)}
    return Frame(service, ServiceSettings.model_validate(told | {"log_level": "ERROR"}))


def _connection(environment: dict[str, str]) -> dict[str, Any]:
    return {
        "bootstrap_servers": environment["ZHOLDAMA_KAFKA_BOOTSTRAP"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": environment["ZHOLDAMA_KAFKA_USERNAME"],
        "sasl_plain_password": environment["ZHOLDAMA_KAFKA_PASSWORD"],
    }


if __name__ == "__main__":
    asyncio.run((_hear_raw if sys.argv[1] == "raw" else _hear_ours)(Path(sys.argv[2])))
