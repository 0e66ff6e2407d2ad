"""The register is a closed world: everything in it is described, and nothing lies beside it."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

import contracts
from contracts import EVENTS, PLANNED, SERVICES, Event, Fact

FOLDER = Path(contracts.__file__).parent
TOPICS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / "topics").glob("*.yaml"))
}
TYPE = re.compile(r"^(?P<domain>[a-z]+)\.(?P<aggregate>[a-z]+)\.(?P<fact>[a-z_]+)\.v(?P<version>[1-9])$")


def parts(type_: str) -> tuple[str, str, str, int]:
    found = TYPE.match(type_)
    assert found, f"{type_} is not <domain>.<aggregate>.<fact>.v<N>"
    return found["domain"], found["aggregate"], found["fact"], int(found["version"])


def every_fact_class() -> set[type[Fact]]:
    found: set[type[Fact]] = set()
    waiting: list[Any] = [Fact]
    while waiting:
        for heir in waiting.pop().__subclasses__():
            waiting.append(heir)
            if hasattr(heir, "type") and heir.__module__.startswith("contracts."):
                found.add(heir)
    return found


def by_topic() -> dict[str, list[Event]]:
    found = defaultdict(list)
    for event in EVENTS.values():
        found[event.topic].append(event)
    return dict(found)


def test_every_fact_class_is_registered_and_nothing_else() -> None:
    assert every_fact_class() == {event.fact for event in EVENTS.values()}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_type_topic_class_and_producer_tell_the_same_story(event: Event) -> None:
    domain, aggregate, fact, version = parts(event.type)
    assert event.topic == f"zholdama.{domain}.{aggregate}.v1"
    assert event.producer == domain
    assert domain in SERVICES
    assert set(event.hearers) <= set(SERVICES)
    said = "".join(word.title() for word in fact.split("_")) + f"V{version}"
    prefix = {aggregate.title(), domain.title() if aggregate == "access" else ""}
    assert event.fact.__name__ in {said, *(one + said for one in prefix)}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_every_fact_says_what_it_means(event: Event) -> None:
    assert event.fact.__doc__
    assert event.fact.__doc__.strip().endswith(".")
    assert event.fact.model_config.get("frozen") is True
    assert event.fact.model_config.get("extra") == "ignore"


def test_planned_names_are_well_formed_and_not_said_yet() -> None:
    for planned in PLANNED:
        domain, aggregate, _, version = parts(planned.type)
        assert version == 1
        assert planned.topic == f"zholdama.{domain}.{aggregate}.v1"
        assert planned.type not in EVENTS
        assert set(planned.hearers) <= set(SERVICES)
    assert len({planned.type for planned in PLANNED}) == len(PLANNED)


def test_versions_have_no_holes() -> None:
    versions = defaultdict(set)
    for type_ in EVENTS:
        domain, aggregate, fact, version = parts(type_)
        versions[domain, aggregate, fact].add(version)
    for name, seen in versions.items():
        assert seen == set(range(1, len(seen) + 1)), name


def test_every_topic_is_described_and_every_description_has_a_topic() -> None:
    assert set(TOPICS) == set(by_topic())


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic_says_everything_about_itself(name: str) -> None:
    topic = TOPICS[name]
    assert set(topic) == {
        "topic",
        "description",
        "producer",
        "consumers",
        "key",
        "partitions",
        "retention_days",
        "personal_data",
        "audience",
    }
    assert topic["topic"] == name
    assert len(topic["description"]) > 20
    assert topic["partitions"] == 6
    assert topic["retention_days"] == 30
    assert topic["personal_data"] == "none"
    assert topic["audience"] in {"internal", "city"}
    for event in by_topic()[name]:
        assert event.producer == topic["producer"]
        assert sorted(event.hearers) == sorted(topic["consumers"])


def test_a_topic_that_nobody_reads_is_for_the_city() -> None:
    assert {name for name, topic in TOPICS.items() if not topic["consumers"]} == {"zholdama.referral.bulletin.v1"}
    assert TOPICS["zholdama.referral.bulletin.v1"]["audience"] == "city"
