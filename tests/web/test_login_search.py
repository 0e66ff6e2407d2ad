"""The search without a key: IIN and application number tell number, status and deadline, and nothing else."""

import httpx
import pytest

from tests.web.office import Office, Refuse
from web.session import COOKIE

PAIR = {"iin": "210513600001", "number": " kddo.2021.802010.1 "}
FOUND = {
    "queue_number": 364,
    "status": "NOTIFIED",
    "status_text": {"kk": "Хабарлама жіберілді", "ru": "Уведомление отправлено"},
    "deadline": "2026-11-26T19:00:00Z",
}


@pytest.fixture
def known(office: Office) -> Office:
    """A pair that fits."""
    office.answers |= {"POST /auth/statements/search": {"statement": "about-the-child"}, "POST /queue/search": FOUND}
    return office


async def test_the_form_needs_no_key_and_no_script(browser: httpx.AsyncClient) -> None:
    page = (await browser.get("/kk/login/search")).text
    assert "ЖСН бойынша іздеу" in page
    assert "<script" not in page


@pytest.mark.parametrize(("lang", "status"), [("kk", "Хабарлама жіберілді"), ("ru", "Уведомление отправлено")])
async def test_a_pair_that_fits_tells_number_status_and_deadline(
    browser: httpx.AsyncClient, known: Office, lang: str, status: str
) -> None:
    answer = await browser.post(f"/{lang}/login/search", data=PAIR)
    assert answer.status_code == 200
    for told in ("KDDO.2021.802010.1", "364", status, "26.11.2026 24:00"):
        assert told in answer.text
    asked = known.last("POST /queue/search").json
    assert asked == {"statement": "about-the-child", "application_number": "KDDO.2021.802010.1"}


async def test_whoever_waits_has_no_deadline_and_whoever_left_has_no_number(
    browser: httpx.AsyncClient, known: Office
) -> None:
    known.answers["POST /queue/search"] = FOUND | {"queue_number": None, "deadline": None}
    assert (await browser.post("/kk/login/search", data=PAIR)).text.count("<dd>—</dd>") == 1


async def test_the_iin_goes_to_auth_alone_and_stays_in_no_address_and_no_cookie(
    browser: httpx.AsyncClient, known: Office
) -> None:
    answer = await browser.post("/kk/login/search", data=PAIR)
    assert PAIR["iin"] not in answer.text
    assert "set-cookie" not in answer.headers
    assert all(PAIR["iin"] not in each.address for each in known.asked)
    assert [each.door for each in known.asked if PAIR["iin"] in str(each.json)] == ["POST /auth/statements/search"]
    assert COOKIE not in browser.cookies
    assert answer.headers["cache-control"] == "no-store"


async def test_auth_is_told_from_which_address_one_asks(browser: httpx.AsyncClient, known: Office) -> None:
    await browser.post("/kk/login/search", data=PAIR)
    assert known.last("POST /auth/statements/search").headers["x-forwarded-for"] == "127.0.0.1"


@pytest.mark.parametrize("refusal", [Refuse(404, "NO_SUCH_PAIR"), Refuse(422, "INVALID_REQUEST")])
async def test_every_wrong_pair_is_answered_alike_and_keeps_what_was_typed(
    browser: httpx.AsyncClient, known: Office, refusal: Refuse
) -> None:
    known.answers["POST /queue/search"] = refusal
    answer = await browser.post("/kk/login/search", data=PAIR)
    assert answer.status_code == 404
    assert "Мұндай ЖСН мен өтініш нөмірі бірге табылмады" in answer.text
    assert f'value="{PAIR["iin"]}"' in answer.text


@pytest.mark.parametrize("iin", ["", "21051360000", "2105136000011", "21051360000а"])
async def test_what_is_no_iin_is_said_at_the_field_and_asked_of_nobody(
    browser: httpx.AsyncClient, known: Office, iin: str
) -> None:
    answer = await browser.post("/kk/login/search", data=PAIR | {"iin": iin})
    assert answer.status_code == 422
    assert 'id="iin-wrong"' in answer.text
    assert known.asked == []


async def test_an_iin_whose_check_digit_is_wrong_is_said_at_the_field(
    browser: httpx.AsyncClient, known: Office
) -> None:
    known.answers["POST /auth/statements/search"] = Refuse(422, "IIN_INVALID")
    assert 'id="iin-wrong"' in (await browser.post("/kk/login/search", data=PAIR)).text


async def test_a_missing_number_is_said_at_its_field(browser: httpx.AsyncClient, known: Office) -> None:
    answer = await browser.post("/ru/login/search", data=PAIR | {"number": " "})
    assert 'aria-describedby="number-hint number-wrong"' in answer.text


async def test_whoever_asks_too_often_is_told_to_wait(browser: httpx.AsyncClient, known: Office) -> None:
    known.answers["POST /auth/statements/search"] = Refuse(429, "TOO_MANY_REQUESTS")
    answer = await browser.post("/ru/login/search", data=PAIR)
    assert answer.status_code == 429
    assert "Слишком много запросов" in answer.text


async def test_while_the_queue_is_away_the_page_says_so(browser: httpx.AsyncClient, known: Office) -> None:
    known.away.add("queue")
    answer = await browser.post("/kk/login/search", data=PAIR)
    assert answer.status_code == 503
    assert "Кезек қызметі қазір жауап бермейді" in answer.text
