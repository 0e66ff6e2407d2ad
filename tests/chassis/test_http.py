"""Doors: every failure has one shape, nothing of the person's data comes back, every answer can be traced."""

from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from pymongo.errors import NetworkTimeout

from services.chassis.errors import NotFound, Retry, Stale
from services.chassis.http import BODY_LIMIT, Doorkeeper, answer_problems, long_poll
from services.chassis.telemetry import Metrics

SECRET = "210513600001"


class Refusal(Exception):
    code = "REFUSED"


class PlaceTaken(Refusal):
    code = "PLACE_TAKEN"


class NoSuchPlace(Refusal):
    code = "NO_SUCH_PLACE"


class Form(BaseModel):
    birth_date: date


def door() -> httpx.AsyncClient:
    app = FastAPI()
    answer_problems(app, Refusal, {"NO_SUCH_PLACE": 404})
    app.add_middleware(Doorkeeper, metrics=Metrics())

    @app.post("/form")
    async def form(form: Form) -> dict[str, str]:
        return {"born": form.birth_date.isoformat()}

    @app.get("/fail/{how}")
    async def fail(how: str) -> None:
        raise {
            "taken": PlaceTaken("another child has it"),
            "none": NoSuchPlace(),
            "hidden": NotFound(),
            "stale": Stale("x"),
            "away": Retry("AUTH_UNREACHABLE"),
            "engine": NetworkTimeout(SECRET),
            "bug": ValueError(SECRET),
        }[how]

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://door.invalid")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("taken", 409, "PLACE_TAKEN"),
        ("none", 404, "NO_SUCH_PLACE"),
        ("hidden", 404, "NOT_FOUND"),
        ("stale", 503, "TRY_LATER"),
        ("away", 503, "TRY_LATER"),
        ("engine", 503, "TRY_LATER"),
        ("bug", 500, "INTERNAL_ERROR"),
    ],
)
async def test_every_failure_is_a_problem_with_a_stable_code(how: str, status: int, code: str) -> None:
    async with door() as client:
        answer = await client.get(f"/fail/{how}")

    assert answer.status_code == status
    assert len(answer.headers["x-correlation-id"]) == 36
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["type"] == f"urn:zholdama:problem:{code.lower()}"
    assert SECRET not in answer.text


async def test_a_malformed_request_names_its_fields_and_repeats_no_value() -> None:
    async with door() as client:
        answer = await client.post("/form", json={"birth_date": SECRET})

    assert answer.status_code == 422
    assert answer.json()["code"] == "INVALID_REQUEST"
    assert answer.json()["fields"][0]["field"] == "body.birth_date"
    assert SECRET not in answer.text


async def test_a_door_that_does_not_exist_says_so_in_the_same_shape() -> None:
    async with door() as client:
        missing, wrong = await client.get("/nowhere"), await client.put("/form")

    assert (missing.status_code, missing.json()["code"]) == (404, "NO_SUCH_DOOR")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")


async def test_a_body_over_the_bound_is_refused_declared_or_not() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(BODY_LIMIT // 1000 + 2):
            yield b" " * 1000

    async with door() as client:
        declared = await client.post("/form", content=b" " * (BODY_LIMIT + 1))
        undeclared = await client.post("/form", content=endless())

    assert (declared.status_code, declared.json()["code"]) == (413, "REQUEST_TOO_LARGE")
    assert (undeclared.status_code, undeclared.json()["code"]) in {(400, "BAD_REQUEST"), (413, "REQUEST_TOO_LARGE")}


async def test_a_correlation_id_is_kept_when_it_is_plain_and_made_when_it_is_not() -> None:
    async with door() as client:
        kept = await client.get("/nowhere", headers={"X-Correlation-Id": "abc-123"})
        made = await client.get("/nowhere", headers={"X-Correlation-Id": 'x" onload='})

    assert kept.headers["x-correlation-id"] == "abc-123"
    assert len(made.headers["x-correlation-id"]) == 36


async def test_a_long_poll_answers_at_once_when_final_and_at_its_end_when_not() -> None:
    looks = 0

    async def third_time() -> tuple[bool, int]:
        nonlocal looks
        looks += 1
        return looks >= 3, looks

    async def never() -> tuple[bool, str]:
        return False, "still waiting"

    assert await long_poll(third_time, 5) == 3
    assert await long_poll(never, 0.1) == "still waiting"
