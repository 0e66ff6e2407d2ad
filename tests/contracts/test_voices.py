"""The register tells the truth about today: who says a fact has the words for it, who is named as a hearer listens."""

import ast
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
import yaml

import contracts
import services
from contracts import EVENTS, SERVICES, Event
from contracts.fields import Category, QueueType
from services.chassis.kafka import Hearing
from services.queue.domain import words

ROOMS = Path(services.__file__).parent
TOPICS = Path(contracts.__file__).parent / "topics"


def listens(service: str) -> set[str]:
    """The topics that a service's consumer has handlers for."""
    consumer = import_module(f"services.{service}.consumer")
    makers = [
        each
        for name, each in inspect.getmembers(consumer, inspect.isfunction)
        if not name.startswith("_") and inspect.signature(each).return_annotation in {Hearing, "Hearing"}
    ]
    assert len(makers) == 1, f"{service} has one function that makes its hearing"
    nothing = [None] * len(inspect.signature(makers[0]).parameters)
    return set(makers[0](*nothing).topics)


HEARD = {service: listens(service) for service in SERVICES}


def words_of(service: str) -> Iterator[str]:
    """Classes of contracts that a service speaks of anywhere but where it hears, as `contracts.module.Class`."""
    for file in (ROOMS / service).rglob("*.py"):
        if "consumer" in {file.stem, file.parent.name}:
            continue
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        imports = [(node.module, each) for node in nodes if isinstance(node, ast.ImportFrom) for each in node.names]
        known = {each.asname or each.name: each.name for module, each in imports if module == "contracts"}
        yield from (f"{module}.{each.name}" for module, each in imports if (module or "").startswith("contracts."))
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
                yield f"contracts.{known[node.value.id]}.{node.attr}"


SPOKEN = {service: frozenset(words_of(service)) for service in SERVICES}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_a_fact_that_is_said_today_has_a_producer_that_can_say_it(event: Event) -> None:
    assert f"{event.fact.__module__}.{event.fact.__name__}" in SPOKEN[event.producer]


@pytest.mark.parametrize("path", sorted(TOPICS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_hearers_of_a_topic_are_those_who_listen_to_it(path: Path) -> None:
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert set(described["consumers"]) == {service for service in SERVICES if path.stem in HEARD[service]}


@pytest.mark.parametrize("service", SERVICES)
def test_the_card_of_a_service_names_what_it_listens_to(service: str) -> None:
    card = next(
        line for line in (ROOMS / service / "__init__.py").read_text().splitlines() if line.startswith("Hears:")
    )
    for topic in HEARD[service]:
        _, domain, aggregate, _ = topic.split(".")
        named = {
            f"{domain}.{aggregate}",
            "itself" if domain == service else "",
            "access topics" if aggregate == "access" else "",
        }
        assert any(name and name in card for name in named), topic


def test_queue_types_and_categories_are_the_same_in_the_contract_and_in_the_queue() -> None:
    assert [each.value for each in QueueType] == [each.value for each in words.QueueType]
    assert [each.value for each in Category] == [each.value for each in words.Category]
