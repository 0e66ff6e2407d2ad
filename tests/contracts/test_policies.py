"""The dated rules of a city: in order, whole, and of one mind where two services count by one rule."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

import contracts
from contracts import SERVICES

PROFILES: dict[str, list[dict[str, Any]]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))["versions"]
    for path in (Path(contracts.__file__).parent / "policies").glob("*.yaml")
}


@pytest.mark.parametrize("profile", PROFILES)
def test_versions_of_a_profile_are_dated_and_in_order(profile: str) -> None:
    days = [version["valid_from"] for version in PROFILES[profile]]
    assert all(isinstance(day, date) for day in days)
    assert days == sorted(set(days))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_version_has_a_shared_section_and_sections_of_services_only(profile: str) -> None:
    for version in PROFILES[profile]:
        always = {"valid_from", "basis", "shared"}
        assert always <= set(version) <= {*always, "valid_until", *SERVICES}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_hour_is_written_as_a_text_and_not_as_sixties(profile: str) -> None:
    assert {type(version["shared"]["publish_time"]) for version in PROFILES[profile]} == {str}


@pytest.mark.parametrize("profile", PROFILES)
def test_queue_and_vacancy_forgive_the_same_delay_after_the_opening(profile: str) -> None:
    for version in PROFILES[profile]:
        assert version["queue"]["opening_grace_minutes"] == version["vacancy"]["opening_grace_minutes"]


@pytest.mark.parametrize("profile", PROFILES)
def test_queue_waits_for_as_long_as_vacancy_holds(profile: str) -> None:
    for version in PROFILES[profile]:
        assert version["queue"]["hold_minutes"] == version["vacancy"]["hold_minutes"]
