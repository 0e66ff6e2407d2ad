"""Who only asks holds handles that cannot write: by their type, and by what they are when the service runs."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import pytest

from services.auth.store.secrets import make_secrets, read_secrets
from services.chassis.aggregates import AggregateReads, Aggregates
from services.chassis.mongo import Database, open_database
from services.chassis.records import Counters, Projections, Records
from services.referral.store.sealed import KeyRing

ROOT = Path(__file__).parents[2]
QUERIES = {
    "auth": ("access", "asking", "readers"),
    "queue": ("asking",),
    "vacancy": ("showing",),
    "referral": ("reading",),
    "notify": ("inbox",),
}
"""The use cases that only ask, by service."""
MODULES = [(service, name) for service, names in QUERIES.items() for name in names]

WRITERS = (Aggregates, Projections, Records, Counters)
WRITES = {"append", "add", "at_least", "keep", "next", "put", "remove", "restate", "save"}
"""The names under which handles of the chassis and of the services write."""


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def module_of(service: str, name: str) -> ModuleType:
    return importlib.import_module(f"services.{service}.usecases.{name}")


def store_of(service: str) -> Any:
    return importlib.import_module(f"services.{service}.store")


def questions(service: str, name: str) -> dict[str, Any]:
    module = module_of(service, name)
    found = inspect.getmembers(module, inspect.iscoroutinefunction)
    return {name: act for name, act in found if act.__module__ == module.__name__ and not name.startswith("_")}


@pytest.fixture
def database() -> Iterator[Database]:
    unopened = open_database("mongodb://127.0.0.1:1", "nobody", "nobody", lambda _collection, _id: None)
    yield unopened
    unopened.close()


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, tuple[Any, ...]]:
    """What a service's collections need beside the database."""
    make_secrets(tmp_path)
    return {"auth": (read_secrets(tmp_path),), "referral": (KeyRing(bytes(32)),)}


def handles(holder: object) -> Iterator[tuple[str, object]]:
    """Everything that can be reached from the read side without private names."""
    for name, handle in vars(holder).items():
        if not name.startswith("_"):
            yield name, handle
            yield from handles(handle)


def test_the_list_of_writing_names_is_whole() -> None:
    assert public(Aggregates) - public(AggregateReads) - WRITES == {"collection", "on_written"}
    assert WRITES | {"get", "find"} >= public(Projections) | public(Records) | public(Counters)


@pytest.mark.parametrize(("service", "name"), MODULES)
def test_who_asks_never_mentions_what_writes(service: str, name: str) -> None:
    text = (ROOT / "services" / service / "usecases" / f"{name}.py").read_text()

    assert re.findall(r"\b(?:Store|Desk|Aggregates|Projections|Records)\b", text) == []


@pytest.mark.parametrize(("service", "name"), MODULES)
def test_every_question_is_put_to_the_read_side(service: str, name: str) -> None:
    asked = questions(service, name)

    assert asked
    for act in asked.values():
        assert next(iter(get_type_hints(act).items())) == ("reading", store_of(service).Reading)


@pytest.mark.parametrize(("service", "name"), MODULES)
def test_the_doors_hand_over_the_read_side(service: str, name: str) -> None:
    asked = questions(service, name)
    sources = [*(ROOT / "services" / service).glob("api.py"), *(ROOT / "services" / service).glob("api/*.py")]
    calls = [
        node
        for source in sources
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in asked
        if ast.unparse(node.func.value) == name
    ]

    assert calls
    assert {ast.unparse(call.args[0]) for call in calls} <= {"reading", "desk.reading"}


@pytest.mark.parametrize("service", QUERIES)
def test_the_read_side_has_nothing_to_write_with(
    service: str, database: Database, keys: dict[str, tuple[Any, ...]]
) -> None:
    reading = store_of(service).Reading(database, *keys.get(service, ()))
    reached = list(handles(reading))

    assert reached
    assert public(type(reading)) & WRITES == set()
    assert [name for name, handle in reached if public(type(handle)) & WRITES or isinstance(handle, WRITERS)] == []


@pytest.mark.parametrize("service", QUERIES)
def test_the_write_side_answers_the_same_questions(service: str) -> None:
    store = store_of(service)

    assert issubclass(store.Store, store.Reading)
