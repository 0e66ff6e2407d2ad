"""The choice to sign, and how it ends."""

import html
import re
from datetime import timedelta

import httpx
import pytest

from tests.web.answers import APPLICATION, CHOICE_DOOR, DECLINE_DOOR, HOLD, SIGN_DOOR, choice, holding
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
PAGE = f"/kk/choices/{HOLD}"
OUTCOME = f"{PAGE}/outcome"
SIGNED = "<choice>\r\n<signature/>\r\n</choice>"


async def test_the_page_carries_the_document_unchanged_and_asks_for_the_signing_key(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    page = (await browser.get(PAGE)).text
    document = re.search(r'data-part="document" value="([^"]*)"', page)
    assert document
    assert html.unescape(document.group(1)) == choice(office)["xml"]
    assert 'data-signing="SIGN"' in page
    assert f'action="{PAGE}/signature"' in page
    for said in ("Сертификатты таңдау", "Қол қою", "Болдырмау", "Сіз шын мәнінде мектепалды ұйымға жолдама"):
        assert said in page


async def test_the_page_says_until_when_the_place_is_held(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    assert "24.11.2026 09:20 дейін сақталады (Алматы уақыты), тағы 20 минут бар" in (await browser.get(PAGE)).text
    await office.move(timedelta(minutes=19, seconds=30))
    office.answers["POST /auth/sessions:refresh"] = office.tokens(2)
    assert "бір минуттан аз уақыт қалды" in (await browser.get(PAGE)).text


async def test_a_signature_is_handed_in_as_it_was_made_and_its_outcome_follows(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    answer = await browser.post(f"{PAGE}/signature", data={"signed_xml": SIGNED})
    assert (answer.status_code, answer.headers["location"]) == (303, OUTCOME)
    assert office.last(SIGN_DOOR).json == {"signed_xml": SIGNED.replace("\r\n", "\n")}


@pytest.mark.parametrize("code", ["SIGNATURE_BEING_CHECKED", "HOLD_ENDED", "ALREADY_SIGNED"])
async def test_a_second_click_and_a_late_signature_lead_to_the_outcome(
    browser: httpx.AsyncClient, office: Office, code: str
) -> None:
    holding(office)
    office.answers[SIGN_DOOR] = Refuse(409, code)
    await enter(browser, office)
    assert (await browser.post(f"{PAGE}/signature", data={"signed_xml": SIGNED})).headers["location"] == OUTCOME


async def test_an_empty_form_signs_nothing(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    assert (await browser.post(f"{PAGE}/signature", data={"signed_xml": ""})).headers["location"] == PAGE
    assert SIGN_DOOR not in office.doors()


@pytest.mark.parametrize("deed", ["signature", "decline"])
async def test_a_session_lost_while_signing_leads_to_login_and_back_to_the_same_choice(
    browser: httpx.AsyncClient, office: Office, deed: str
) -> None:
    holding(office)
    login = f"/kk/login?next={PAGE}&lost=1"
    assert (await browser.post(f"{PAGE}/{deed}", data={"signed_xml": SIGNED})).headers["location"] == login
    office.answers[SIGN_DOOR] = office.answers[CHOICE_DOOR] = Refuse(401, "UNAUTHENTICATED")
    await enter(browser, office)
    assert (await browser.post(f"{PAGE}/{deed}", data={"signed_xml": SIGNED})).headers["location"] == login
    office.answers[CHOICE_DOOR] = choice(office)
    form = {"challenge_id": "challenge-1", "signed_xml": "<login/>", "next": PAGE}
    assert (await browser.post("/kk/login", data=form)).headers["location"] == PAGE
    assert "data-signing" in (await browser.get(PAGE)).text


async def test_referral_away_loses_nothing_and_the_choice_is_found_again(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    office.away.add("referral")
    for answer in (
        await browser.get(PAGE),
        await browser.get(OUTCOME),
        await browser.post(f"{PAGE}/signature", data={"signed_xml": SIGNED}),
    ):
        assert answer.status_code == 503
        assert "Қойылған қол қызметке жетсе, ол жоғалмайды" in answer.text
        assert f'href="{OUTCOME}"' in answer.text


async def test_auth_away_is_no_hindrance_to_a_signature(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    await enter(browser, office)
    office.away.add("auth")
    assert (await browser.post(f"{PAGE}/signature", data={"signed_xml": SIGNED})).headers["location"] == OUTCOME


async def test_a_choice_that_is_not_there_yet_is_waited_for(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = Refuse(404, "NO_SUCH_CHOICE")
    await enter(browser, office)
    page = await browser.get(f"{PAGE}?new=1")
    assert page.status_code == 200
    assert "Қол қойылатын құжат дайындалып жатыр" in page.text
    assert office.last(CHOICE_DOOR).address.endswith("?wait=25.0")


@pytest.mark.parametrize("page", [PAGE, OUTCOME])
async def test_somebody_elses_choice_is_no_page_of_mine(browser: httpx.AsyncClient, office: Office, page: str) -> None:
    office.answers[CHOICE_DOOR] = office.answers[SIGN_DOOR] = Refuse(404, "NO_SUCH_CHOICE")
    await enter(browser, office)
    answers = [await browser.get(page), await browser.post(f"{PAGE}/signature", data={"signed_xml": SIGNED})]
    for answer in answers:
        assert answer.status_code == 404
        assert "Мұндай таңдау жоқ" in answer.text


async def test_giving_the_place_back_leads_to_the_card_with_a_sentence(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    for _ in range(2):
        answer = await browser.post(f"{PAGE}/decline")
        assert answer.headers["location"] == f"{CARD}?said=declined"
    assert "Сіз орыннан бас тарттыңыз" in (await browser.get(answer.headers["location"])).text


async def test_what_is_signed_is_not_given_back(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    office.answers[DECLINE_DOOR] = Refuse(409, "ALREADY_SIGNED")
    await enter(browser, office)
    assert (await browser.post(f"{PAGE}/decline")).headers["location"] == OUTCOME


@pytest.mark.parametrize("state", ["RECEIVED", "SIGNED", "EXPIRED", "DECLINED", "REJECTED"])
async def test_going_back_to_a_choice_that_is_no_longer_open_shows_its_outcome(
    browser: httpx.AsyncClient, office: Office, state: str
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, state=state)
    await enter(browser, office)
    assert (await browser.get(PAGE)).headers["location"] == OUTCOME
