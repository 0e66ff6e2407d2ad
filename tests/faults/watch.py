"""What the city hears: the topics meant for other systems, read from the beginning as a subscriber does."""

import json
from collections.abc import Iterator
from typing import Any

from confluent_kafka import Consumer, TopicPartition

from contracts import referral, vacancy
from deploy.local.stack import Stack
from tests.faults.ledger import Books

TOPICS = (vacancy.OpenedV1.topic, vacancy.PublishedV1.topic, referral.BulletinIssuedV1.topic)


def read_city(stack: Stack, books: Books) -> int:
    """Writes into the books what was said to the city; returns how many facts came again under the id they had."""
    heard: set[str] = set()
    again = 0
    books.promised.clear()
    for topic in TOPICS:
        for headers, fact in _everything(stack, topic):
            if headers["ce_id"] in heard:
                again += 1
                continue
            heard.add(headers["ce_id"])
            _book(books, headers, fact)
    return again


def count_dead_letters(stack: Stack) -> int:
    """Messages in all dead-letter topics, as an operator sees them."""
    consumer: Any = Consumer(stack.kafka() | {"group.id": "fault-run"})
    try:
        topics = consumer.list_topics(timeout=20).topics
        letters = [
            (name, number) for name, topic in topics.items() if name.endswith(".dlq") for number in topic.partitions
        ]
        return sum(
            high - low for low, high in (consumer.get_watermark_offsets(TopicPartition(*each)) for each in letters)
        )
    finally:
        consumer.close()


def _book(books: Books, headers: dict[str, str], fact: dict[str, Any]) -> None:
    """Writes down what is about this town; others may live in the same instance."""
    kind = headers["ce_type"]
    ours = fact["organisation_id"] in books.organisations if "organisation_id" in fact else True
    if not ours or fact.get("stream_id") not in {None, *books.children.values()}:
        return
    if kind == vacancy.OpenedV1.type:
        stream_id = fact["stream_id"]
        books.promised[stream_id] = books.promised.get(stream_id, 0) + fact["n"]
    elif kind.startswith("vacancy.place."):
        books.place_state[fact["place_id"]] = fact["state"]
    elif kind.startswith("referral.bulletin."):
        books.bulletin.setdefault(fact["referral_id"], set()).add(fact["state"])


def _everything(stack: Stack, topic: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """All messages of a topic up to now, partition by partition."""
    consumer: Any = Consumer(stack.kafka("subscriber") | {"group.id": "subscriber.fault-run", "fetch.wait.max.ms": 10})
    try:
        for number in consumer.list_topics(topic, timeout=20).topics[topic].partitions:
            at, end = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=20)
            consumer.assign([TopicPartition(topic, number, at)])
            while at < end:
                record = consumer.poll(20)
                if record is None or record.error() is not None:
                    raise RuntimeError(f"{topic} cannot be read to its end")
                at = record.offset() + 1
                headers = {name: (value or b"").decode() for name, value in record.headers() or ()}
                yield headers, json.loads(record.value())
    finally:
        consumer.close()
