"""Outbox → Kafka → effect, on the real engines: in order, nothing lost, nothing stuck."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer
from fastapi import APIRouter
from pymongo.errors import NetworkTimeout

from contracts.envelope import Envelope
from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis import kafka
from services.chassis.aggregates import Aggregates
from services.chassis.clock import RealClock
from services.chassis.errors import MONGO_UNREACHABLE, Park, Poison, Retry
from services.chassis.kafka import Hearing, Told, listener
from services.chassis.redrive import redrive
from services.chassis.scheduler import LEASE, Due
from services.chassis.service import Frame, Parts, Statement, announce
from services.chassis.settings import ServiceSettings
from services.chassis.testing import Served, Speaker, eventually, served, settings_from

TOPIC = OpenedV1.topic


class Refusal(Exception):
    code = "REFUSED"


@dataclass(frozen=True, slots=True)
class Ledger:
    stream_id: str
    opened: int = 0


def stream() -> str:
    """A stream of its own for each test; the year stays in the contract's range."""
    return f"almaty:correctional:{''.join(chr(65 + int(c, 16)) for c in uuid4().hex[:18])}:2021"


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


async def test_facts_of_one_aggregate_are_heard_in_order(stack: Stack) -> None:
    heard = Heard(stream())
    async with queue(stack, heard.hearing), vacancy(stack) as (_, ledgers):
        stored = await ledgers.add(
            heard.stream_id, Ledger(heard.stream_id), at=RealClock().now(), facts=[opened(heard.stream_id)]
        )
        for n in range(2, 12):
            state = Ledger(heard.stream_id, n)
            stored = await ledgers.save(stored, state, at=RealClock().now(), facts=[opened(heard.stream_id)])

        await heard.all(*range(1, 12))


async def test_what_a_crash_left_in_an_outbox_is_published_by_the_next_process(stack: Stack) -> None:
    heard = Heard(stream())
    dead = frame(stack, "vacancy")
    name = f"ledgers_{uuid4().hex[:8]}"
    ledgers = dead.database.aggregates(name, Ledger)
    await ledgers.add(heard.stream_id, Ledger(heard.stream_id), at=RealClock().now(), facts=[opened(heard.stream_id)])
    dead.database.close()

    alive = frame(stack, "vacancy")
    again = alive.database.aggregates(name, Ledger)
    async with queue(stack, heard.hearing), alive.speaking(parts(Hearing("vacancy"), again)):
        await heard.all(1)

        async def emptied() -> bool:
            return await again.count({"outbox_count": {"$gt": 0}}, limit=1) == 0

        await eventually(emptied)


async def test_announce_states_an_aggregate_under_the_sequence_it_has(stack: Stack) -> None:
    heard = Heard(stream())
    async with queue(stack, heard.hearing):
        running = frame(stack, "vacancy")
        ledgers = running.database.aggregates(f"ledgers_{uuid4().hex[:8]}", Ledger)
        said = Parts(
            APIRouter(), Hearing("vacancy"), [ledgers], Refusal, {},
            statements=[Statement(ledgers, lambda stored: opened(stored.state.stream_id, 7) if stored.state.opened else None)],
        )  # fmt: skip
        async with running.speaking(said):
            public = Ledger(heard.stream_id, opened=7)
            await ledgers.add(heard.stream_id, public, at=RealClock().now(), facts=[opened(heard.stream_id)])
            await ledgers.add("not public yet", Ledger(heard.stream_id), at=RealClock().now())

            assert await announce(running, said) == 1
            stored = await ledgers.get(heard.stream_id)
            assert stored is not None
            again = [await ledgers.restate(stored, opened(heard.stream_id, 7), at=RealClock().now())]
            await heard.all(1, 1, 1)
            assert again[0] is True


async def test_a_handler_that_fails_for_a_while_is_tried_again_and_order_holds(stack: Stack) -> None:
    heard = Heard(stream())
    failures = iter([Retry("NEIGHBOUR"), ValueError("not yet")])

    def fail(_: OpenedV1, told: Told) -> None:
        error = next(failures, None) if told.sequence == 1 else None
        if error is not None:
            raise error

    heard.before = fail
    async with queue(stack, heard.hearing), Speaker("vacancy", stack.environment("vacancy")) as speaker:
        await speaker.say(opened(heard.stream_id), 1)
        await speaker.say(opened(heard.stream_id), 2)

        await heard.all(1, 2)


BROKEN = {
    "unknown_type": ({"ce_type": "vacancy.publication.exploded.v1"}, b"{}"),
    "invalid_data": ({}, b"{broken"),
    "wrong_version": ({"ce_type": "vacancy.publication.opened.v2"}, b"{}"),
    "not_a_cloudevent": ({"ce_specversion": "0.3"}, b"{}"),
    "broken_envelope": ({"ce_sequence": "many"}, b"{}"),
}


@pytest.mark.parametrize("case", BROKEN)
async def test_a_broken_message_becomes_a_dead_letter_and_delays_nobody(stack: Stack, case: str) -> None:
    heard = Heard(stream())
    wrong, value = BROKEN[case]
    async with (
        queue(stack, heard.hearing) as running,
        Speaker("vacancy", stack.environment("vacancy")) as speaker,
    ):
        headers = envelope_headers(heard.stream_id) | wrong
        await speaker.broker.publish(value, TOPIC, key=heard.stream_id.encode(), headers=headers)
        await speaker.say(opened(heard.stream_id), 1)

        await heard.all(1)
        figures = (await running.client.get("/metrics")).text

    reason = "unknown_type" if case == "wrong_version" else case
    assert f'dead_letters_total{{reason="{reason}",topic="{TOPIC}"}} 1.0' in figures


async def test_a_header_that_is_no_text_is_survived(stack: Stack) -> None:
    heard = Heard(stream())
    async with queue(stack, heard.hearing), Speaker("vacancy", stack.environment("vacancy")) as speaker:
        producer: Any = speaker.broker._producer._producer.producer  # type: ignore[attr-defined]  # the library's own door takes only text headers
        await producer.send_and_wait(TOPIC, b"{}", key=b"k", headers=[("ce_id", b"\xff\xfe"), ("foreign", None)])
        await speaker.say(opened(heard.stream_id), 1)

        await heard.all(1)


async def test_a_fact_that_came_before_its_cause_waits_off_the_partition(stack: Stack) -> None:
    heard = Heard(stream())
    cause = f"ledger:{uuid4()}"
    known: set[str] = set()

    def wait(_: OpenedV1, told: Told) -> None:
        if told.sequence == 1 and cause not in known:
            raise Park(cause)

    heard.before = wait
    async with (
        queue(stack, heard.hearing) as running,
        Speaker("vacancy", stack.environment("vacancy")) as speaker,
    ):
        await speaker.say(opened(heard.stream_id), 1)
        await speaker.say(opened(heard.stream_id), 2)
        await heard.all(2)
        figures = (await running.client.get("/metrics")).text
        known.add(cause)

        assert await running.frame.parking.release(cause) == 1
        assert heard.sequences == [2, 1]
        assert "facts_parked 1.0" in figures


async def test_a_cause_that_calls_just_before_the_fact_is_kept_does_not_leave_it_waiting(stack: Stack) -> None:
    heard = Heard(stream())
    looks = 0

    def cause_comes_between(_: OpenedV1, told: Told) -> None:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise Park(f"ledger:{told.id}")

    heard.before = cause_comes_between
    async with queue(stack, heard.hearing), Speaker("vacancy", stack.environment("vacancy")) as speaker:
        await speaker.say(opened(heard.stream_id), 1)

        await heard.all(1)


async def test_a_message_on_the_wire_is_the_envelope_of_the_contracts(stack: Stack) -> None:
    heard = Heard(stream())
    consumer = AIOKafkaConsumer(TOPIC, auto_offset_reset="earliest", **connection(stack.environment("queue")))
    async with vacancy(stack) as (_, ledgers):
        fact = opened(heard.stream_id)
        await ledgers.add(heard.stream_id, Ledger(heard.stream_id), at=RealClock().now(), facts=[fact])
        await consumer.start()
        try:
            async with asyncio.timeout(15):
                record = await anext(record async for record in consumer if record.key == fact.key().encode())
        finally:
            await consumer.stop()

    headers = {name.removeprefix("ce_"): value.decode() for name, value in record.headers}
    envelope = Envelope.model_validate(
        headers | {"key": record.key.decode(), "data": OpenedV1.model_validate_json(record.value)}
    )
    assert (envelope.type, envelope.subject, envelope.sequence, envelope.data) == (fact.type, fact.subject(), 1, fact)


async def test_while_our_own_database_is_away_a_fact_waits_and_is_no_dead_letter(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "RETRY_BUDGET_SECONDS", 0.2)
    heard = Heard(stream())
    away = iter([Retry(MONGO_UNREACHABLE), NetworkTimeout(), Retry(MONGO_UNREACHABLE), Retry(MONGO_UNREACHABLE)])

    def database_is_away(_: OpenedV1, __: Told) -> None:
        error = next(away, None)
        if error is not None:
            raise error

    heard.before = database_is_away
    async with queue(stack, heard.hearing), Speaker("vacancy", stack.environment("vacancy")) as speaker:
        await speaker.say(opened(heard.stream_id), 1)

        await heard.all(1)


async def test_what_does_not_heal_in_time_becomes_a_dead_letter(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "RETRY_BUDGET_SECONDS", 0.2)
    heard = Heard(stream())

    def never(_: OpenedV1, told: Told) -> None:
        if told.sequence == 1:
            raise ValueError

    heard.before = never
    async with queue(stack, heard.hearing) as running, Speaker("vacancy", stack.environment("vacancy")) as speaker:
        await speaker.say(opened(heard.stream_id), 1)
        await speaker.say(opened(heard.stream_id), 2)

        await heard.all(2)
        figures = (await running.client.get("/metrics")).text

    assert f'dead_letters_total{{reason="failed_ValueError",topic="{TOPIC}"}} 1.0' in figures


async def test_a_burst_of_poison_stops_the_consumer_instead_of_pouring_the_topic_away(stack: Stack) -> None:
    heard = Heard(stream())

    def poison(_: OpenedV1, __: Told) -> None:
        raise Poison("never_good")

    heard.before = poison
    async with (
        queue(stack, heard.hearing) as running,
        Speaker("vacancy", stack.environment("vacancy")) as speaker,
    ):
        for n in range(kafka.POISON_LIMIT + 5):
            await speaker.say(opened(heard.stream_id), n + 1)

        async def red() -> bool:
            return (await running.client.get("/readyz")).status_code == 503

        await eventually(red)
        alive = await running.client.get("/livez")
        figures = (await running.client.get("/metrics")).text
        checks = (await running.client.get("/readyz")).json()["checks"]

    assert alive.status_code == 200
    assert checks["poison"]["ok"] is False
    assert f'dead_letters_total{{reason="never_good",topic="{TOPIC}"}} {float(kafka.POISON_LIMIT)}' in figures

    heard.before = lambda fact, told: None
    mended = frame(stack, "queue")
    whole = parts(heard.hearing)
    async with mended.speaking(whole):
        handled, failed = await redrive(mended, whole, TOPIC, 1000)

    assert handled >= kafka.POISON_LIMIT
    assert failed <= len(BROKEN) + 1
    assert heard.sequences == list(range(1, kafka.POISON_LIMIT + 1))


async def test_liveness_sees_a_dead_consumer(stack: Stack) -> None:
    heard = Heard(stream())
    async with queue(stack, heard.hearing) as running:
        for subscriber in running.frame.broker.subscribers:
            for task in subscriber.tasks:  # type: ignore[attr-defined]
                task.cancel()

        async def dead() -> bool:
            return (await running.client.get("/livez")).status_code == 503

        await eventually(dead, 5)


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
