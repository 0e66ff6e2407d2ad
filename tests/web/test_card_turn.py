"""The card's button to choose: shown when queue and vacancy allow it; otherwise the card says why not."""

from datetime import timedelta

import httpx
import pytest

from tests.web.answers import (
    APPLICATION,
    CARD_DOOR,
    HOLD,
    OFFER_DOOR,
    card,
    holding,
    invitation,
    invited,
    offer,
    own,
    place,
    waiting,
)
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
CARD_RU = f"/ru/applications/{APPLICATION}"
CHOOSE = "Коррекциялық балабақшаны таңдау"


async def test_a_turn_shows_its_deadline_and_the_button(browser: httpx.AsyncClient, office: Office) -> None:
    invited(office)
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert "Балабақшаны 24.11.2026 24:00 дейін таңдаңыз" in page
    assert f'href="{CARD}/choose"' in page
    assert CHOOSE in page


async def test_a_place_in_free_choice_gives_the_button_without_a_turn(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = offer(place(office, mode="FREE_CHOICE", deadline=None, queue_number=None))
    await enter(browser, office, "ru")
    page = (await browser.get(CARD_RU)).text
    assert "Мест в свободном выборе: 1" in page
    assert "Подошла ваша очередь" not in page
    assert "Выбрать коррекционный детский сад" in page


async def test_queue_alone_can_forbid_the_button(browser: httpx.AsyncClient, office: Office) -> None:
    invited(office)
    office.answers[CARD_DOOR] = card(actions=["remove"], not_invitable_because="CONCLUSION_EXPIRED")
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert CHOOSE not in page
    assert "ПМПК қорытындысының мерзімі өткен" in page


@pytest.mark.parametrize(
    ("code", "kk", "ru"),
    [
        ("NOT_INVITED", "Сіздің кезегіңіз әлі келген жоқ", "Ваша очередь ещё не подошла"),
        ("NO_PLACES", "Қазір балаңызға сәйкес бос орын жоқ", "Сейчас нет свободных мест"),
        ("WINDOW_OVER", "таңдау мерзімі аяқталды", "Срок выбора по очереди истёк"),
        ("CHILD_HAS_PLACE", "Баланың таңдалған орны бар", "У ребёнка уже есть выбранное место"),
        ("NOT_IN_QUEUE", "мәліметті әлі алған жоқ", "ещё не получила сведения"),
    ],
)
async def test_without_the_button_the_card_says_why(
    browser: httpx.AsyncClient, office: Office, code: str, kk: str, ru: str
) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = offer(nothing=code)
    await enter(browser, office)
    for address, said, button in ((CARD, kk, CHOOSE), (CARD_RU, ru, "Выбрать коррекционный")):
        page = (await browser.get(address)).text
        assert button not in page
        assert said in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("REFERRED", "Балаға жолдама берілді"),
        ("ENROLLED", "кету белгісін мектепке дейінгі ұйымның қызметкері қояды"),
        ("STOP_LIST", "тоқтату тізімінде"),
        ("INACTIVE", "Өтініш белсенді емес"),
        ("REMOVED", "Бала кезектен алынған"),
        ("REFUSED", "Өтініштен бас тартылды"),
        ("SUBMITTED", "Өтініш әлі қаралған жоқ"),
        ("UNDER_REVIEW", "Өтініш қаралуда"),
        ("DISCHARGED", "Бала балабақшадан шығарылды"),
    ],
)
async def test_each_status_outside_the_queue_says_what_to_do(
    browser: httpx.AsyncClient, office: Office, status: str, said: str
) -> None:
    waiting(office)
    office.answers[CARD_DOOR] = card(status=status, actions=[], not_invitable_because="NOT_IN_QUEUE", why=None)
    office.answers[OFFER_DOOR] = offer(place(office))
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert said in page
    assert CHOOSE not in page


async def test_a_turn_whose_time_has_passed_says_so(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[CARD_DOOR] = card(invitation=invitation(office, timedelta(minutes=-1)))
    office.answers[OFFER_DOOR] = offer(nothing="WINDOW_OVER")
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert "24.11.2026 08:59 аяқталды" in page
    assert "Сіздің кезегіңіз келді" not in page


async def test_a_choice_under_way_is_one_click_from_the_card(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    assert f'href="/kk/choices/{HOLD}"' in (await browser.get(CARD)).text


async def test_just_after_giving_a_place_back_the_card_offers_no_way_to_sign_it(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    page = (await browser.get(f"{CARD}?said=declined")).text
    assert "Сіз орыннан бас тарттыңыз" in page
    assert f"/choices/{HOLD}" not in page


async def test_a_word_that_no_page_says_is_not_repeated(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    await enter(browser, office)
    page = await browser.get(f"{CARD}?said=hacked")
    assert page.status_code == 200
    assert "hacked" not in page.text


async def test_vacancy_that_has_not_heard_of_the_application_is_not_the_end(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = Refuse(404, "NOT_YOUR_CHILD")
    await enter(browser, office)
    page = await browser.get(CARD)
    assert page.status_code == 200
    assert "мәліметті әлі алған жоқ" in page.text


async def test_a_taken_place_offers_nothing_more(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[OFFER_DOOR] = offer(nothing="CHILD_HAS_PLACE", own=own(office, "TAKEN"))
    await enter(browser, office)
    page = (await browser.get(CARD)).text
    assert f"/choices/{HOLD}" not in page
    assert CHOOSE not in page
