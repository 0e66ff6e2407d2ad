"""From the notice to the hold: *yes* holds the place, everything else holds nothing."""

import re

import httpx
import pytest

from tests.web.answers import (
    ADDRESS,
    APPLICATION,
    HOLD,
    HOLD_DOOR,
    OFFER_DOOR,
    OTHER_PLACE,
    PLACE,
    QUESTION,
    SCHOOL,
    invited,
    offer,
    own,
    place,
    waiting,
)
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
PLACES = f"{CARD}/places"
CONFIRM = f"{PLACES}/{PLACE}/confirm"
YES = f"{PLACES}/{PLACE}/hold"


def shown(page: str) -> str:
    """The text of a page as it is read."""
    text = re.sub(r"<[^>]+>", " ", page).replace("&#34;", '"')
    return " ".join(text.split())


def holds(office: Office) -> list[str]:
    """What was asked to be held."""
    return [door for door in office.doors() if door.endswith("/holds")]


async def test_the_notice_tells_the_rule_of_three_days_and_the_deadline(
    browser: httpx.AsyncClient, office: Office
) -> None:
    invited(office)
    await enter(browser, office)
    page = (await browser.get(f"{CARD}/choose")).text
    assert (
        "Егер өтініш беруші балабақшаны таңдамаса және жолдаманы 3 жұмыс күні ішінде алмаса, мұндай орын барлық "
        "кезектегі балаларға топтың жылына сәйкес қол жетімді болады. Бұл ретте балабақшаны таңдамаған мұндай өтініш "
        "беруші кезекте қалады."
    ) in shown(page)
    assert "Балабақшаны 24.11.2026 24:00 дейін таңдаңыз" in page
    assert f'<a class="button" href="{PLACES}">ОК</a>' in page


async def test_the_notice_of_free_choice_has_its_own_words(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = offer(place(office, mode="FREE_CHOICE", deadline=None))
    await enter(browser, office)
    page = (await browser.get(f"{CARD}/choose")).text
    assert "Еркін таңдаудағы орындар" in page
    assert "3 жұмыс күні" not in page
    assert "дейін таңдаңыз" not in page


@pytest.mark.parametrize("page", [f"{CARD}/choose", PLACES, f"{PLACES}/chosen?place={PLACE}", CONFIRM])
@pytest.mark.parametrize(("state", "leads"), [("HELD", f"/kk/choices/{HOLD}"), ("TAKEN", f"{CARD}/documents")])
async def test_a_child_with_a_place_goes_on_with_it(
    browser: httpx.AsyncClient, office: Office, page: str, state: str, leads: str
) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = offer(nothing="CHILD_HAS_PLACE", own=own(office, state))
    await enter(browser, office)
    assert (await browser.get(page)).headers["location"] == leads


async def test_a_notice_about_nothing_leads_to_the_card_which_says_why(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    await enter(browser, office)
    assert (await browser.get(f"{CARD}/choose")).headers["location"] == CARD


async def test_every_field_of_figure_9_is_there(browser: httpx.AsyncClient, office: Office) -> None:
    invited(office)
    await enter(browser, office)
    page = (await browser.get(PLACES)).text
    for name, value in (
        ("атауы:", SCHOOL),
        ("телефоны", "87272944485"),
        ("типі", "Түзету балабақшасы"),
        ("мекенжайы", ADDRESS),
        ("Оқыту тілі", "Қазақша"),
        ("веб-сайты", "145.almatybala.kz"),
        ("Орын түрі", "жалпыға бірдей белгіленген"),
        ("Орналасқан жері", "Картадан қарау"),
    ):
        assert f"{name} {value}" in shown(page)
    assert "Оқыту тіліне және таңдалынған мектепке дейінгі ұйымның орналасқан жеріне назар аударуды сұраймыз." in page
    assert "Қолжетімді мектепке дейінгі мекемелердің тізімі" in page
    assert re.search(r"Қол қою және жіберу</button>\s*<a[^>]*>Болдырмау</a>", page)


@pytest.mark.parametrize(
    ("at", "leads"),
    [
        ({}, "https://www.openstreetmap.org/?mlat=43.294500&amp;mlon=76.931200#map=17/43.294500/76.931200"),
        ({"latitude": None, "address_kk": "Абай 1"}, "https://www.openstreetmap.org/search?query=%D0%90%D0%B1"),
    ],
)
async def test_the_map_opens_apart_and_learns_nothing_of_where_one_came_from(
    browser: httpx.AsyncClient, office: Office, at: dict[str, str | None], leads: str
) -> None:
    invited(office)
    office.answers[OFFER_DOOR] = offer(place(office, **at))
    await enter(browser, office)
    link = re.search(r'<a href="https://www.openstreetmap.org[^>]*>', (await browser.get(PLACES)).text)
    assert link
    assert leads in link.group()
    assert 'rel="noopener noreferrer" referrerpolicy="no-referrer"' in link.group()


@pytest.mark.parametrize(
    ("website", "leads"),
    [
        ("145.almatybala.kz", 'href="http://145.almatybala.kz"'),
        ("https://a.kz", 'href="https://a.kz"'),
        ("javascript:alert(1)", 'href="http://javascript:alert(1)"'),
    ],
)
async def test_a_website_leads_to_a_website_only(
    browser: httpx.AsyncClient, office: Office, website: str, leads: str
) -> None:
    invited(office)
    office.answers[OFFER_DOOR] = offer(place(office, website=website))
    await enter(browser, office)
    assert leads in (await browser.get(PLACES)).text


async def test_places_alike_in_everything_are_one_line_with_their_number(
    browser: httpx.AsyncClient, office: Office
) -> None:
    invited(office)
    office.answers[OFFER_DOOR] = offer(place(office), place(office, place_id=OTHER_PLACE))
    await enter(browser, office)
    page = (await browser.get(PLACES)).text
    assert page.count('type="radio"') == 1
    assert "Орын саны 2" in shown(page)


async def test_sending_without_a_choice_shows_the_list_again_and_says_so(
    browser: httpx.AsyncClient, office: Office
) -> None:
    invited(office)
    await enter(browser, office)
    page = await browser.get(f"{PLACES}/chosen")
    assert page.status_code == 422
    assert "Балабақша таңдалмады" in page.text
    assert f'value="{PLACE}"' in page.text


async def test_a_chosen_place_leads_to_the_question_word_for_word(browser: httpx.AsyncClient, office: Office) -> None:
    invited(office)
    await enter(browser, office)
    assert (await browser.get(f"{PLACES}/chosen?place={PLACE}")).headers["location"] == CONFIRM
    page = (await browser.get(CONFIRM)).text
    assert QUESTION in shown(page)
    assert f'<form method="post" action="{YES}">' in page
    assert f'<a class="button second" href="{PLACES}">Жоқ</a>' in page
    assert not holds(office)


async def test_the_question_in_russian(browser: httpx.AsyncClient, office: Office) -> None:
    invited(office)
    await enter(browser, office, "ru")
    page = shown((await browser.get(CONFIRM.replace("/kk/", "/ru/"))).text)
    assert (
        "Вы действительно хотите получить направление в дошкольную организацию "
        f'(КГУ "Специальный ясли-сад № 145", {ADDRESS}, Язык обучения - Казахский)?'
    ) in page


async def test_somebody_elses_application_has_no_places_for_me(browser: httpx.AsyncClient, office: Office) -> None:
    office.answers[OFFER_DOOR] = office.answers[HOLD_DOOR] = Refuse(404, "NOT_YOUR_CHILD")
    await enter(browser, office)
    for page in (await browser.get(PLACES), await browser.get(CONFIRM), await browser.post(YES)):
        assert page.status_code == 404
        assert "ЖСН-ге біріктірілмеген" in page.text


@pytest.mark.parametrize("page", [f"{CARD}/choose", PLACES, CONFIRM])
async def test_without_vacancy_the_page_says_so(browser: httpx.AsyncClient, office: Office, page: str) -> None:
    invited(office)
    await enter(browser, office)
    office.away.add("vacancy")
    answer = await browser.get(page)
    assert answer.status_code == 503
    assert "Бос орындар қызметі қазір жауап бермейді" in answer.text


async def test_the_offer_is_asked_about_this_application_with_the_parents_own_token(
    browser: httpx.AsyncClient, office: Office
) -> None:
    invited(office)
    await enter(browser, office)
    await browser.get(PLACES)
    asked = office.last(OFFER_DOOR)
    assert asked.address.endswith(f"?application_id={APPLICATION}")
    assert asked.token == "access-1"
