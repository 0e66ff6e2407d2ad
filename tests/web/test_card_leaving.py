"""Leaving the queue from the card."""

import httpx

from tests.web.answers import (
    APPLICATION,
    CARD_DOOR,
    card,
    waiting,
)
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
REMOVE_DOOR = f"POST /queue/applications/{APPLICATION}:remove"


async def test_leaving_the_queue_asks_first_and_no_changes_nothing(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    await enter(browser, office)
    page = (await browser.get(f"{CARD}/remove")).text
    assert "KDDO.2021.802010.1 өтініші бойынша баланы кезектен алғыңыз келе ме?" in page
    assert f'<a class="button" href="{CARD}">Жоқ</a>' in page
    assert REMOVE_DOOR not in office.doors()


async def test_leaving_twice_ends_on_the_same_card(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[REMOVE_DOOR] = card(status="REMOVED")
    await enter(browser, office)
    first = await browser.post(f"{CARD}/remove")
    office.answers[REMOVE_DOOR] = Refuse(409, "NOT_IN_QUEUE")
    office.answers[CARD_DOOR] = card(status="REMOVED", actions=[])
    second = await browser.post(f"{CARD}/remove")
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"] == f"{CARD}?said=removed"
    assert "Бала кезектен алынды" in (await browser.get(first.headers["location"])).text


async def test_a_choice_under_way_keeps_the_child_in_the_queue(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[REMOVE_DOOR] = Refuse(409, "CHOICE_IN_PROGRESS")
    await enter(browser, office)
    page = await browser.post(f"{CARD}/remove")
    assert page.status_code == 409
    assert "алдымен таңдаған орыннан бас тартыңыз" in page.text


async def test_leaving_without_a_session_leads_to_login_and_back_to_the_question(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(f"{CARD}/remove")
    assert answer.headers["location"] == f"/kk/login?next={CARD}/remove&lost=1"
