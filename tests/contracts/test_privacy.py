"""No topic carries personal data; a city topic names no person, application, child or category of a person."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

import contracts
from contracts import EVENTS, Event
from contracts.schemas import schema
from contracts.vacancy import PlaceCard

FOLDER = Path(contracts.__file__).parent

CITY_FIELDS = {
    "zholdama.vacancy.organisation.v1": {
        "organisation_id",
        "name_kk",
        "name_ru",
        "bin",
        "kind_kk",
        "kind_ru",
        "address_kk",
        "address_ru",
        "district",
        "phones",
        "website",
        "latitude",
        "longitude",
    },
    "zholdama.vacancy.place.v1": {
        "place_id",
        "organisation_id",
        "stream_id",
        "group_year",
        "language",
        "place_type",
        "state",
        "mode",
        "withdrawal_id",
        "token_owed",
    },
    "zholdama.vacancy.publication.v1": {"stream_id", "publication_id", "n", "day"},
    "zholdama.referral.bulletin.v1": {
        "referral_id",
        "referral_number",
        "organisation_id",
        "mode",
        "issued_at",
        "valid_until",
        "state",
    },
}
"""The closed list: a field enters it only after somebody has asked whether it names anybody."""

PERSONAL = re.compile(
    r"(^|_)(iin|name|names|surname|patronymic|email|mail|phone|phones|address|birth|born|sex|gender|diagnosis|"
    r"conclusion|pmpk|privilege|category|text|comment|note|xml|certificate|signature|token_value|latitude|longitude)(_|$)"
)

PUBLIC_CARD = {"name_kk", "name_ru", "address_kk", "address_ru", "phones", "latitude", "longitude"}
"""Of an organisation, printed on its gate."""


def is_public_card(model: type[BaseModel]) -> bool:
    return model is PlaceCard or getattr(model, "topic", "") == "zholdama.vacancy.organisation.v1"


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from models(part)


def city_topics() -> set[str]:
    described = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in (FOLDER / "topics").glob("*.yaml")]
    return {topic["topic"] for topic in described if topic["audience"] == "city"}


def free_texts(node: Any, path: str = "") -> Iterator[str]:
    """Fields that are strings without a pattern, a format or a closed list."""
    if isinstance(node, dict):
        if node.get("type") == "string" and not node.keys() & {"pattern", "format", "enum", "const"}:
            yield path
        for key, value in node.items():
            yield from free_texts(value, f"{path}/{key}")
    elif isinstance(node, list):
        for value in node:
            yield from free_texts(value, path)


def test_the_closed_list_covers_exactly_the_city_topics() -> None:
    assert set(CITY_FIELDS) == city_topics()


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_a_city_topic_carries_only_fields_of_the_closed_list(event: Event) -> None:
    if event.topic in CITY_FIELDS:
        assert set(event.fact.model_fields) <= CITY_FIELDS[event.topic]


def test_no_field_of_the_closed_list_names_a_person_or_what_is_theirs() -> None:
    for fields in CITY_FIELDS.values():
        assert not fields & {"application_id", "child_id", "child_ids", "held_by", "reader_id", "guardians", "hold_id"}


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_no_field_is_named_like_personal_data(event: Event) -> None:
    for model in models(event.fact):
        allowed = PUBLIC_CARD if is_public_card(model) else set()
        assert {field for field in model.model_fields if PERSONAL.search(field)} <= allowed


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_only_the_card_of_an_organisation_has_free_text(event: Event) -> None:
    card = {"name_kk", "name_ru", "kind_kk", "kind_ru", "address_kk", "address_ru", "district", "phones", "website"}
    card |= {"bin"}
    for path in free_texts(schema(event.fact)):
        field = path.split("/properties/")[-1].split("/")[0]
        assert field in card, path
        assert any(is_public_card(model) for model in models(event.fact)), path


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_twelve_digits_pass_nowhere_but_as_the_number_of_an_organisation(event: Event) -> None:
    patterns = re.findall(r'"pattern": "([^"]+)"', str(schema(event.fact)).replace("'", '"'))
    assert not [pattern for pattern in patterns if re.match(pattern, "210513600001")]


def test_the_guide_for_subscribers_names_exactly_the_city_topics() -> None:
    guide = (FOLDER.parent / "docs" / "subscribe.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(zholdama\.[a-z.]+\.v1)`", guide)) == city_topics()
