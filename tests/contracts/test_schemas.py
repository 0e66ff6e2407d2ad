"""Schemas are snapshots; examples are what a reader may rely on."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

import contracts
from contracts import EVENTS, Event
from contracts.schemas import schema, text

FOLDER = Path(contracts.__file__).parent
VALID = sorted((FOLDER / "examples").glob("*/valid*.json"))
INVALID = sorted((FOLDER / "examples").glob("*/invalid_*.json"))


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_there_is_a_schema_for_every_fact_and_for_nothing_else() -> None:
    assert {path.name for path in (FOLDER / "schemas").iterdir()} == {f"{type_}.json" for type_ in EVENTS}


def test_there_is_a_valid_example_of_every_fact_and_no_stray_file() -> None:
    assert {path.parent.name for path in VALID} == set(EVENTS)
    assert {path.name for path in (FOLDER / "examples").iterdir()} == set(EVENTS)
    every = {path for path in (FOLDER / "examples").rglob("*") if path.is_file()}
    assert every == {*VALID, *INVALID}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_a_schema_changes_only_on_purpose(event: Event) -> None:
    published = (FOLDER / "schemas" / f"{event.type}.json").read_text(encoding="utf-8")
    assert published == text(event.fact), "run `make contracts` and look at the difference"


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_valid_example_is_valid_and_survives_a_round_trip(path: Path) -> None:
    event = EVENTS[path.parent.name]
    body = json.loads(path.read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.validate(body, schema(event.fact), jsonschema.Draft202012Validator, format_checker=checker)
    fact = event.fact.model_validate(body)
    assert fact.model_dump(mode="json", exclude_none=True) == body
    assert event.fact.model_validate_json(fact.model_dump_json()) == fact
    assert fact.key()
    assert fact.subject()


@pytest.mark.parametrize("path", VALID, ids=name)
def test_the_key_is_the_field_that_the_topic_names(path: Path) -> None:
    event = EVENTS[path.parent.name]
    topic = yaml.safe_load((FOLDER / "topics" / f"{event.topic}.yaml").read_text(encoding="utf-8"))
    body = json.loads(path.read_text(encoding="utf-8"))
    assert event.fact.model_validate(body).key() == body[topic["key"]]


@pytest.mark.parametrize("path", VALID, ids=name)
def test_a_reader_lets_unknown_fields_pass(path: Path) -> None:
    event = EVENTS[path.parent.name]
    body = json.loads(path.read_text(encoding="utf-8"))
    newer = body | {"added_later": True}
    assert event.fact.model_validate(newer) == event.fact.model_validate(body)
    jsonschema.validate(newer, schema(event.fact))


@pytest.mark.parametrize("path", INVALID, ids=name)
def test_an_invalid_example_is_refused_by_the_class_and_by_the_schema(path: Path) -> None:
    event = EVENTS[path.parent.name]
    body = json.loads(path.read_text(encoding="utf-8"))
    with pytest.raises(ValidationError):
        event.fact.model_validate(body)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, schema(event.fact))
