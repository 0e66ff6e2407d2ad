"""The other parent joins, the first one answers, both see who acts for the child (R5)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.web.office import BASE, ME, Office, Refuse, enter

CHILD = "5c0d4a52-6f3c-4b0b-9d55-2f0a7f1f3c01"
REQUEST = "5c0d4a52-6f3c-4b0b-9d55-2f0a7f1f3c02"
JOIN = "POST /auth/guardianships:join"
CONFIRM = f"POST /auth/guardianships/requests/{REQUEST}:confirm"
REFUSE = f"POST /auth/guardianships/requests/{REQUEST}:refuse"
REQUESTS = "GET /auth/guardianships/requests"
TYPED = {"iin": "210513 600001", "number": " kddo.2021.802010.1 "}


def _request(office: Office) -> dict[str, Any]:
    return {
        "request_id": REQUEST,
        "child_id": CHILD,
        "asker": {"surname": "Сәрсенов", "given": "Ерлан", "patronymic": ""},
        "asked_at": office.now.isoformat(),
        "expires_at": (office.now + timedelta(days=30)).isoformat(),
    }


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent in session with one child, for whom another parent acts too."""
    office.answers |= {
        "GET /auth/me": ME
        | {
            "children": [ME["children"][0] | {"person_id": CHILD}],
            "guardians": {CHILD: [ME["person_id"], "parent-2", "parent-3"]},
        },
        "POST /auth/me/cards": [{"person_id": "parent-2", "surname": "Оспанов", "given": "Дәурен"}],
        REQUESTS: [],
        JOIN: {"expires_at": (office.now + timedelta(days=30)).isoformat()},
        CONFIRM: None,
        REFUSE: None,
    }
    await enter(browser, office)
    return browser


async def test_the_page_names_everybody_who_acts_for_the_child(parent: httpx.AsyncClient, office: Office) -> None:
    page = (await parent.get("/kk/family")).text
    for shown in ("Сәрсенов Алихан", "Сәрсенова Айгүл Маратқызы", "(сіз)", "Оспанов Дәурен", "әлі кірмеген ата-ана"):
        assert shown in page
    assert office.last("POST /auth/me/cards").json == {"person_ids": ["parent-2", "parent-3"]}
    assert "тек Білім басқармасының қызметкері құжат негізінде" in page


async def test_the_other_parent_asks_with_iin_and_number_and_is_never_told_whether_they_were_right(
    parent: httpx.AsyncClient, office: Office
) -> None:
    asked = await parent.post("/kk/family/join", data=TYPED, headers={"x-forwarded-for": "203.0.113.7"})
    assert asked.headers["location"] == "/kk/family/join?until=2026-12-24"
    assert office.last(JOIN).json == {"application_number": "KDDO.2021.802010.1", "child_iin": "210513600001"}
    assert office.last(JOIN).headers["x-forwarded-for"] == "203.0.113.7, 127.0.0.1"
    page = (await parent.get(BASE + asked.headers["location"])).text
    assert "Сұрау қабылданды" in page
    assert "24.12.2026" in page


@pytest.mark.parametrize(
    ("typed", "answer", "field"),
    [
        ({"iin": "2105136"}, None, "iin"),
        ({"number": "  "}, None, "number"),
        ({"number": "K" * 41}, None, "number"),
        ({}, Refuse(422, "IIN_INVALID"), "iin"),
        ({}, Refuse(422, "APPLICATION_NUMBER_INVALID"), "number"),
    ],
)
async def test_what_cannot_be_asked_is_said_at_its_field_and_nothing_typed_is_lost(
    parent: httpx.AsyncClient, office: Office, typed: dict[str, str], answer: Refuse | None, field: str
) -> None:
    if answer is not None:
        office.answers[JOIN] = answer
    page = await parent.post("/ru/family/join", data=TYPED | typed)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert f'value="{(TYPED | typed)["iin"]}"' in page.text
    assert (JOIN in office.doors()) == (answer is not None)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Refuse(429, "TOO_MANY_REQUESTS"), "Слишком много запросов"),
        (Refuse(409, "ALREADY_A_GUARDIAN"), "уже привязан к вашему ИИН"),
    ],
)
async def test_a_refusal_stands_above_the_form(
    parent: httpx.AsyncClient, office: Office, answer: Refuse, said: str
) -> None:
    office.answers[JOIN] = answer
    page = await parent.post("/ru/family/join", data=TYPED)
    assert page.status_code == answer.status
    assert said in page.text
    assert 'value="KDDO.2021.802010.1"' in page.text


async def test_the_iin_is_in_no_address(parent: httpx.AsyncClient, office: Office) -> None:
    asked = await parent.post("/kk/family/join", data=TYPED)
    assert "210513600001" not in asked.headers["location"]
    assert not any("210513600001" in each.address for each in office.asked)


@pytest.mark.parametrize(("answer", "door"), [("confirm", CONFIRM), ("refuse", REFUSE)])
async def test_the_first_parent_sees_who_asks_about_whom_and_answers(
    parent: httpx.AsyncClient, office: Office, answer: str, door: str
) -> None:
    office.answers[REQUESTS] = [_request(office)]
    listed = (await parent.get("/kk/family")).text
    assert "Сәрсенов Ерлан мына баланың өтінішін өз ЖСН-не біріктіруді сұрайды: Сәрсенов Алихан." in listed
    page = (await parent.get(f"/kk/family/requests/{REQUEST}")).text
    assert "Танымайтын адамды растамаңыз" in page
    assert f'action="/kk/family/requests/{REQUEST}/{answer}"' in page
    assert door not in office.doors(), "nothing is answered by looking"
    for _ in range(2):
        answered = await parent.post(f"/kk/family/requests/{REQUEST}/{answer}")
        assert answered.headers["location"] == f"/kk/family?said={answer}{'d' if answer == 'refuse' else 'ed'}"
    assert 'role="status"' in (await parent.get(BASE + answered.headers["location"])).text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Refuse(409, "REQUEST_DECIDED"), "На этот запрос уже ответили иначе"),
        (Refuse(404, "NO_SUCH_REQUEST"), "Такого запроса нет"),
    ],
)
async def test_a_request_that_can_no_longer_be_answered_has_its_sentence(
    parent: httpx.AsyncClient, office: Office, answer: Refuse, said: str
) -> None:
    office.answers[CONFIRM] = answer
    page = await parent.post(f"/ru/family/requests/{REQUEST}/confirm")
    assert page.status_code == answer.status
    assert said in page.text
    gone = await parent.get(f"/ru/family/requests/{REQUEST}")
    assert gone.status_code == 404
    assert "Такого запроса нет" in gone.text


@pytest.mark.parametrize("path", ["family/join", f"family/requests/{REQUEST}/confirm", "sessions/end-all"])
async def test_without_a_session_a_form_leads_to_login_and_back_and_does_nothing(
    browser: httpx.AsyncClient, office: Office, path: str
) -> None:
    answer = await browser.post(f"/kk/{path}", data=TYPED)
    assert answer.headers["location"].startswith("/kk/login?next=")
    assert office.doors() == []


async def test_while_auth_is_away_the_page_says_so(parent: httpx.AsyncClient, office: Office) -> None:
    office.away.add("auth")
    page = await parent.get("/ru/family")
    assert page.status_code == 503
    assert "сейчас не отвечает" in page.text
