"""Who looked at my child's record: when, which body, in which role, why."""

from typing import Any

import httpx
import pytest
import pytest_asyncio

from services.auth.domain.duties import Role
from services.auth.usecases.readers import Body
from tests.web.office import ME, Office, Refuse, enter
from web.pages.looks import ROLES
from web.view.words import Lang, catalogue

CHILD = "5c0d4a52-6f3c-4b0b-9d55-2f0a7f1f3c01"
DOOR = f"GET /auth/children/{CHILD}/reads"
PAGE = f"/kk/family/children/{CHILD}/looks"


def look(**more: Any) -> dict[str, Any]:
    """One look, of an officer at the card."""
    told = {"at": "2026-11-20T05:01:02Z", "service": "queue", "why": "card", "reader": "staff", "body": "department"}
    return told | {"role": "officer", "organisation_id": None} | more


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent in session."""
    office.answers["GET /auth/me"] = ME | {"children": [ME["children"][0] | {"person_id": CHILD}]}
    office.answers[DOOR] = [look()]
    await enter(browser, office)
    return browser


async def test_a_line_says_when_which_body_who_and_why(parent: httpx.AsyncClient) -> None:
    page = (await parent.get(PAGE)).text
    for told in (
        "Сәрсенов Алихан",
        "20-қар-26 10:01:02",
        "Білім басқармасы",
        "Білім басқармасының жауапты қызметкері",
        "Өтініштің беті ашылды",
    ):
        assert told in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reader": "you", "body": "family", "role": None}, "Сіз</td>"),
        ({"reader": "guardian", "body": "family", "role": None}, "Екінші ата-ана"),
        ({"reader": "service", "body": "system", "role": None, "why": "rendering"}, "Жолдама құжаты жасалды"),
        ({"role": "preschool", "body": "preschool", "organisation_id": "o"}, "Мектепке дейінгі ұйымның қызметкері"),
        ({"role": None}, "Қызметкер</td>"),
        ({"role": "wizard", "body": "tower", "why": "spell", "reader": "ghost"}, "Қызметтік мақсатта"),
    ],
)
async def test_every_reader_is_told_in_words_and_one_nobody_knows_is_not_hidden(
    parent: httpx.AsyncClient, office: Office, more: dict[str, Any], said: str
) -> None:
    office.answers[DOOR] = [look(**more)]
    assert said in (await parent.get(PAGE)).text


async def test_the_latest_look_stands_first(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[DOOR] = [look(), look(at="2026-11-23T05:00:00Z")]
    page = (await parent.get(PAGE)).text
    assert page.index("23-қар-26") < page.index("20-қар-26")


async def test_nobody_has_looked_is_said_too(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[DOOR] = []
    assert "Әзірге ешкім қараған жоқ" in (await parent.get(PAGE)).text


async def test_a_child_of_others_is_a_page_that_does_not_exist(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[DOOR] = Refuse(404, "NO_SUCH_CHILD")
    page = await parent.get(PAGE)
    assert page.status_code == 404
    assert "Мұндай бала жоқ" in page.text


def test_every_role_and_body_of_auth_has_its_words() -> None:
    assert {role.value for role in Role} == ROLES
    for lang in Lang:
        assert {f"looks.body.{body}" for body in Body} <= catalogue(lang).keys()
        assert {f"looks.role.{role}" for role in ROLES} <= catalogue(lang).keys()
