"""*Yes*: the place is held, once; or it is told why not, with what is left to choose."""

import httpx
import pytest

from tests.web.answers import (
    APPLICATION,
    CHOICE_DOOR,
    HOLD,
    HOLD_DOOR,
    OFFER_DOOR,
    OTHER_PLACE,
    PLACE,
    holding,
    invited,
    offer,
    place,
)
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
PLACES = f"{CARD}/places"
CONFIRM = f"{PLACES}/{PLACE}/confirm"
YES = f"{PLACES}/{PLACE}/hold"


async def test_yes_holds_the_place_and_yes_again_is_the_same_hold(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    answers = [await browser.post(YES) for _ in range(2)]
    assert [each.headers["location"] for each in answers] == [f"/kk/choices/{HOLD}"] * 2
    assert office.doors().count(HOLD_DOOR) == 2
    assert office.last(HOLD_DOOR).json == {"application_id": APPLICATION}


@pytest.mark.parametrize("late", ["not there", "away"])
async def test_a_document_that_is_late_is_waited_for_on_the_next_page(
    browser: httpx.AsyncClient, office: Office, late: str
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = Refuse(404, "NO_SUCH_CHOICE")
    await enter(browser, office)
    if late == "away":
        office.away.add("referral")
    assert (await browser.post(YES)).headers["location"] == f"/kk/choices/{HOLD}?new=1"


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        ("PLACE_TAKEN", 409, "Бұл орынды басқа бала алып қойды"),
        ("NO_SUCH_PLACE", 404, "Бұл орынды басқа бала алып қойды"),
        ("WINDOW_OVER", 409, "Кезек бойынша таңдау мерзімі аяқталды"),
        ("NOT_INVITED", 409, "Сіздің кезегіңіз әлі келген жоқ"),
        ("NOT_IN_QUEUE", 409, "қазір кезекте тұрған жоқ"),
    ],
)
async def test_a_place_gone_while_reading_is_a_sentence_and_what_is_left(
    browser: httpx.AsyncClient, office: Office, code: str, status: int, said: str
) -> None:
    invited(office)
    office.answers[HOLD_DOOR] = Refuse(status, code)
    office.answers[OFFER_DOOR] = offer(place(office, place_id=OTHER_PLACE))
    await enter(browser, office)
    page = await browser.post(YES)
    assert page.status_code == 409
    assert said in page.text
    assert f'value="{OTHER_PLACE}"' in page.text


async def test_when_nothing_is_left_the_page_says_so_once_and_leads_to_the_card(
    browser: httpx.AsyncClient, office: Office
) -> None:
    invited(office)
    office.answers[HOLD_DOOR] = Refuse(409, "WINDOW_OVER")
    office.answers[OFFER_DOOR] = offer(nothing="WINDOW_OVER")
    await enter(browser, office)
    page = (await browser.post(YES)).text
    assert page.count("таңдау мерзімі аяқталды") == 1
    assert "<form method=" in page  # the way out of the cabinet only
    assert 'type="radio"' not in page
    assert f'href="{CARD}"' in page


@pytest.mark.parametrize("page", [f"{PLACES}/chosen?place={PLACE}", CONFIRM])
async def test_a_place_gone_before_the_question_is_told_with_what_is_left(
    browser: httpx.AsyncClient, office: Office, page: str
) -> None:
    invited(office)
    office.answers[OFFER_DOOR] = offer(place(office, place_id=OTHER_PLACE))
    await enter(browser, office)
    answer = await browser.get(page)
    assert answer.status_code == 409
    assert "Бұл орынды басқа бала алып қойды" in answer.text
    assert f'value="{OTHER_PLACE}"' in answer.text


async def test_yes_for_another_place_in_a_second_tab_goes_on_with_the_first(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    office.answers[HOLD_DOOR] = Refuse(409, "CHILD_HAS_PLACE")
    await enter(browser, office)
    assert (await browser.post(YES)).headers["location"] == f"/kk/choices/{HOLD}"


async def test_yes_after_the_session_was_lost_leads_to_login_and_back_to_the_question(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    login = f"/kk/login?next={CONFIRM}&lost=1"
    assert (await browser.post(YES)).headers["location"] == login
    office.answers[HOLD_DOOR] = Refuse(401, "UNAUTHENTICATED")
    await enter(browser, office)
    assert (await browser.post(YES)).headers["location"] == login


async def test_a_form_of_another_site_holds_nothing(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    answer = await browser.post(YES, headers={"origin": "https://evil.test"})
    assert answer.status_code == 403
    assert HOLD_DOOR not in office.doors()
