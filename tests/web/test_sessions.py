"""Where one is logged in: every session is listed, one is ended, all are ended."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.web.office import BASE, Office, Refuse, enter
from web.session import COOKIE

OTHER = "5c0d4a52-6f3c-4b0b-9d55-2f0a7f1f3c03"
END = f"POST /auth/sessions/{OTHER}:end"
END_ALL = "POST /auth/sessions:end-all"


def session(**more: Any) -> dict[str, Any]:
    """A session in another browser."""
    told = {"opened_at": "2026-11-20T05:00:00Z", "last_used_at": "2026-11-21T05:00:00Z", "browser": "Chrome, Windows"}
    return {"session_id": OTHER, "ends_at": "2026-11-27T05:00:00Z", "current": False} | told | more


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent in session here and in another browser."""
    here = session(session_id="5c0d4a52-6f3c-4b0b-9d55-2f0a7f1f3c04", current=True, browser="")
    office.answers |= {"GET /auth/sessions": [session(), here], END: None, END_ALL: None}
    await enter(browser, office)
    return browser


async def test_every_session_is_listed_this_one_first_and_without_a_button(parent: httpx.AsyncClient) -> None:
    page = (await parent.get("/kk/sessions")).text
    assert page.index("Осы браузер") < page.index("Chrome, Windows")
    assert page.count("/end&") + page.count('/end"') == 1
    assert "20.11.2026 10:00" in page


async def test_a_session_is_ended_and_ending_it_again_is_no_failure(parent: httpx.AsyncClient, office: Office) -> None:
    for answer in (None, Refuse(404, "NO_SUCH_SESSION")):
        office.answers[END] = answer
        ended = await parent.post(f"/kk/sessions/{OTHER}/end")
        assert ended.headers["location"] == "/kk/sessions?ended=1"
    assert "Кіру аяқталды" in (await parent.get(BASE + ended.headers["location"])).text


async def test_logging_out_everywhere_ends_this_session_too(parent: httpx.AsyncClient, office: Office) -> None:
    assert (await parent.post("/kk/sessions/end-all")).headers["location"] == "/kk/"
    assert office.last(END_ALL).token == "access-1"
    assert COOKIE not in parent.cookies


async def test_while_auth_is_away_nobody_is_told_that_everything_has_ended(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.away.add("auth")
    assert (await parent.post("/kk/sessions/end-all")).status_code == 503
    assert COOKIE in parent.cookies


async def test_auth_is_told_what_the_browser_says_of_itself_and_who_stands_behind_the_proxies(
    browser: httpx.AsyncClient, office: Office
) -> None:
    browser.headers["user-agent"] = "Mozilla/5.0 (Windows NT 10.0) Chrome/131 " + "x" * 2000
    browser.headers["x-forwarded-for"] = "203.0.113.7, 10.0.0.4"
    await enter(browser, office)
    sent = office.last("POST /auth/sessions")
    assert sent.json["user_agent"] == browser.headers["user-agent"][:1024]
    assert sent.headers["x-forwarded-for"] == "203.0.113.7, 10.0.0.4, 127.0.0.1"


@pytest.mark.parametrize(
    ("told", "passed_on"),
    [
        ("", "127.0.0.1"),
        ("203.0.113.7, unknown, 10.0.0.4", "10.0.0.4, 127.0.0.1"),
        ("ә, 2001:db8::1", "2001:db8::1, 127.0.0.1"),
        (
            ", ".join(f"10.0.0.{n}" for n in range(40)),
            ", ".join([*(f"10.0.0.{n}" for n in range(31, 40)), "127.0.0.1"]),
        ),
    ],
)
async def test_of_what_proxies_wrote_only_addresses_are_passed_on_the_nearest_ones(
    browser: httpx.AsyncClient, office: Office, told: str, passed_on: str
) -> None:
    office.answers["POST /auth/challenges"] = {
        "challenge_id": "challenge-1",
        "xml": "<login/>",
        "expires_at": office.now.isoformat(),
    }
    headers = {b"x-forwarded-for": told.encode()} if told else {}
    await browser.post("/kk/login/challenge", headers=headers)
    assert office.last("POST /auth/challenges").headers["x-forwarded-for"] == passed_on
