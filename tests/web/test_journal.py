"""The journal of applications: the guide's twelve columns, and what stays when a service is away."""

import re
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.web.office import ME, Office, Refuse, enter

COLUMNS = {
    "kk": (
        "Нөмірі",
        "Қамқорлыққа алынған баланың аты-жөні",
        "Баланың ЖСН",
        "ХҚО нөмірі",
        "ЭҮП нөмірі",
        "Кезек нөмірі",
        "Жеңілдікті категория бойынша кезек нөмірі",
        "Өтініш берушінің аты-жөні",
        "Құрастыру күні",
        "Статустар",
        "Жеңілдік түрі",
        "Туған күні",
    ),
    "ru": (
        "Номер",
        "ФИО подопечного ребёнка",
        "ИИН ребёнка",
        "Номер ЦОН",
        "Номер ПЭП",
        "Номер очереди",
        "Номер очереди по льготной категории",
        "ФИО заявителя",
        "Дата создания",
        "Статусы",
        "Вид льготы",
        "Дата рождения",
    ),
}
ROW: dict[str, Any] = {
    "application_id": "application-1",
    "application_number": "KDDO.2021.802010.1",
    "child_id": "child-1",
    "service_centre_number": "002241234567",
    "egov_number": None,
    "queue_number": 364,
    "number_in_privilege": 0,
    "filed_by": "parent-1",
    "registered_at": "2021-05-13T06:17:04Z",
    "status": "QUEUED",
    "status_text": {"kk": "Кезекте", "ru": "В очереди"},
    "privilege": None,
    "privilege_text": {"kk": "Жеңілдіксіз", "ru": "Без льготы"},
    "group_year": 2021,
}
REMOVED = ROW | {
    "application_id": "application-2",
    "application_number": "KDDO.2018.700123.1",
    "queue_number": 3681,
    "filed_by": "parent-2",
    "registered_at": "2018-07-16T04:00:00Z",
    "status": "REMOVED",
    "status_text": {"kk": "Кезектен алынды", "ru": "Снят с очереди"},
}
OTHER_PARENT = {"person_id": "parent-2", "iin": "", "surname": "Сәрсенов", "given": "Ерлан", "patronymic": ""}


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent with a waiting application, and one that the other parent filed and that was removed."""
    office.answers["GET /queue/applications"] = [ROW, REMOVED]
    office.answers["POST /auth/me/cards"] = [OTHER_PARENT]
    await enter(browser, office)
    return browser


def _cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows
    ]


@pytest.mark.parametrize("lang", ["kk", "ru"])
async def test_the_twelve_columns_stand_in_the_guides_order(parent: httpx.AsyncClient, lang: str) -> None:
    page = (await parent.get(f"/{lang}/applications")).text
    assert tuple(re.findall(r'<th scope="col">(.*?)</th>', page)) == COLUMNS[lang]
    labels = re.findall(r'<td data-label="(.*?)"', page)
    assert tuple(labels) == COLUMNS[lang] * 2


async def test_a_row_tells_numbers_names_dates_and_status(parent: httpx.AsyncClient) -> None:
    first, _ = _cells((await parent.get("/kk/applications")).text)
    assert first == [
        "KDDO.2021.802010.1",
        "Сәрсенов Алихан",
        "210513600001",
        "002241234567",
        "—",
        "364",
        "0",
        "Сәрсенова Айгүл Маратқызы",
        "13.05.2021",
        "Кезекте",
        "Жеңілдіксіз",
        "13.05.2021",
    ]


async def test_a_removed_application_is_shown_with_its_last_number_and_its_own_applicant(
    parent: httpx.AsyncClient, office: Office
) -> None:
    _, second = _cells((await parent.get("/ru/applications")).text)
    assert (second[0], second[5], second[7], second[9]) == (
        "KDDO.2018.700123.1",
        "3681",
        "Сәрсенов Ерлан",
        "Снят с очереди",
    )
    assert office.last("POST /auth/me/cards").json == {"person_ids": ["parent-2"]}


async def test_the_number_opens_the_application(parent: httpx.AsyncClient) -> None:
    page = (await parent.get("/ru/applications")).text
    assert '<a class="number" href="/ru/applications/application-1">KDDO.2021.802010.1</a>' in page


async def test_the_hint_about_joining_stands_under_the_table(parent: httpx.AsyncClient) -> None:
    page = (await parent.get("/kk/applications")).text
    hint = "Егер Сіз баланың ата-анасы болып табылсаңыз, бірақ өтініш көрсетілмесе, Сіз өтінішіңізді өзіңіздің ЖСН-ге"
    assert page.index("</table>") < page.index(hint)


async def test_who_has_no_application_is_told_what_to_do(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers["GET /queue/applications"] = []
    page = (await parent.get("/kk/applications")).text
    assert "Сізде әзірге өтініш жоқ" in page
    assert "біріктіруіңіз қажет" in page
    assert "<table" not in page


async def test_while_the_queue_is_away_the_page_says_so_and_the_rest_lives(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.away.add("queue")
    answer = await parent.get("/ru/applications")
    assert answer.status_code == 200
    assert "Служба очереди сейчас не отвечает" in answer.text
    assert "привязать к вашему ИИН" in answer.text
    assert "sp.ddoalmaty@gmail.com" in answer.text


async def test_while_names_are_away_the_numbers_stay(parent: httpx.AsyncClient, office: Office) -> None:
    office.away.add("auth")
    answer = await parent.get("/kk/applications")
    first, _ = _cells(answer.text)
    assert (first[0], first[5]) == (ROW["application_number"], "364")
    assert {first[1], first[2], first[7], first[11]} == {"—"}
    assert "Аты-жөні мен ЖСН қазір көрсетілмейді" in answer.text


async def test_an_applicant_whom_auth_does_not_tell_is_a_dash(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers["POST /auth/me/cards"] = []
    _, second = _cells((await parent.get("/kk/applications")).text)
    assert second[7] == "—"


async def test_one_without_a_number_shows_a_dash(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers["GET /queue/applications"] = [ROW | {"queue_number": None}]
    assert _cells((await parent.get("/kk/applications")).text)[0][5] == "—"


async def test_what_a_person_is_called_cannot_become_a_part_of_the_page(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.answers["GET /auth/me"] = ME | {"surname": "<script>alert(1)</script>"}
    page = (await parent.get("/kk/applications")).text
    assert "<script>alert" not in page


async def test_a_token_that_says_an_address_is_missing_leads_to_the_address(
    parent: httpx.AsyncClient, office: Office
) -> None:
    office.answers["GET /queue/applications"] = Refuse(403, "EMAIL_REQUIRED")
    assert (await parent.get("/kk/applications")).headers["location"] == "/kk/contacts"
