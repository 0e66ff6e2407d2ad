"""Tokens are checked offline, by kind, by business time, and by nobody's word but the identity service's key."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import httpx
import jwt
import pytest
from fastapi import Depends, FastAPI

from services.chassis.clock import SetClock
from services.chassis.errors import Unauthenticated
from services.chassis.http import Doorkeeper, answer_problems
from services.chassis.security import Person, Tokens
from services.chassis.telemetry import Metrics
from services.chassis.testing import Identity


class Refusal(Exception):
    code = "REFUSED"


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 12, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def identity(clock: SetClock) -> Identity:
    return Identity(clock)


@pytest.fixture
def client(identity: Identity, clock: SetClock) -> httpx.AsyncClient:
    tokens = Tokens(identity, clock)
    app = FastAPI()
    answer_problems(app, Refusal, {})
    app.add_middleware(Doorkeeper, metrics=Metrics())

    @app.get("/mine")
    async def mine(person: Annotated[Person, Depends(tokens.person)]) -> str:
        return person.person_id

    @app.get("/first")
    async def first(person: Annotated[Person, Depends(tokens.newcomer)]) -> str:
        return person.person_id

    @app.get("/desk")
    async def desk(person: Annotated[Person, Depends(tokens.staff("clerk"))]) -> str:
        return person.person_id

    @app.get("/inside")
    async def inside(service: Annotated[str, Depends(tokens.service("notify"))]) -> str:
        return service

    @app.get("/stated/{statement}")
    async def stated(statement: str) -> str:
        return str((await tokens.statement(statement, "filing"))["child_id"])

    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://door.invalid")


async def code(client: httpx.AsyncClient, door: str, headers: dict[str, str]) -> tuple[int, str]:
    answer = await client.get(door, headers=headers)
    body = answer.json()
    return answer.status_code, body["code"] if isinstance(body, dict) else body


async def test_a_person_in_session_is_let_in(client: httpx.AsyncClient, identity: Identity) -> None:
    assert await code(client, "/mine", identity.person("p1")) == (200, "p1")


async def test_without_a_token_one_is_asked_to_log_in(client: httpx.AsyncClient) -> None:
    assert await code(client, "/mine", {}) == (401, "UNAUTHENTICATED")


async def test_before_the_email_is_given_only_the_first_door_is_open(
    client: httpx.AsyncClient, identity: Identity
) -> None:
    newcomer = identity.person("p1", email_required=True)

    assert await code(client, "/mine", newcomer) == (403, "EMAIL_REQUIRED")
    assert await code(client, "/first", newcomer) == (200, "p1")


async def test_a_token_ends_by_business_time(client: httpx.AsyncClient, identity: Identity, clock: SetClock) -> None:
    header = identity.person("p1")
    clock.move(timedelta(minutes=6))

    assert await code(client, "/mine", header) == (401, "UNAUTHENTICATED")


class Counting(Identity):
    """Counts how often a key is asked for: as often as a signature is verified."""

    asked = 0

    async def get(self, kid: str) -> jwt.PyJWK | None:
        self.asked += 1
        return await super().get(kid)


async def test_a_token_is_verified_once_and_still_ends_and_still_opens_no_other_door(clock: SetClock) -> None:
    identity = Counting(clock)
    tokens = Tokens(identity, clock)
    token = identity.token("access", "p-1")
    for _ in range(3):
        assert (await tokens.claims(token, "access"))["sub"] == "p-1"
    assert identity.asked == 1
    with pytest.raises(Unauthenticated):
        await tokens.claims(token, "service")
    with pytest.raises(Unauthenticated):
        await tokens.claims(token[:-4] + "AAAA", "access")
    clock.move(timedelta(minutes=6))
    with pytest.raises(Unauthenticated):
        await tokens.claims(token, "access")


async def test_a_token_of_tomorrow_is_not_valid_today(
    client: httpx.AsyncClient, clock: SetClock, identity: Identity
) -> None:
    clock.move(timedelta(days=1))
    header = identity.person("p1")
    clock.move(-timedelta(days=1))

    assert await code(client, "/mine", header) == (401, "UNAUTHENTICATED")


async def test_one_kind_of_token_does_not_open_the_door_of_another(
    client: httpx.AsyncClient, identity: Identity
) -> None:
    assert await code(client, "/mine", identity.service("notify")) == (401, "UNAUTHENTICATED")
    assert await code(client, "/inside", identity.person("p1")) == (401, "UNAUTHENTICATED")
    assert await code(client, "/inside", identity.service("notify")) == (200, "notify")
    assert await code(client, "/inside", identity.service("queue")) == (403, "FORBIDDEN")


async def test_a_role_opens_the_desk(client: httpx.AsyncClient, identity: Identity) -> None:
    assert await code(client, "/desk", identity.person("p1")) == (403, "FORBIDDEN")
    assert await code(client, "/desk", identity.person("p2", "clerk")) == (200, "p2")


async def test_a_statement_serves_its_own_purpose_only(client: httpx.AsyncClient, identity: Identity) -> None:
    filing = identity.token("statement", "p1", purpose="filing", child_id="c1")
    search = identity.token("statement", "p1", purpose="search", child_id="c1")

    assert await code(client, f"/stated/{filing}", {}) == (200, "c1")
    assert await code(client, f"/stated/{search}", {}) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("forgery", ["other_key", "no_signature", "public_key_as_secret", "other_audience"])
async def test_a_forged_token_is_refused(client: httpx.AsyncClient, identity: Identity, forgery: str) -> None:
    good = identity.token("access", "p1")
    claims = jwt.decode(good, options={"verify_signature": False})
    forged = {
        "other_key": Identity().token("access", "p1"),
        "no_signature": jwt.encode(claims, "", algorithm="none", headers={"kid": "test"}),
        "public_key_as_secret": jwt.encode(claims, b"k" * 64, algorithm="HS256", headers={"kid": "test"}),
        "other_audience": identity.token("access", "p1", aud="elsewhere"),
    }[forgery]

    assert await code(client, "/mine", {"Authorization": f"Bearer {forged}"}) == (401, "UNAUTHENTICATED")
