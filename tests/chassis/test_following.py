"""A replica's own ear: what fails is asked for again, and an ear that stays deaf is seen by the liveness of its process."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, CorruptRecordException, KafkaError

from deploy.local.stack import Stack
from services.chassis.kafka import Following, Subjects, following
from services.chassis.service import Frame
from services.chassis.testing import Speaker, eventually
from tests.chassis.two_sides import TOPIC, frame, opened, stream

PARTITION = TopicPartition(TOPIC, 0)


class Ear:
    """A consumer that fails as it is told, and then hears one message and nothing more."""

    def __init__(self, failures: Iterator[Exception], subject: bytes = b"s1") -> None:
        self._failures = failures
        self._subject = subject
        self._heard = False

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[ConsumerRecord]]:
        failure = next(self._failures, None)
        if failure is not None:
            raise failure
        if self._heard:
            await asyncio.sleep(3600)
        self._heard = True
        headers = (("ce_subject", self._subject),)
        return {PARTITION: [ConsumerRecord(TOPIC, 0, 0, 0, 0, None, b"{}", 0, 0, 2, headers)]}


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "RETRY_SECONDS", 0.001)


async def nothing() -> None:
    """There is no memory to build."""


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("failure", [CorruptRecordException(), KafkaError()])
async def test_an_error_of_the_broker_is_survived_and_what_came_is_heard(failure: Exception) -> None:
    ear: Any = Ear(iter([failure] * 3))
    assert await following.came(ear) == {TOPIC: frozenset({"s1"})}


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("failure", [CorruptRecordException(), ConsumerStoppedError()])
async def test_an_ear_that_stays_deaf_ends(failure: Exception) -> None:
    ear: Any = Ear(iter([failure] * following.DEAF_AFTER))
    with pytest.raises(type(failure)):
        await following.came(ear)


async def test_an_ear_that_has_ended_is_seen_by_the_liveness_of_its_process(stack: Stack) -> None:
    running, heard = frame(stack, "queue"), set[str]()

    async def hear(subjects: Subjects) -> None:
        heard.update(subjects[TOPIC])

    follower = await running._follow(Following((TOPIC,), nothing, hear))
    try:
        stream_id = stream()
        async with Speaker("vacancy", stack.environment("vacancy")) as speaker:
            await speaker.say(opened(stream_id), 1)
            await eventually(lambda: _is_in(stream_id, heard), 15)
        assert (await running.health.liveness())[1]["checks"]["following"]["ok"] is True  # type: ignore[index]

        assert follower._consumer is not None
        await follower._consumer.stop()

        await eventually(lambda: _is_red(running), 15)
    finally:
        await follower.stop()
        running.database.close()


async def _is_in(stream_id: str, heard: set[str]) -> bool:
    return stream_id in heard


async def _is_red(running: Frame) -> bool:
    return not (await running.health.liveness())[0]
