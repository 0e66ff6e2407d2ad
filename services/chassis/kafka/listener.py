"""Reads the topics of a hearing and brings every message to its end."""

import asyncio
import random
import time
from dataclasses import dataclass

import structlog
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from pymongo.errors import ConnectionFailure

from services.chassis.errors import MONGO_UNREACHABLE, Park, Poison, Retry
from services.chassis.kafka.hearing import UNKNOWN_TYPE, Heard, Hearing
from services.chassis.parking import Parking
from services.chassis.telemetry import Metrics

log = structlog.get_logger("kafka")

RETRY_BASE_SECONDS = 0.1
RETRY_CAP_SECONDS = 5.0
RETRY_BUDGET_SECONDS = 25.0
POISON_LIMIT = 20
SESSION_TIMEOUT_MS = 6000
HEARTBEAT_MS = 1500


@dataclass
class Ear:
    """The state of one topic's consumer, for health checks."""

    topic: str
    dead_in_a_row: int = 0
    stopped: bool = False
    heard_at: float = 0.0


class Listener:
    """Reads the topics of a hearing, one consumer and one group a topic, so that a slow topic delays no other."""

    def __init__(
        self, broker: KafkaBroker, hearing: Hearing, parking: Parking, metrics: Metrics, instance: str
    ) -> None:
        self._broker = broker
        self._hearing = hearing
        self._parking = parking
        self._metrics = metrics
        self.ears = {topic: Ear(topic) for topic in hearing.topics}
        for topic in hearing.topics:
            self._subscribe(topic, instance)

    def _subscribe(self, topic: str, instance: str) -> None:
        subscriber = self._broker.subscriber(
            topic,
            group_id=f"{self._hearing.service}.{topic}",
            group_instance_id=f"{self._hearing.service}-{instance}",
            auto_offset_reset="earliest",
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=HEARTBEAT_MS,
            fetch_max_wait_ms=250,
            title=topic,
        )

        async def receive(message: KafkaMessage) -> None:
            await self.receive(Heard.of(message.raw_message))

        subscriber(receive)

    async def receive(self, heard: Heard) -> None:
        """Brings one message to one of its four ends."""
        ear = self.ears[heard.topic]
        ear.heard_at = time.monotonic()
        reason = await self._handle(heard)
        if reason is None:
            ear.dead_in_a_row = 0
            return
        await self._put_aside(heard, reason)
        ear.dead_in_a_row += reason != UNKNOWN_TYPE  # a newer producer's facts are nobody's fault
        if ear.dead_in_a_row >= POISON_LIMIT:
            ear.stopped = True
            log.error("kafka.consumer_stopped", topic=heard.topic, reason=reason)
            await asyncio.Event().wait()

    async def _handle(self, heard: Heard) -> str | None:
        """Handles with retries; a reason when the message can not be handled."""
        begun, attempt = time.monotonic(), 0
        while True:
            try:
                used = await self._hearing.dispatch(heard)
            except Poison as error:
                return error.reason
            except Park as error:
                await self._park(heard, error.waits_for)
                return None
            except Exception as error:
                attempt += 1
                if not _engine_is_away(error) and time.monotonic() - begun > RETRY_BUDGET_SECONDS:
                    return f"failed_{type(error).__name__}"
                self._metrics.retries.labels(heard.topic).inc()
                log.warning("kafka.handler_failed", topic=heard.topic, attempt=attempt, exc_info=True)
                pause = min(RETRY_CAP_SECONDS, RETRY_BASE_SECONDS * 2 ** min(attempt, 10))
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads retries, no secret
            else:
                self._metrics.heard.labels(heard.topic, "handled" if used else "passed_over").inc()
                return None

    async def _park(self, heard: Heard, waits_for: str) -> None:
        """Keeps the message and looks once more: its cause may have been handled, and have called, just before it was kept."""
        told = heard.told()
        await self._parking.put(told.id, waits_for, heard)
        try:
            await self._hearing.dispatch(heard)
        except Park:
            self._metrics.heard.labels(heard.topic, "parked").inc()
        else:
            await self._parking.forget(told.id)
            self._metrics.heard.labels(heard.topic, "handled").inc()

    async def _put_aside(self, heard: Heard, reason: str) -> None:
        """The dead letter: the message as it was, and why; free text of an error never leaves the process."""
        group = self._hearing.service
        about = {
            "dlq-reason": reason,
            "dlq-group": group,
            "dlq-topic": heard.topic,
            "dlq-partition": str(heard.partition),
            "dlq-offset": str(heard.offset),
        }
        await self._broker.publish(
            heard.value, f"{heard.topic}.{group}.dlq", key=heard.key, headers=dict(heard.headers) | about
        )
        self._metrics.dead.labels(heard.topic, reason).inc()
        self._metrics.heard.labels(heard.topic, "dead_letter").inc()
        log.error("kafka.dead_letter", topic=heard.topic, partition=heard.partition, offset=heard.offset, reason=reason)


def _engine_is_away(error: Exception) -> bool:
    """Our own database does not answer: no message is to blame, and all wait until it does."""
    return isinstance(error, ConnectionFailure) or (isinstance(error, Retry) and error.code == MONGO_UNREACHABLE)
