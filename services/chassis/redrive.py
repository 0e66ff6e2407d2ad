"""Dead letters handled once more, by the service that put them aside, after what broke them has been mended."""

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.helpers import create_ssl_context

from services.chassis.errors import Park
from services.chassis.kafka import Heard
from services.chassis.service import Frame, Parts
from services.chassis.settings import KafkaSecurity

log = structlog.get_logger("redrive")

IDLE_MS = 1500


async def redrive(frame: Frame, parts: Parts, topic: str, limit: int) -> tuple[int, int]:
    """Handles at most `limit` dead letters of a topic; those that fail again are kept as new dead letters. (handled, failed)."""
    settings = frame.settings
    dead_topic = f"{topic}.{frame.name}.dlq"
    consumer = AIOKafkaConsumer(
        dead_topic,
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=f"{frame.name}.redrive.{topic}",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        security_protocol=settings.kafka_security.value,
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=settings.kafka_username,
        sasl_plain_password=settings.kafka_password.get_secret_value(),
        ssl_context=create_ssl_context() if settings.kafka_security is KafkaSecurity.SASL_SSL else None,
    )
    await consumer.start()
    handled = failed = 0
    try:
        ends = await consumer.end_offsets(list(consumer.assignment()))
        while handled + failed < limit:
            batch = await consumer.getmany(timeout_ms=IDLE_MS, max_records=min(100, limit - handled - failed))
            if not batch:
                break
            for partition, records in batch.items():
                for record in records:
                    if record.offset >= ends.get(partition, record.offset + 1):
                        return handled, failed
                    good = await _again(frame, parts, topic, Heard.of(record))
                    handled, failed = handled + good, failed + (not good)
                    await consumer.commit({TopicPartition(partition.topic, partition.partition): record.offset + 1})
    finally:
        await consumer.stop()
    return handled, failed


async def _again(frame: Frame, parts: Parts, topic: str, dead: Heard) -> bool:
    heard = Heard(topic, dead.partition, dead.offset, dead.key, dead.headers, dead.value)
    try:
        await parts.hearing.dispatch(heard)
    except Park as error:
        await frame.parking.put(heard.told().id, error.waits_for, heard)
    except Exception:
        log.warning("redrive.failed_again", topic=topic, exc_info=True)
        await frame.broker.publish(heard.value, f"{topic}.{frame.name}.dlq", key=heard.key, headers=dict(heard.headers))
        return False
    return True
