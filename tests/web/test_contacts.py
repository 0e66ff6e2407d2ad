"""How a parent is reached: required at the first entry, changed at will."""

import httpx
import pytest
import pytest_asyncio

from tests.web.office import BASE, ME, Office, Refuse, enter

TYPED = {"email": "aigul@example.kz", "phone": "8 701 000 00 00", "language": "ru", "consent": "true"}
FIRST = "Жүйеге бірінші рет кірген кезде электрондық поштаны көрсету қажет"


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent who has entered for the first time."""
    office.answers["GET /auth/me"] = ME | {"email_required": True, "emails": [], "language": None}
    given = {"access_token": "access-2", "expires_at": office.tokens(2)["expires_at"], "email_required": False}
    office.answers["PUT /auth/me/contacts"] = given
    await enter(browser, office, email_required=True)
    return browser


async def test_the_first_entry_leads_to_the_address_and_every_other_page_back_to_it(
    newcomer: httpx.AsyncClient, office: Office
) -> None:
    assert (await newcomer.get("/kk/applications")).headers["location"] == "/kk/contacts"
    assert "GET /queue/applications" not in office.doors()
    page = (await newcomer.get("/kk/contacts")).text
    assert FIRST in page
    assert 'value="kk" checked' in page
    assert 'id="consent" name="consent" value="true" required>' in page


async def test_once_the_address_is_given_the_journal_opens(newcomer: httpx.AsyncClient, office: Office) -> None:
    given = await newcomer.post("/kk/contacts", data=TYPED)
    assert given.headers["location"] == "/kk/applications"
    assert office.last("PUT /auth/me/contacts").json == {
        "email": "aigul@example.kz",
        "phone": "8 701 000 00 00",
        "more_emails": [],
        "more_phones": [],
        "language": "ru",
        "consent": True,
    }
    assert (await newcomer.get("/kk/applications")).status_code == 200
    assert office.last("GET /queue/applications").token == "access-2"


@pytest.mark.parametrize("email", ["", "aigul", "aigul@", "aigul@example", "ai gul@example.kz"])
async def test_a_malformed_address_is_said_at_the_field_and_nothing_typed_is_lost(
    newcomer: httpx.AsyncClient, office: Office, email: str
) -> None:
    answer = await newcomer.post("/kk/contacts", data=TYPED | {"email": email})
    assert answer.status_code == 422
    assert 'aria-describedby="email-wrong"' in answer.text
    assert "Электрондық пошта мекенжайы дұрыс емес" in answer.text
    for kept in (f'value="{email}"', 'value="8 701 000 00 00"', 'value="ru" checked', 'value="true" required checked'):
        assert kept in answer.text
    assert FIRST in answer.text
    assert "PUT /auth/me/contacts" not in office.doors()


async def test_an_address_that_only_auth_refuses_is_said_at_the_field_too(
    newcomer: httpx.AsyncClient, office: Office
) -> None:
    office.answers["PUT /auth/me/contacts"] = Refuse(422, "CONTACTS_INVALID")
    answer = await newcomer.post("/ru/contacts", data=TYPED | {"email": "a@b..kz"})
    assert answer.status_code == 422
    assert "Неверный адрес электронной почты" in answer.text


@pytest.mark.parametrize("phone", ["701", "+7 701 000", "eight"])
async def test_a_malformed_phone_is_said_at_its_own_field(newcomer: httpx.AsyncClient, phone: str) -> None:
    answer = await newcomer.post("/kk/contacts", data=TYPED | {"phone": phone})
    assert 'id="phone-wrong"' in answer.text
    assert 'id="email-wrong"' not in answer.text


async def test_a_phone_is_not_required(newcomer: httpx.AsyncClient, office: Office) -> None:
    assert (await newcomer.post("/kk/contacts", data=TYPED | {"phone": ""})).status_code == 303
    assert office.last("PUT /auth/me/contacts").json["phone"] is None


async def test_without_consent_nothing_is_kept(newcomer: httpx.AsyncClient, office: Office) -> None:
    answer = await newcomer.post("/kk/contacts", data={key: TYPED[key] for key in ("email", "phone", "language")})
    assert answer.status_code == 422
    assert 'id="consent-wrong"' in answer.text
    office.answers["PUT /auth/me/contacts"] = Refuse(422, "CONSENT_REQUIRED")
    assert 'id="consent-wrong"' in (await newcomer.post("/kk/contacts", data=TYPED)).text


async def test_while_auth_is_away_what_was_typed_stays(newcomer: httpx.AsyncClient, office: Office) -> None:
    office.away.add("auth")
    answer = await newcomer.post("/ru/contacts", data=TYPED)
    assert answer.status_code == 503
    assert "сейчас не отвечает" in answer.text
    assert 'value="aigul@example.kz"' in answer.text


async def test_later_the_contacts_may_be_changed_and_others_given_elsewhere_stay(
    browser: httpx.AsyncClient, office: Office
) -> None:
    office.answers["GET /auth/me"] = ME | {"emails": ["a@example.kz", "b@example.kz"], "phones": ["+77010000001"]}
    given = {"access_token": "access-2", "expires_at": office.tokens(2)["expires_at"], "email_required": False}
    office.answers["PUT /auth/me/contacts"] = given
    await enter(browser, office)
    page = (await browser.get("/kk/contacts")).text
    assert FIRST not in page
    assert 'value="a@example.kz"' in page
    kept = await browser.post("/kk/contacts", data=TYPED | {"email": "c@example.kz"})
    assert office.last("PUT /auth/me/contacts").json["more_emails"] == ["b@example.kz"]
    assert "Байланыс деректері сақталды" in (await browser.get(BASE + kept.headers["location"])).text
