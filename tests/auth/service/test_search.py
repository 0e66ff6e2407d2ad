"""The search that needs no login."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from httpx import Response

from doubles.nca.iin import make_iin
from services.auth.app import compose, frame
from services.chassis.service import build
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import claims, refused
from tests.auth.service.test_persons import BORN, child, file, store_of

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def search(auth: Auth, iin: str, address: str, client: httpx.AsyncClient | None = None) -> Response:
    headers = {"X-Forwarded-For": address}
    return await (client or auth.client).post("/statements/search", json={"child_iin": iin}, headers=headers)


async def said(auth: Auth, iin: str, address: str) -> dict[str, Any]:
    answer = await search(auth, iin, address)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == {"statement", "expires_at"}
    assert datetime.fromisoformat(answer.json()["expires_at"]) == auth.clock.now() + timedelta(minutes=5)
    return await claims(auth, answer.json()["statement"])


async def test_a_statement_about_a_known_child_names_its_id_only(auth: Auth) -> None:
    _, headers = await auth.member()
    iin, named = child(3000)
    filed = await claims(auth, (await file(auth, headers, iin, named)).json()["statement"])
    told = await said(auth, iin, "203.0.113.1")
    assert (told["typ"], told["purpose"], told["sub"]) == ("statement", "search", filed["child_id"])
    assert iin not in str(told)


async def test_an_unknown_child_gets_a_statement_that_looks_the_same_each_time(auth: Auth) -> None:
    _, headers = await auth.member()
    iin, named = child(3100)
    await file(auth, headers, iin, named)
    unknown = make_iin(BORN, female=False, serial=3200)
    known, first, again = [await said(auth, one, "203.0.113.2") for one in (iin, unknown, unknown)]
    assert set(known) == set(first)
    assert len(known["sub"]) == len(first["sub"])
    assert first == again
    assert await store_of(auth).vault.by_ids([first["sub"]]) == []


async def test_a_number_with_a_wrong_check_digit_is_refused(auth: Auth) -> None:
    for iin in ("210513600002", "21051360000", ""):
        refused(await search(auth, iin, "203.0.113.3"), 422, "IIN_INVALID")
    refused(await search(auth, "2105136000011", "203.0.113.3"), 422, "INVALID_REQUEST")


async def test_who_asks_too_often_waits_and_others_do_not(auth: Auth) -> None:
    numbers = [make_iin(date(2020, 1, 1 + day), female=True, serial=3300) for day in range(21)]
    answers = [await search(auth, iin, "198.51.100.1, 203.0.113.4") for iin in numbers]
    assert [answer.status_code for answer in answers[:20]] == [200] * 20
    refused(answers[20], 429, "TOO_MANY_REQUESTS")
    assert answers[20].headers["retry-after"] == "60"
    assert (await search(auth, numbers[0], "203.0.113.5")).status_code == 200
    auth.clock.move(timedelta(seconds=59))
    again = await search(auth, numbers[0], "203.0.113.4")
    refused(again, 429, "TOO_MANY_REQUESTS")
    assert again.headers["retry-after"] == "1"
    auth.clock.move(timedelta(seconds=1))
    assert (await search(auth, numbers[0], "203.0.113.4")).status_code == 200


async def test_a_restart_forgives_nothing_and_the_database_holds_no_address(auth: Auth) -> None:
    iin = make_iin(BORN, female=True, serial=3400)
    for _ in range(20):
        await search(auth, iin, "203.0.113.6")
    fresh = frame(auth.settings, clock=auth.clock)
    transport = httpx.ASGITransport(app=build(fresh, compose(fresh)))
    async with httpx.AsyncClient(transport=transport, base_url="http://service.invalid") as second:
        refused(await search(auth, iin, "203.0.113.6", second), 429, "TOO_MANY_REQUESTS")
    fresh.database.close()
    kept = await auth.served.frame.database.records("rates").find({}, limit=1000)
    assert kept
    assert "203.0.113" not in str(kept)


async def test_old_counts_are_cleared_away_by_the_next_ones(auth: Auth) -> None:
    iin = make_iin(BORN, female=True, serial=3500)
    records = auth.served.frame.database.records("rates")
    for host in range(12):
        await search(auth, iin, f"192.0.2.{host}")
    auth.clock.move(timedelta(hours=2))
    for host in range(400):
        await search(auth, iin, f"192.0.2.{host}")
    old = {"at": {"$lt": auth.clock.now() - timedelta(hours=1, minutes=1)}}
    assert await records.find(old, limit=100) == []
