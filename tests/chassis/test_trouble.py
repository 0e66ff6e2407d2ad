"""What goes wrong at hearing, on the real engines: nothing is lost and nothing stands still."""

from typing import Any
from uuid import uuid4

import pytest
from pymongo.errors import NetworkTimeout

from contracts.vacancy import OpenedV1
from deploy.local.stack import Stack
from services.chassis import kafka
from services.chassis.errors import MONGO_UNREACHABLE, Park, Poison, Retry
from services.chassis.kafka import Told, listener
from services.chassis.redrive import redrive
from services.chassis.testing import Speaker, eventually
from tests.chassis.two_sides import TOPIC, Heard, envelope_headers, frame, opened, parts, queue, stream


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
