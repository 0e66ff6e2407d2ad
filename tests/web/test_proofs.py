"""An address is proven by a code: shown as proven or not, sent for, typed in."""

import httpx
import pytest
import pytest_asyncio

from tests.web.office import BASE, ME, Office, Refuse, enter

SEND = "POST /auth/me/contacts:send-code"
CONFIRM = "POST /auth/me/contacts:confirm"
EMAIL, PHONE = "aigul@example.kz", "+77010000001"


@pytest_asyncio.fixture(loop_scope="session")
async def parent(browser: httpx.AsyncClient, office: Office) -> httpx.AsyncClient:
    """A parent in session whose e-mail address is proven and whose phone is not."""
    office.answers["GET /auth/me"] = ME | {"emails": [EMAIL], "phones": [PHONE], "confirmed": [EMAIL]}
    office.answers |= {SEND: {"channel": "sms", "expires_at": office.now.isoformat()}, CONFIRM: None}
    await enter(browser, office)
    return browser


async def test_each_address_is_said_to_be_proven_or_not(parent: httpx.AsyncClient) -> None:
    page = (await parent.get("/kk/contacts")).text
    assert page.count("Расталған<") == 1
    assert page.count("Расталмаған<") == 1
    assert page.count('name="code"') == 1


async def test_a_code_is_sent_for_and_typed_in(parent: httpx.AsyncClient, office: Office) -> None:
    sent = await parent.post("/kk/contacts/code", data={"address": PHONE})
    assert sent.headers["location"] == "/kk/contacts?said=sent"
    assert office.last(SEND).json == {"address": PHONE}
    assert "Код жіберілді" in (await parent.get(BASE + sent.headers["location"])).text
    proven = await parent.post("/kk/contacts/confirm", data={"address": PHONE, "code": " 123 456 "})
    assert office.last(CONFIRM).json == {"address": PHONE, "code": "123456"}
    assert "Мекенжай расталды" in (await parent.get(BASE + proven.headers["location"])).text


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (Refuse(422, "CODE_WRONG"), "Неверный код"),
        (Refuse(410, "CODE_EXPIRED"), "Срок действия кода истёк"),
        (Refuse(409, "CODE_TRIED_TOO_OFTEN"), "Запросите новый код"),
    ],
)
async def test_a_code_that_proves_nothing_is_said_at_its_field(
    parent: httpx.AsyncClient, office: Office, refusal: Refuse, said: str
) -> None:
    office.answers[CONFIRM] = refusal
    page = await parent.post("/ru/contacts/confirm", data={"address": PHONE, "code": "000000"})
    assert page.status_code == refusal.status
    assert said in page.text
    assert "code-wrong-2" in page.text
    assert 'id="email"' in page.text


async def test_an_address_that_is_no_longer_there_has_its_sentence(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[CONFIRM] = Refuse(404, "NO_SUCH_CONTACT")
    page = await parent.post("/ru/contacts/confirm", data={"address": "old@example.kz", "code": "000000"})
    assert page.status_code == 404
    assert "Такого адреса нет среди ваших контактов" in page.text


@pytest.mark.parametrize("code", ["", "   ", "1" * 17])
async def test_no_code_is_no_question(parent: httpx.AsyncClient, office: Office, code: str) -> None:
    page = await parent.post("/kk/contacts/confirm", data={"address": PHONE, "code": code})
    assert page.status_code == 422
    assert "code-wrong-2" in page.text
    assert CONFIRM not in office.doors()


async def test_asking_for_a_code_too_often_is_said(parent: httpx.AsyncClient, office: Office) -> None:
    office.answers[SEND] = Refuse(429, "TOO_MANY_REQUESTS")
    page = await parent.post("/ru/contacts/code", data={"address": PHONE})
    assert page.status_code == 429
    assert "Слишком много запросов" in page.text


@pytest.mark.parametrize("door", ["code", "confirm"])
async def test_an_address_proven_meanwhile_is_proven(parent: httpx.AsyncClient, office: Office, door: str) -> None:
    office.answers |= {SEND: Refuse(409, "CONTACT_CONFIRMED"), CONFIRM: Refuse(409, "CONTACT_CONFIRMED")}
    answer = await parent.post(f"/kk/contacts/{door}", data={"address": PHONE, "code": "123456"})
    assert answer.headers["location"] == "/kk/contacts?said=proven"


async def test_no_address_and_no_code_stands_in_an_address_of_a_page(parent: httpx.AsyncClient, office: Office) -> None:
    await parent.post("/kk/contacts/confirm", data={"address": PHONE, "code": "123456"})
    assert not any("123456" in each.address or "77010000001" in each.address for each in office.asked)


async def test_a_newcomer_gives_addresses_before_proving_them(browser: httpx.AsyncClient, office: Office) -> None:
    office.answers["GET /auth/me"] = ME | {"email_required": True, "emails": [EMAIL]}
    await enter(browser, office, email_required=True)
    assert 'name="code"' not in (await browser.get("/kk/contacts")).text
