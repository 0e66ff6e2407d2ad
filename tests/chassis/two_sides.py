"""Two sides of a hop for tests: a service that says facts of ledgers and one that hears them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter

from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis.aggregates import Aggregates
from services.chassis.kafka import Hearing, Told
from services.chassis.scheduler import Due
from services.chassis.service import Frame, Parts
from services.chassis.settings import ServiceSettings
from services.chassis.testing import Served, eventually, served, settings_from

TOPIC = OpenedV1.topic


class Refusal(Exception):
    code = "REFUSED"


@dataclass(frozen=True, slots=True)
class Ledger:
    stream_id: str
    opened: int = 0


def stream() -> str:
    """A stream of its own for each test."""
    region = "".join(chr(97 + int(c, 16)) for c in uuid4().hex[:18])
    return f"{region}:correctional:SPEECH:2021"


def opened(stream_id: str, n: int = 1) -> OpenedV1:
    return OpenedV1(stream_id=stream_id, publication_id=str(uuid4()), n=n, day=datetime(2026, 12, 1, tzinfo=UTC).date())


def frame(stack: Stack, service: str) -> Frame:
    return Frame(service, settings_from(ServiceSettings, stack.environment(service)))


def parts(hearing: Hearing, *ledgers: Aggregates[Ledger], due: tuple[Due, ...] = ()) -> Parts:
    return Parts(APIRouter(), hearing, ledgers, Refusal, {}, due=due)


@asynccontextmanager
async def vacancy(stack: Stack) -> AsyncIterator[tuple[Frame, Aggregates[Ledger]]]:
    """The speaking side: a service with one collection of ledgers."""
    running = frame(stack, "vacancy")
    ledgers = running.database.aggregates(f"ledgers_{uuid4().hex[:8]}", Ledger)
    async with running.speaking(parts(Hearing("vacancy"), ledgers)):
        yield running, ledgers


@asynccontextmanager
async def queue(stack: Stack, hearing: Hearing) -> AsyncIterator[Served]:
    """The hearing side."""
    async with served(frame(stack, "queue"), lambda _: parts(hearing)) as running:
        yield running


class Heard:
    """What the hearing side was told about one stream, in the order it was told."""

    def __init__(self, stream_id: str) -> None:
        self.stream_id = stream_id
        self.sequences: list[int] = []
        self.before: Callable[[OpenedV1, Told], None] = lambda fact, told: None
        self.hearing = Hearing("queue")
        self.hearing.on(OpenedV1)(self._hear)

    async def _hear(self, fact: OpenedV1, told: Told) -> None:
        if fact.stream_id == self.stream_id:
            self.before(fact, told)
            self.sequences.append(told.sequence)

    async def all(self, *sequences: int, seconds: float = 15) -> None:
        async def complete() -> bool:
            return self.sequences == list(sequences)

        await eventually(complete, seconds)


async def is_so(said: bool) -> bool:
    return said


def connection(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        "bootstrap_servers": environment["ZHOLDAMA_KAFKA_BOOTSTRAP"],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": environment["ZHOLDAMA_KAFKA_USERNAME"],
        "sasl_plain_password": environment["ZHOLDAMA_KAFKA_PASSWORD"],
    }


def envelope_headers(subject: str) -> dict[str, str]:
    return {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": "/zholdama/vacancy",
        "ce_type": OpenedV1.type,
        "ce_subject": subject,
        "ce_sequence": "1",
        "ce_time": "2026-12-01T02:00:00Z",
    }
