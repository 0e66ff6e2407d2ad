"""The own sessions, and how often one may try to open one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from services.auth.app import compose, frame
from services.auth.domain.duties import Role
from services.auth.domain.ids import PersonId, SessionId
from services.auth.domain.session import Session
from services.auth.usecases import sessions
from services.chassis.service import build
from tests.auth.hands import NOW
from tests.auth.service.conftest import BROWSER, Auth
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import STRANGER, store_of
from tests.auth.service.test_unlinking import staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


def somebody(serial: int) -> Subject:
    return Subject(make_iin(date(1983, 5, 5), female=False, serial=serial), "ҮЛГІ", "АДАМ")


def bearer(told: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {told['access_token']}"}


async def own(auth: Auth, told: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await auth.client.get("/sessions", headers=bearer(told))
    assert answer.status_code == 200, answer.text
    seen: list[dict[str, Any]] = answer.json()
    return seen


async def refreshed(auth: Auth, told: dict[str, Any]) -> httpx.Response:
    return await auth.client.post("/sessions:refresh", json={"refresh_token": told["refresh_token"]})


async def test_a_person_sees_the_own_sessions_by_browser_and_use(auth: Auth) -> None:
    asked = await auth.challenge()
    signed = auth.hands.signed(asked["xml"], Usage.AUTH, somebody(1)).decode()
    body = {"challenge_id": asked["challenge_id"], "binding": BROWSER, "signed_xml": signed, "user_agent": CHROME}
    first = (await auth.client.post("/sessions", json=body)).json()
    auth.clock.move(timedelta(minutes=1))
    second = await auth.enter(somebody(1))
    seen = await own(auth, second)
    assert [(one["browser"], one["current"]) for one in seen] == [("", True), ("Chrome, Windows", False)]
    auth.clock.move(timedelta(minutes=1))
    await refreshed(auth, first)
    seen = await own(auth, second)
    assert [(one["browser"], one["current"]) for one in seen] == [("Chrome, Windows", False), ("", True)]
    assert seen[0]["last_used_at"] > seen[0]["opened_at"]
    assert all(set(one) == {"session_id", "opened_at", "last_used_at", "ends_at", "browser", "current"} for one in seen)


async def test_one_session_is_ended_and_the_others_go_on(auth: Auth) -> None:
    here, there = await auth.enter(somebody(2)), await auth.enter(somebody(2))
    (other,) = [one for one in await own(auth, here) if not one["current"]]
    for _ in range(2):
        answer = await auth.client.post(f"/sessions/{other['session_id']}:end", headers=bearer(here))
        assert answer.status_code == 204
    refused(await refreshed(auth, there), 401, "SESSION_ENDED")
    assert (await refreshed(auth, here)).status_code == 200
    assert len(await own(auth, here)) == 1


async def test_leaving_everywhere_ends_them_all(auth: Auth) -> None:
    all_of_them = [await auth.enter(somebody(3)) for _ in range(4)]
    other = await auth.enter(somebody(4))
    assert (await auth.client.post("/sessions:end-all", headers=bearer(all_of_them[0]))).status_code == 204
    for each in all_of_them:
        refused(await refreshed(auth, each), 401, "SESSION_ENDED")
    assert (await refreshed(auth, other)).status_code == 200
    assert (await auth.client.post("/sessions:end-all", headers=bearer(all_of_them[0]))).status_code == 204


async def test_anothers_session_is_as_good_as_none(auth: Auth) -> None:
    mine, theirs = await auth.enter(somebody(5)), await auth.enter(STRANGER)
    (their_own, *_) = [one for one in await own(auth, theirs) if one["current"]]
    for session_id in (their_own["session_id"], "none"):
        refused(await auth.client.post(f"/sessions/{session_id}:end", headers=bearer(mine)), 404, "NO_SUCH_SESSION")
    assert (await refreshed(auth, theirs)).status_code == 200
    for way in ("/sessions:end-all", f"/sessions/{their_own['session_id']}:end"):
        refused(await auth.client.post(way), 401, "UNAUTHENTICATED")


async def test_support_logs_out_a_person_who_lost_a_key(auth: Auth) -> None:
    theirs = [await auth.enter(somebody(8)) for _ in range(2)]
    _, support = await staff(auth, Role.SUPPORT, 880)
    answer = await auth.client.post("/persons:end-sessions", json={"iin": somebody(8).iin}, headers=support)
    assert (answer.status_code, answer.json()) == (200, {"ended": 2})
    for each in theirs:
        refused(await refreshed(auth, each), 401, "SESSION_ENDED")
    unknown = make_iin(date(1983, 5, 5), female=True, serial=999)
    for iin, status, code in ((unknown, 404, "NO_SUCH_PERSON"), ("123", 422, "IIN_INVALID")):
        refused(await auth.client.post("/persons:end-sessions", json={"iin": iin}, headers=support), status, code)


async def test_sessions_that_ran_out_are_not_shown(auth: Auth) -> None:
    await auth.enter(somebody(6))
    auth.clock.move(timedelta(hours=13))
    auth.hands.at += timedelta(hours=13)
    assert len(await own(auth, await auth.enter(somebody(6)))) == 1


async def test_living_sessions_are_found_among_a_great_many_that_were_ended(auth: Auth) -> None:
    store, person_id = store_of(auth), PersonId("often-in-and-out")
    first = Session(SessionId("a-first"), person_id, "seed", NOW, NOW + timedelta(hours=12))
    last = replace(first, session_id=SessionId("z-last"))
    ended = [replace(first, session_id=SessionId(f"ended-{number}"), ended_at=NOW) for number in range(501)]
    for each in (first, *ended, last):
        await store.sessions.add(each.session_id, each, at=NOW)
    assert {each.session_id for each in await sessions.living(store, person_id, NOW)} == {"a-first", "z-last"}
    assert await sessions.end_all(store, person_id, NOW) == 2
    assert await sessions.living(store, person_id, NOW) == []


@asynccontextmanager
async def restarted(auth: Auth, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A second process of the same service on the same database."""
    fresh = frame(auth.settings.model_copy(update=more), clock=auth.clock)
    transport = httpx.ASGITransport(app=build(fresh, compose(fresh)))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.invalid") as client:
        yield client
    fresh.database.close()


CHALLENGE = {"purpose": "login", "binding": BROWSER}
ANSWER = {"challenge_id": "none", "binding": BROWSER, "signed_xml": "<login/>"}


@pytest.mark.parametrize(("door", "body"), [("/challenges", CHALLENGE), ("/sessions", ANSWER)])
async def test_an_address_that_tries_too_often_waits_also_after_a_restart(
    auth: Auth, door: str, body: dict[str, str]
) -> None:
    from_here = {"X-Forwarded-For": "203.0.113.70"}
    few = {"challenges_per_minute": 3, "logins_per_minute": 3}
    async with restarted(auth, **few) as first:
        answers = [await first.post(door, json=body, headers=from_here) for _ in range(4)]
        assert [answer.status_code == 429 for answer in answers] == [False, False, False, True]
        assert int(answers[-1].headers["retry-after"]) == 60
        elsewhere = await first.post(door, json=body, headers={"X-Forwarded-For": "203.0.113.71"})
        assert elsewhere.status_code != 429
        assert (await first.post(door, json=body)).status_code != 429
    async with restarted(auth, **few) as second:
        refused(await second.post(door, json=body, headers=from_here), 429, "TOO_MANY_REQUESTS")
        auth.clock.move(timedelta(minutes=1))
        assert (await second.post(door, json=body, headers=from_here)).status_code != 429


async def test_a_person_who_logs_in_too_often_waits_wherever_from(auth: Auth) -> None:
    async with restarted(auth, logins_of_a_person_per_minute=2) as client:
        for number in range(3):
            asked = (await client.post("/challenges", json=CHALLENGE)).json()
            signed = auth.hands.signed(asked["xml"], Usage.AUTH, somebody(7)).decode()
            body = {"challenge_id": asked["challenge_id"], "binding": BROWSER, "signed_xml": signed}
            headers = {"X-Forwarded-For": f"203.0.113.{80 + number}"}
            answer = await client.post("/sessions", json=body, headers=headers)
            assert answer.status_code == (201 if number < 2 else 429)
