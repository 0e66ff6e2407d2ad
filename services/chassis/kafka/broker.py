"""The connection to the broker and a fact on its way out."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.helpers import create_ssl_context
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLScram512

from services.chassis.errors import Retry
from services.chassis.outbox import Entry
from services.chassis.settings import KafkaSecurity, ServiceSettings

TOPICS_WAIT_SECONDS = 30.0
TOPICS_LOOK_SECONDS = 0.2


async def clean_headers(record: ConsumerRecord[bytes, bytes], original: Callable[..., Awaitable[Any]]) -> Any:
    """Makes headers decodable before the library reads them: otherwise it would skip such a message silently."""
    if isinstance(record, ConsumerRecord):
        texts = tuple((n, (v or b"").decode("utf-8", "backslashreplace").encode()) for n, v in record.headers or ())
        cleaned = replace(record, headers=texts, value=record.value or b"")
        for name in ("consumer",):
            if hasattr(record, name):
                object.__setattr__(cleaned, name, getattr(record, name))
        record = cleaned
    return await original(record)


async def as_it_is(message: Any) -> Any:
    """No decoding by the library: the chassis reads the bytes, so that every failure has one way to end."""
    return message


def open_broker(settings: ServiceSettings, service: str) -> KafkaBroker:
    """The broker of a service process; nothing is connected before start."""
    secure = settings.kafka_security is KafkaSecurity.SASL_SSL
    security: BaseSecurity = SASLScram512(
        settings.kafka_username, settings.kafka_password.get_secret_value(), use_ssl=secure
    )
    return KafkaBroker(
        settings.kafka_bootstrap.split(","),
        client_id=f"{service}-{settings.instance}",
        acks="all",
        enable_idempotence=False,
        request_timeout_ms=10_000,
        linger_ms=0,
        allow_auto_create_topics=False,
        ack_policy=AckPolicy.NACK_ON_ERROR,
        graceful_timeout=10.0,
        parser=clean_headers,
        decoder=as_it_is,
        apply_types=False,
        security=security,
        logger=None,
    )


async def wait_for_topics(settings: ServiceSettings, topics: Sequence[str]) -> None:
    """Returns when the broker shows all topics to this user: on its first seconds it may not yet know them or the rights."""
    admin = AIOKafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        security_protocol=settings.kafka_security.value,
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=settings.kafka_username,
        sasl_plain_password=settings.kafka_password.get_secret_value(),
        ssl_context=create_ssl_context() if settings.kafka_security is KafkaSecurity.SASL_SSL else None,
    )
    await admin.start()
    try:
        until = time.monotonic() + TOPICS_WAIT_SECONDS
        while missing := set(topics) - set(await admin.list_topics()):
            if time.monotonic() > until:
                raise Retry("TOPICS_MISSING_OR_FORBIDDEN: " + ", ".join(sorted(missing)))
            await asyncio.sleep(TOPICS_LOOK_SECONDS)
    finally:
        await admin.close()


async def publish_entry(broker: KafkaBroker, entry: Entry) -> None:
    """One fact of an outbox as a CloudEvent, confirmed by all in-sync replicas."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": entry["id"],
        "ce_source": entry["source"],
        "ce_type": entry["type"],
        "ce_subject": entry["subject"],
        "ce_time": entry["time"].isoformat().replace("+00:00", "Z"),
        "ce_sequence": str(entry["sequence"]),
        "ce_partitionkey": entry["key"],
        "content-type": "application/json",
    }
    if entry["traceparent"]:
        headers["traceparent"] = entry["traceparent"]
    await broker.publish(entry["data"].encode(), entry["topic"], key=entry["key"].encode(), headers=headers)
