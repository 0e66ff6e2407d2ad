"""The card of an application, and leaving the queue."""

import re

import httpx
import pytest

from tests.web.answers import (
    APPLICATION,
    CARD_DOOR,
    OFFER_DOOR,
    card,
    line,
    offer,
    waiting,
)
from tests.web.office import ME, Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
CARD_RU = f"/ru/applications/{APPLICATION}"
CHOOSE = "Коррекциялық балабақшаны таңдау"


def fields(page: str) -> list[tuple[str, str]]:
    """Names and values of the lists of fields, without marks."""
    pairs = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.DOTALL)
    return [(name, " ".join(re.sub(r"<[^>]+>", " ", value).split())) for name, value in pairs]


async def test_every_field_of_figure_7_is_there(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert fields(page) == [
        ("Толық аты", "Сәрсенова Айгүл Маратқызы"),
        ("ЖСН", "870513400018"),
        ("Туған күні", "13.05.1987"),
        ("Телефон", "көрсетілмеген"),
        ("E-mail", "aigul@example.kz"),
        ("Мекенжайы", "Алматы, Абай даңғылы 1"),
        ("Нақты тұратын мекенжайы", "көрсетілмеген"),
        ("Толық аты", "Сәрсенов Алихан"),
        ("ЖСН", "210513600001"),
        ("Туған күні", "13.05.2021"),
        ("Жеңілдік түрі", "Жеңілдіксіз"),
        (
            "Кезек нөмірі",
            "364 Алда тұрған балалар: кезектен тыс құқықпен – 3, бірінші кезектегі құқықпен – 91, жалпы негізде – 269.",
        ),
        ("Жеңілдікті категория бойынша кезек нөмірі", "0"),
        ("Кезек түрі", "Арнайы (түзету)"),
        ("Санаты", "Сөйлеу тілінде күрделі бұзылыстары бар балалар"),
        ("Өтініш нөмірі", "KDDO.2021.802010.1"),
        ("Тіркеу күні", "13-мам-21 12:17:04"),
        ("ЭҮП нөмірі", "101000012345"),
        ("ХҚО нөмірі", "көрсетілмеген"),
        ("Ағымдағы жағдай", "Шешім қабылданды (Кезекте)"),
        ("Соңғы өзгерту күні мен уақыты", "13-мам-21 12:17:21 (кезекте 13-мам-21 12:17:04 бастан)"),
        ("Қосымша Email", "көрсетілмеген"),
        ("Қосымша телефон", "көрсетілмеген"),
        ("Өңір", "Алматы қаласы"),
    ]


async def test_an_application_that_names_no_applicant_shows_none(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[CARD_DOOR] = card(filed_by=None)
    await enter(browser, office)
    told = fields((await browser.get(CARD)).text)
    assert {value for _, value in told[:7]} == {"көрсетілмеген"}
    assert ("Толық аты", "Сәрсенов Алихан") in told


async def test_further_addresses_of_the_applicant_are_the_extra_ones(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers["GET /auth/me"] = ME | {"emails": ["a@example.kz", "b@example.kz"], "phones": ["+7701", "+7702"]}
    await enter(browser, office)
    told = dict(fields((await browser.get(CARD)).text))
    assert (told["E-mail"], told["Қосымша Email"]) == ("a@example.kz", "b@example.kz")
    assert (told["Телефон"], told["Қосымша телефон"]) == ("+7701", "+7702")


async def test_the_second_parent_sees_the_applicant_but_not_how_to_reach_the_applicant(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers[CARD_DOOR] = card(filed_by="parent-2")
    await enter(browser, office, "ru")
    told = dict(fields((await browser.get(CARD_RU)).text))
    assert told["E-mail"] == told["Дополнительный Email"] == "видно только самому заявителю"


async def test_a_child_that_left_the_queue_keeps_its_last_number_and_has_no_buttons(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers[CARD_DOOR] = card(
        status="REMOVED",
        status_text={"kk": "Кезектен алынды", "ru": "Снят с очереди"},
        status_since="2021-07-16T06:00:00Z",
        queue_number=3681,
        why=None,
        actions=[],
        not_invitable_because="NOT_IN_QUEUE",
    )
    office.answers[OFFER_DOOR] = offer(nothing="NOT_IN_QUEUE")
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    told = dict(fields(page))
    assert told["Кезек нөмірі"] == "3681"
    assert told["Соңғы өзгерту күні мен уақыты"].endswith("(кезектен алынды 16-шіл-21 12:00:00 бастан)")
    assert "Кезектен алу<" not in page
    assert CHOOSE not in page
    assert "Қайта тұру үшін жаңа өтініш беріңіз" in page


@pytest.mark.parametrize(
    ("service", "said", "stays"),
    [
        ("vacancy", "Бос орындар қызметі қазір жауап бермейді", "Сәрсенова Айгүл"),
        ("auth", "Кіру және қол қою қызметі қазір жауап бермейді", "364"),
    ],
)
async def test_without_a_neighbour_the_card_lives_and_says_what_is_missing(
    browser: httpx.AsyncClient, office: Office, service: str, said: str, stays: str
) -> None:
    waiting(office)
    await enter(browser, office)
    office.away.add(service)
    page = await browser.get(CARD)
    assert page.status_code == 200
    assert said in page.text
    assert stays in page.text
    assert "Кезектен алу" in page.text


async def test_without_queue_the_page_says_so(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    await enter(browser, office)
    office.away.add("queue")
    page = await browser.get(CARD_RU)
    assert page.status_code == 503
    assert "Ваше место в очереди сохраняется" in page.text


@pytest.mark.parametrize("tab", ["", "/history", "/remove"])
async def test_somebody_elses_application_is_no_page_of_mine(
    browser: httpx.AsyncClient, office: Office, tab: str
) -> None:
    office.answers[CARD_DOOR] = Refuse(404, "NO_SUCH_APPLICATION")
    await enter(browser, office)
    page = await browser.get(f"{CARD}{tab}")
    assert page.status_code == 404
    assert "ЖСН-ге біріктірілмеген" in page.text


async def test_an_address_that_is_no_id_is_no_page(browser: httpx.AsyncClient, office: Office) -> None:
    await enter(browser, office)
    assert (await browser.get("/kk/applications/1")).status_code == 404
    assert not [door for door in office.doors() if "/queue/applications/" in door]


async def test_the_history_tells_when_what_status_who_and_why(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    ended = line("INVITATION_ENDED", at="2021-05-20T01:00:00Z", reason="lapsed")
    office.answers[CARD_DOOR] = card(history=[line("REGISTERED", by="GUARDIAN"), ended, line("SOMETHING_NEW", by="X")])
    await enter(browser, office)
    page = (await browser.get(f"{CARD}/history")).text
    rows = [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]
        for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ][1:]
    assert rows == [
        ["13-мам-21 12:17:21", "Өтініш өзгертілді", "Кезекте", "Басқа қатысушы", "көрсетілмеген"],
        ["20-мам-21 07:00:00", "Кезек бойынша таңдау аяқталды", "Кезекте", "Жүйе", "мерзімі өтті"],
        ["13-мам-21 12:17:21", "Өтініш тіркелді", "Кезекте", "Ата-ана немесе заңды өкіл", "көрсетілмеген"],
    ]
