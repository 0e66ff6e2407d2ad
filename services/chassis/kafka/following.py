"""Every replica's own ear. What a process keeps in memory follows all partitions of some topics, whoever wrote; nothing is
acknowledged, for a process that starts again builds its memory anew.

Only the subjects are taken from a message: what is so now is read from the collections, so that late, doubled and reordered
messages are harmless.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context

from services.chassis.settings import KafkaSecurity, ServiceSettings

log = structlog.get_logger("following")

AT_ONCE = 500
RETRY_SECONDS = 1.0
DEAF_AFTER = 30
"""So many failures in a row, and an ear is taken for deaf."""

Subjects = Mapping[str, frozenset[str]]
"""Ids by topic."""


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed: `build` makes the memory once the ear is open, `hear` is told of what changed after."""

    topics: tuple[str, ...]
    build: Callable[[], Awaitable[None]]
    hear: Callable[[Subjects], Awaitable[None]]


class Follower:
    """The ear of one process; one that follows nothing has none."""

    def __init__(self, settings: ServiceSettings, following: Following | None) -> None:
        self._settings = settings
        self._following = following
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Opens the ear at the end of the topics, and only then builds: what is written meanwhile is not missed."""
        settings, following = self._settings, self._following
        if following is None:
            return
        self._consumer = AIOKafkaConsumer(
            *following.topics,
            bootstrap_servers=settings.kafka_bootstrap.split(","),
            client_id=f"following-{settings.instance}",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=250,
            security_protocol=settings.kafka_security.value,
            sasl_mechanism="SCRAM-SHA-512",
            sasl_plain_username=settings.kafka_username,
            sasl_plain_password=settings.kafka_password.get_secret_value(),
            ssl_context=create_ssl_context() if settings.kafka_security is KafkaSecurity.SASL_SSL else None,
        )
        await self._consumer.start()
        await self._consumer.seek_to_end()
        await following.build()
        self._task = asyncio.create_task(self._follow(self._consumer, following))

    async def stop(self) -> None:
        """Closes the ear."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._consumer is not None:
            await self._consumer.stop()

    async def is_following(self) -> bool:
        """Whether the memory is built and kept up. What has ended does not begin again by itself: the process must, for
        only a memory built anew has missed nothing."""
        return self._task is not None and not self._task.done()

    async def _follow(self, consumer: AIOKafkaConsumer, following: Following) -> None:
        try:
            while True:
                subjects = await came(consumer)
                if subjects:
                    await _told(following, subjects)
        except Exception:
            log.exception("following.ended")
            raise


async def came(consumer: AIOKafkaConsumer) -> Subjects:
    """What came meanwhile. A failure moves no position, so the same is asked for again and nothing is missed; one that
    lasts is raised."""
    failures = 0
    while True:
        try:
            messages_by_partition = await consumer.getmany(timeout_ms=1000, max_records=AT_ONCE)
        except KafkaError:
            failures += 1
            if failures >= DEAF_AFTER:
                raise
            log.warning("following.not_read", exc_info=True)
            await asyncio.sleep(RETRY_SECONDS)
        else:
            break
    subjects: dict[str, set[str]] = {}
    for partition, messages in messages_by_partition.items():
        for message in messages:
            subject = dict(message.headers or ()).get("ce_subject") or message.key or b""
            subjects.setdefault(partition.topic, set()).add(subject.decode("utf-8", "replace"))
    return {topic: frozenset(ids) for topic, ids in subjects.items()}


async def _told(following: Following, subjects: Subjects) -> None:
    while True:
        try:
            await following.hear(subjects)
        except Exception:
            log.warning("following.not_heard", exc_info=True)
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return
