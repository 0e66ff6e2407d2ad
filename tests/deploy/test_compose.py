"""The compose file is whole: official engines, services and cabinet with health checks, and all that their settings ask for."""

import importlib
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.chassis.settings import Profile, ServiceSettings
from web.settings import WebSettings

ROOT = Path(__file__).parents[2]
SERVICES = ("auth", "queue", "vacancy", "referral", "notify")


@cache
def composed() -> dict[str, Any]:
    command = ["docker-compose", "--env-file", "deploy/compose.env.example", "config"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return dict(yaml.safe_load(printed)["services"])


def test_the_engines_are_the_official_images() -> None:
    images = {name: composed()[name]["image"].split(":")[0] for name in ("kafka", "mongo")}

    assert images == {"kafka": "apache/kafka", "mongo": "mongo"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_healthy_engines_and_tells_its_own_health(service: str) -> None:
    about = composed()[service]

    assert {name: each["condition"] for name, each in about["depends_on"].items()} == {
        "kafka": "service_healthy",
        "mongo": "service_healthy",
    }
    assert "/readyz" in " ".join(about["healthcheck"]["test"])
    assert about["read_only"] is True


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_all_that_its_settings_ask_for(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = composed()[service]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))

    settings = settings_of(service)()

    assert settings.profile is Profile.PRODUCTION
    assert {name.removeprefix("ZHOLDAMA_").lower() for name in environment} <= set(type(settings).model_fields)


def test_the_cabinet_is_built_from_its_own_stage_and_tells_its_own_health() -> None:
    about = composed()["web"]

    assert about["build"]["target"] == "cabinet"
    assert set(about["depends_on"]) == {"auth", "queue", "vacancy", "referral"}
    assert "/readyz" in " ".join(about["healthcheck"]["test"])
    assert about["read_only"] is True


def test_the_cabinet_is_told_all_that_its_settings_ask_for(monkeypatch: pytest.MonkeyPatch) -> None:
    environment: dict[str, str] = composed()["web"]["environment"]
    for name, value in environment.items():
        monkeypatch.setenv(name, str(value))

    settings = WebSettings()

    assert settings.profile is Profile.PRODUCTION
    assert {name.removeprefix("ZHOLDAMA_").lower() for name in environment} <= set(WebSettings.model_fields)


def settings_of(service: str) -> type[ServiceSettings]:
    module = importlib.import_module(f"services.{service}.settings")
    (found,) = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, ServiceSettings) and each is not ServiceSettings
    ]
    return found
