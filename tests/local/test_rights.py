"""Who may read and write which topic, asked of the real broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Producer, TopicPartition

from deploy import topics
from deploy.local.layout import SERVICES, TOPICS
from deploy.local.stack import Stack

ALL = topics.read_topics(TOPICS)
CITY = [topic for topic in ALL if topic.city]
INTERNAL = [topic for topic in ALL if not topic.city]


@contextmanager
def consumer(stack: Stack, user: str, group: str) -> Iterator[Consumer]:
    opened = Consumer({**stack.kafka(user), "group.id": group, "log_level": 0})
    try:
        yield opened
    finally:
        opened.close()


def refusal_to_read(stack: Stack, user: str, topic: str) -> int | None:
    """The broker's error when a user reads a topic from its beginning; None when it may."""
    with consumer(stack, user, f"{user}.test") as reader:
        said = reader.list_topics(topic, timeout=10).topics[topic].error
        if said is not None:
            return int(said.code())
        reader.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
        message = reader.poll(0.3)
        error = message.error() if message is not None else None
        return int(error.code()) if error is not None else None


def refusal_to_write(stack: Stack, user: str, topic: str) -> int | None:
    """The broker's error when a user writes to a topic; None when it may."""
    refused: list[int] = []
    writer = Producer({**stack.kafka(user), "acks": "all", "log_level": 0, "message.timeout.ms": 10_000})
    writer.produce(topic, b"{}", on_delivery=lambda error, _: refused.append(error.code()) if error else None)
    assert writer.flush(15) == 0
    return refused[0] if refused else None


def pick(producer_is_not: str, consumer_is_not: str) -> topics.Topic:
    """A topic that a service neither writes nor hears."""
    return next(t for t in ALL if t.producer != producer_is_not and consumer_is_not not in t.consumers)


def test_every_topic_of_the_contracts_is_there_with_its_partitions_and_dead_letters(stack: Stack) -> None:
    there = topics.admin(stack.kafka()).list_topics(timeout=10).topics
    for topic in ALL:
        assert len(there[topic.name].partitions) == topic.partitions
        assert set(topic.dead_letters) <= set(there)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_cannot_read_a_topic_that_is_not_meant_for_it(stack: Stack, service: str) -> None:
    foreign = pick(service, service)
    assert refusal_to_read(stack, service, foreign.name) == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_service_cannot_speak_in_the_name_of_another(stack: Stack) -> None:
    foreign = pick("notify", "notify")
    assert refusal_to_write(stack, "notify", foreign.name) == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_service_writes_what_it_says_and_puts_aside_what_it_cannot_handle(stack: Stack) -> None:
    said = next(topic for topic in ALL if topic.producer == "queue" and topic.consumers)
    assert refusal_to_write(stack, "queue", said.name) is None
    hearer = said.consumers[0]
    assert refusal_to_read(stack, hearer, said.name) is None
    assert refusal_to_write(stack, hearer, f"{said.name}.{hearer}.dlq") is None


@pytest.mark.parametrize("topic", [topic.name for topic in CITY])
def test_a_subscriber_reads_what_is_meant_for_the_city(stack: Stack, topic: str) -> None:
    assert refusal_to_read(stack, "subscriber", topic) is None


@pytest.mark.parametrize("topic", [topic.name for topic in INTERNAL])
def test_a_subscriber_reads_nothing_else(stack: Stack, topic: str) -> None:
    assert refusal_to_read(stack, "subscriber", topic) == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_subscriber_writes_nothing(stack: Stack) -> None:
    assert refusal_to_write(stack, "subscriber", CITY[0].name) == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_nobody_joins_the_consumer_groups_of_another(stack: Stack) -> None:
    with consumer(stack, "subscriber", "queue.group") as stranger:
        stranger.subscribe([CITY[0].name])
        message = stranger.poll(10)
        assert message is not None
        error = message.error()
        assert error is not None
        assert error.code() == KafkaError.GROUP_AUTHORIZATION_FAILED


def test_a_wrong_password_is_refused(stack: Stack) -> None:
    client = topics.admin({**stack.kafka("queue"), "sasl.password": "guessed"})
    with pytest.raises(KafkaException):
        client.list_topics(timeout=2)


def test_applying_the_topic_files_again_changes_nothing(stack: Stack) -> None:
    client = topics.admin(stack.kafka())
    before = sorted(client.list_topics(timeout=10).topics)
    stack.apply_topics()
    assert sorted(client.list_topics(timeout=10).topics) == before


def test_the_command_applies_the_same_files(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stack.environment("queue").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ZHOLDAMA_KAFKA_USERNAME", "admin")
    monkeypatch.setenv("ZHOLDAMA_KAFKA_PASSWORD", stack.kafka()["sasl.password"])
    monkeypatch.setenv("ZHOLDAMA_KAFKA_REPLICATION", "1")
    monkeypatch.setenv("ZHOLDAMA_TOPICS_DIR", str(TOPICS))
    topics.main()


def test_a_topic_file_can_widen_a_topic_and_change_its_retention(stack: Stack, tmp_path: Path) -> None:
    written = (TOPICS / f"{CITY[0].name}.yaml").read_text()
    wider = written.replace(f"partitions: {CITY[0].partitions}", f"partitions: {CITY[0].partitions + 1}")
    for name, said in (("first", written), ("second", wider.replace("retention_days: 30", "retention_days: 40"))):
        text = said.replace(CITY[0].name, "zholdama.trial.v1")
        (tmp_path / f"{name}.yaml").write_text(text)
        client = topics.admin(stack.kafka())
        topics.create(client, [topics.read_topic(tmp_path / f"{name}.yaml")], replication=1)
    found = client.list_topics("zholdama.trial.v1", timeout=10).topics["zholdama.trial.v1"]
    assert len(found.partitions) == CITY[0].partitions + 1
