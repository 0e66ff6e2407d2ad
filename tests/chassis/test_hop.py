"""Outbox → Kafka → effect, on the real engines: in order, nothing lost."""

import asyncio
from uuid import uuid4

from aiokafka import AIOKafkaConsumer
from fastapi import APIRouter

from contracts.envelope import Envelope
from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis.clock import RealClock
from services.chassis.kafka import Hearing
from services.chassis.service import Parts, Statement, announce
from services.chassis.testing import eventually
from tests.chassis.two_sides import (
    TOPIC,
    Heard,
    Ledger,
    Refusal,
    connection,
    frame,
    opened,
    parts,
    queue,
    stream,
    vacancy,
)


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


async def test_a_command_that_has_ended_leaves_nothing_unsaid(stack: Stack) -> None:
    command = frame(stack, "vacancy")
    ledgers = command.database.aggregates(f"ledgers_{uuid4().hex[:8]}", Ledger)
    async with command.acting(parts(Hearing("vacancy"), ledgers)):
        for each in [stream() for _ in range(60)]:
            await ledgers.add(each, Ledger(each), at=RealClock().now(), facts=[opened(each)])
    looking = frame(stack, "vacancy")
    written = looking.database.aggregates(ledgers.name, Ledger)
    assert await written.count({}, limit=100) == 60
    assert await written.count({"outbox_count": {"$gt": 0}}, limit=100) == 0
    looking.database.close()


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
