"""Make the topics and the rights on them what the topic files say: `python -m deploy.topics`.

Running it again changes nothing. Topics are created and widened, never removed or narrowed; rights that no topic file
gives are taken away.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (  # type: ignore[attr-defined]  # its stubs forget to say what it exports
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SUBSCRIBER = "subscriber"
"""The user other city systems are given on a test machine; it reads what is meant for the city and nothing else."""

_DAY_MS = 24 * 60 * 60 * 1000
_ANSWER_SECONDS = 20.0


class TopicSettings(BaseSettings):
    """Environment of the command (prefix ZHOLDAMA_): an administrator's access to the broker."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore", frozen=True)

    kafka_bootstrap: str
    kafka_username: str
    kafka_password: SecretStr
    kafka_security: Literal["SASL_PLAINTEXT", "SASL_SSL"]
    kafka_replication: int
    """On how many brokers each message is kept."""
    topics_dir: Path = Path("contracts/topics")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic file."""

    name: str
    producer: str
    consumers: tuple[str, ...]
    partitions: int
    retention_days: int
    city: bool

    @property
    def dead_letters(self) -> tuple[str, ...]:
        """Where each consumer puts what it cannot handle: `<topic>.<service>.dlq`."""
        return tuple(f"{self.name}.{consumer}.dlq" for consumer in self.consumers)


def read_topics(folder: Path) -> list[Topic]:
    """Every topic file of a folder. KeyError names the field that one lacks."""
    return [read_topic(path) for path in sorted(folder.glob("*.yaml"))]


def read_topic(file: Path) -> Topic:
    """One topic file."""
    said = yaml.safe_load(file.read_text())
    return Topic(
        name=said["topic"],
        producer=said["producer"],
        consumers=tuple(said["consumers"]),
        partitions=int(said["partitions"]),
        retention_days=int(said["retention_days"]),
        city=said["audience"] == "city",
    )


def rights(topics: Iterable[Topic]) -> set[AclBinding]:
    """What each service and the subscriber may do; everything else is refused by the broker."""
    wanted: set[AclBinding] = set()
    for topic in topics:
        wanted.add(_may(topic.producer, AclOperation.WRITE, topic.name))
        for consumer, letters in zip(topic.consumers, topic.dead_letters, strict=True):
            wanted.add(_may(consumer, AclOperation.READ, topic.name))
            wanted.add(_may(consumer, AclOperation.READ, letters))
            wanted.add(_may(consumer, AclOperation.WRITE, letters))
            wanted.add(_may_group(consumer))
        if topic.city:
            wanted.add(_may(SUBSCRIBER, AclOperation.READ, topic.name))
            wanted.add(_may_group(SUBSCRIBER))
    return wanted


def admin(connection: Mapping[str, str]) -> AdminClient:
    """An administrator's client. It connects when first asked something."""
    quick: dict[str, Any] = {"reconnect.backoff.ms": 50, "reconnect.backoff.max.ms": 250, "log_level": 0}
    return AdminClient({**quick, **connection})


def apply(client: AdminClient, topics: Sequence[Topic], *, replication: int = 1) -> None:
    """Bring the broker to what the files say. KafkaException when it refuses."""
    create(client, topics, replication)
    _grant(client, rights(topics))


def create(client: AdminClient, topics: Sequence[Topic], replication: int) -> None:
    """Make the topics that are missing, widen those that are too narrow, set how long they keep."""
    wanted = {topic.name: (topic.partitions, topic.retention_days) for topic in topics}
    wanted |= {letters: (1, topic.retention_days) for topic in topics for letters in topic.dead_letters}
    there = client.list_topics(timeout=_ANSWER_SECONDS).topics
    new = [
        NewTopic(name, partitions, replication, config={"retention.ms": str(days * _DAY_MS)})
        for name, (partitions, days) in wanted.items()
        if name not in there
    ]
    _settle(client.create_topics(new) if new else {}, KafkaError.TOPIC_ALREADY_EXISTS)
    old = {name: figures for name, figures in wanted.items() if name in there}
    wider = [NewPartitions(name, count) for name, (count, _) in old.items() if count > len(there[name].partitions)]
    _settle(client.create_partitions(wider) if wider else {})
    _keep_for(client, {name: days for name, (_, days) in old.items()})


def _keep_for(client: AdminClient, days: Mapping[str, int]) -> None:
    """Set the retention of topics whose file says another one than the broker."""
    if not days:
        return
    asked = client.describe_configs([ConfigResource(ConfigResource.Type.TOPIC, name) for name in days])
    changes = []
    for resource, answer in asked.items():
        wanted = str(days[resource.name] * _DAY_MS)
        if answer.result(_ANSWER_SECONDS)["retention.ms"].value != wanted:
            entry = ConfigEntry("retention.ms", wanted, incremental_operation=AlterConfigOpType.SET)
            change = ConfigResource(ConfigResource.Type.TOPIC, resource.name, incremental_configs=[entry])
            changes.append(change)
    _settle(client.incremental_alter_configs(changes) if changes else {})


def _grant(client: AdminClient, wanted: set[AclBinding]) -> None:
    there = _granted(client)
    missing = list(wanted - there)
    _settle(client.create_acls(missing) if missing else {})
    surplus = [_filter(binding) for binding in there - wanted]
    _settle(client.delete_acls(surplus) if surplus else {})
    end = time.monotonic() + _ANSWER_SECONDS
    while (
        _granted(client) != wanted and time.monotonic() < end
    ):  # the broker applies what the controller wrote a little later
        time.sleep(0.05)


def _granted(client: AdminClient) -> set[AclBinding]:
    everything = AclBindingFilter(
        ResourceType.ANY,
        None,  # type: ignore[arg-type]  # the library's own documentation: None matches any name, user and host
        ResourcePatternType.ANY,
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
    return set(client.describe_acls(everything).result(_ANSWER_SECONDS))


def _settle(answers: Mapping[Any, "Future[Any]"], *harmless: int) -> None:
    for answer in answers.values():
        try:
            answer.result(_ANSWER_SECONDS)
        except KafkaException as error:
            if error.args[0].code() not in harmless:
                raise


def _may(user: str, operation: AclOperation, topic: str) -> AclBinding:
    return AclBinding(
        ResourceType.TOPIC, topic, ResourcePatternType.LITERAL, f"User:{user}", "*", operation, AclPermissionType.ALLOW
    )


def _may_group(user: str) -> AclBinding:
    """A user's consumer groups begin with its name and a dot, so no one can take another's messages away."""
    pattern, operation = ResourcePatternType.PREFIXED, AclOperation.READ
    return AclBinding(ResourceType.GROUP, f"{user}.", pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)


def _filter(binding: AclBinding) -> AclBindingFilter:
    return AclBindingFilter(
        binding.restype,
        binding.name,
        binding.resource_pattern_type,
        binding.principal,
        binding.host,
        binding.operation,
        binding.permission_type,
    )


def main() -> None:
    """Apply the topic files to the broker that the environment names."""
    settings = TopicSettings()
    connection = {
        "bootstrap.servers": settings.kafka_bootstrap,
        "security.protocol": settings.kafka_security,
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": settings.kafka_username,
        "sasl.password": settings.kafka_password.get_secret_value(),
    }
    apply(admin(connection), read_topics(settings.topics_dir), replication=settings.kafka_replication)


if __name__ == "__main__":
    main()
