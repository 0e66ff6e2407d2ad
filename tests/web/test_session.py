"""The session: renewed before it ends, in two windows at once, and lost without losing anything else."""

import asyncio
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from tests.web.office import Asked, Office, Refuse, enter, open_cabinet, open_window, settings_of
from web.session import COOKIE

RENEW = "POST /auth/sessions:refresh"
JOURNAL = "GET /queue/applications"


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent in session whose tokens are named by what was renewed: access-1, access-2, ..."""
    office.answers[RENEW] = lambda asked: office.tokens(_number(asked) + 1)
    await enter(browser, office)
    return browser


def _number(asked: Asked) -> int:
    return int(asked.json["refresh_token"].partition("-")[2])


async def test_while_a_minute_is_left_nothing_is_renewed(parent: httpx.AsyncClient, office: Office) -> None:
    await office.move(timedelta(minutes=4))
    await parent.get("/kk/applications")
    assert RENEW not in office.doors()
    assert office.last(JOURNAL).token == "access-1"


async def test_under_a_minute_the_token_is_renewed_once_and_the_new_one_is_kept(
    parent: httpx.AsyncClient, office: Office
) -> None:
    await office.move(timedelta(minutes=4, milliseconds=1))
    await parent.get("/kk/applications")
    await parent.get("/kk/applications")
    assert office.doors().count(RENEW) == 1
    assert office.last(JOURNAL).token == "access-2"


async def test_a_session_is_renewed_again_and_again(parent: httpx.AsyncClient, office: Office) -> None:
    for n in range(2, 6):
        await office.move(timedelta(minutes=4, seconds=30))
        await parent.get("/kk/applications")
        assert office.last(JOURNAL).token == f"access-{n}"


async def test_two_windows_at_once_bring_one_token_and_keep_the_same_successor(
    parent: httpx.AsyncClient, office: Office
) -> None:
    await office.move(timedelta(minutes=5, seconds=1))
    pages = await asyncio.gather(parent.get("/kk/applications"), parent.get("/ru/applications"))
    assert [page.status_code for page in pages] == [200, 200]
    assert {each.token for each in office.asked if each.door == JOURNAL} == {"access-2"}
    assert (await parent.get("/kk/applications")).status_code == 200


async def test_a_page_for_anybody_renews_too(parent: httpx.AsyncClient, office: Office) -> None:
    await office.move(timedelta(minutes=5))
    assert "Шығу" in (await parent.get("/kk/")).text
    assert office.doors().count(RENEW) == 1


@pytest.mark.parametrize("code", ["SESSION_ENDED", "REFRESH_TOKEN_REUSED"])
async def test_a_session_that_has_ended_leads_to_the_login_page_and_back(
    parent: httpx.AsyncClient, office: Office, code: str
) -> None:
    office.answers[RENEW] = Refuse(401, code)
    await office.move(timedelta(minutes=20))
    lost = await parent.get("/ru/applications")
    assert lost.status_code == 303
    assert lost.headers["location"] == "/ru/login?next=/ru/applications&lost=1"
    assert COOKIE not in parent.cookies
    page = (await parent.get(lost.headers["location"])).text
    assert "Ваш сеанс закончился" in page
    assert 'name="next" value="/ru/applications"' in page


async def test_a_token_that_a_service_no_longer_takes_leads_to_the_login_page_without_a_loop(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.answers[JOURNAL] = Refuse(401, "UNAUTHENTICATED")
    lost = await parent.get("/kk/applications")
    assert lost.headers["location"] == "/kk/login?next=/kk/applications&lost=1"
    assert (await parent.get(lost.headers["location"])).status_code == 200


async def test_a_form_sent_after_the_session_ended_leads_to_login_and_to_the_journal(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.answers[RENEW] = Refuse(401, "SESSION_ENDED")
    await office.move(timedelta(minutes=20))
    lost = await parent.post("/kk/contacts", data={"email": "a@example.kz"})
    assert lost.headers["location"] == "/kk/login?next=/kk/applications&lost=1"


async def test_while_auth_is_away_a_token_with_time_left_still_serves(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.away.add("auth")
    await office.move(timedelta(minutes=4, seconds=30))
    assert (await parent.get("/kk/applications")).status_code == 200
    assert office.last(JOURNAL).token == "access-1"


async def test_while_auth_is_away_an_ended_token_is_not_a_lost_session(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.away.add("auth")
    await office.move(timedelta(minutes=6))
    answer = await parent.get("/kk/applications")
    assert answer.status_code == 503
    assert "Кіру және қол қою қызметі қазір жауап бермейді" in answer.text
    assert (await parent.get("/kk/")).status_code == 200
    office.away.clear()
    assert (await parent.get("/kk/applications")).status_code == 200


async def test_a_limit_at_auth_does_not_end_a_session(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[RENEW] = Refuse(429, "TOO_MANY_REQUESTS")
    await office.move(timedelta(minutes=6))
    assert (await parent.get("/kk/applications")).status_code == 503
    assert COOKIE in parent.cookies


async def test_another_replica_with_the_same_keys_goes_on_with_the_session(
    parent: httpx.AsyncClient, office: Office
) -> None:
    async with open_cabinet(settings_of(office)) as replica, open_window(replica) as other:
        other.cookies = parent.cookies
        assert (await other.get("/kk/applications")).status_code == 200


async def test_a_new_key_seals_and_the_old_one_still_opens(
    parent: httpx.AsyncClient, office: Office, tmp_path: Path
) -> None:
    old = settings_of(office).secrets_dir / "cookie_keys"
    (tmp_path / "cookie_keys").write_text(f"{Fernet.generate_key().decode()}\n{old.read_text()}")
    changed = settings_of(office, secrets_dir=tmp_path)
    async with open_cabinet(changed) as cabinet, open_window(cabinet) as other:
        other.cookies = parent.cookies
        assert (await other.get("/kk/applications")).status_code == 200


@pytest.mark.parametrize("cookie", ["", "nonsense", "gAAAAABinvented", "ә"])
async def test_a_cookie_that_is_not_ours_is_no_session(browser: httpx.AsyncClient, cookie: str) -> None:
    answer = await browser.get("/kk/applications", headers={b"cookie": f"{COOKIE}={cookie}".encode()})
    assert answer.headers["location"] == "/kk/login?next=/kk/applications"
