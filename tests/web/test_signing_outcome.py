"""How a choice ends, and how the page waits for it."""

from datetime import timedelta

import httpx
import pytest

from tests.web.answers import APPLICATION, CHOICE_DOOR, HOLD, choice, holding
from tests.web.office import Office, Refuse, enter

CARD = f"/kk/applications/{APPLICATION}"
PAGE = f"/kk/choices/{HOLD}"
OUTCOME = f"{PAGE}/outcome"
WAIT = f"{OUTCOME}/wait"


async def test_an_outcome_before_any_signature_leads_back_to_signing(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    await enter(browser, office)
    assert (await browser.get(OUTCOME)).headers["location"] == PAGE


@pytest.mark.parametrize(
    ("state", "said"),
    [("RECEIVED", "Қол қою қабылданды, тексеріліп жатыр"), ("SIGNED", "жолдама дайындалып жатыр")],
)
async def test_while_it_is_checked_the_page_may_be_left_and_looks_by_itself(
    browser: httpx.AsyncClient, office: Office, state: str, said: str
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, state=state)
    await enter(browser, office)
    page = (await browser.get(OUTCOME)).text
    piece = (await browser.get(WAIT)).text
    for shown in (page, piece):
        assert said in shown
        assert "Бұл бетті жабуға болады, ештеңе жоғалмайды" in shown
        assert f'hx-get="{WAIT}"' in shown
    assert "htmx" in page
    assert f'href="{OUTCOME}"' in page  # without JavaScript
    assert "<html" not in piece
    assert office.last(CHOICE_DOOR).address.endswith("?wait=25.0")


async def test_once_there_is_an_outcome_the_page_opens_anew(browser: httpx.AsyncClient, office: Office) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, state="SIGNED", referral_id="r", referral_number="n")
    await enter(browser, office)
    assert (await browser.get(WAIT)).headers["hx-redirect"] == OUTCOME


async def test_the_waiting_piece_outlives_a_service_that_is_away_and_a_lost_session(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    login = f"/kk/login?next={PAGE}&lost=1"
    assert (await browser.get(WAIT)).headers["hx-redirect"] == login
    await enter(browser, office)
    office.away.add("referral")
    assert 'hx-trigger="load delay:5s"' in (await browser.get(WAIT)).text
    office.away.clear()
    office.answers[CHOICE_DOOR] = Refuse(401, "UNAUTHENTICATED")
    assert (await browser.get(WAIT)).headers["hx-redirect"] == login


@pytest.mark.parametrize(
    ("lang", "said"), [("kk", ("Жолдама берілді", "Жалпы құжаттар")), ("ru", ("Направление выдано", "Общие документы"))]
)
async def test_success_shows_the_number_and_the_way_to_the_documents(
    browser: httpx.AsyncClient, office: Office, lang: str, said: tuple[str, ...]
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, state="SIGNED", referral_id="r", referral_number="ZH-2026-000145")
    await enter(browser, office, lang)
    page = (await browser.get(OUTCOME.replace("/kk/", f"/{lang}/"))).text
    assert "ZH-2026-000145" in page
    assert f'href="/{lang}/applications/{APPLICATION}/documents"' in page
    for each in said:
        assert each in page


@pytest.mark.parametrize(
    ("code", "kk", "ru"),
    [
        ("CERTIFICATE_KEY_USAGE", "AUTH_RSA кілтін емес, RSA кілтін таңдап", "ключ RSA, а не ключ входа AUTH_RSA"),
        ("CERTIFICATE_HOLDER_KIND", "Бұл ұйымның кілті", "Это ключ организации"),
        ("CERTIFICATE_EXPIRED", "мерзімі өтіп кеткен", "Срок действия ключа истёк"),
        ("CERTIFICATE_REVOKED", "Бұл кілт кері қайтарылған", "Этот ключ отозван"),
        ("SIGNED_BY_ANOTHER_PERSON", "кабинетке кірген адам емес", "не тем, кто вошёл в кабинет"),
        ("SIGNER_IS_ANOTHER", "кабинетке кірген адам емес", "не тем, кто вошёл в кабинет"),
        ("SIGNER_NOT_A_GUARDIAN", "заңды өкілі ретінде тіркелмеген", "не записан родителем"),
        ("NOT_THE_ISSUED_DOCUMENT", "Қол басқа құжатқа қойылған", "Подписан другой документ"),
        ("CERTIFICATE_ISSUER", "Ұлттық куәландырушы орталық бермеген", "не Национальным удостоверяющим центром"),
        ("SIGNATURE_VALUE", "Қойылған қол тексерістен өтпеді", "Подпись не прошла проверку"),
    ],
)
async def test_a_signature_that_was_not_good_is_a_sentence_and_may_be_made_again(
    browser: httpx.AsyncClient, office: Office, code: str, kk: str, ru: str
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, last_refusal=code)
    await enter(browser, office)
    page = (await browser.get(OUTCOME)).text
    assert kk in page
    assert f'href="{PAGE}"' in page
    assert "тағы 20 минут бар" in page
    assert ru in (await browser.get(OUTCOME.replace("/kk/", "/ru/"))).text
    assert kk in (await browser.get(PAGE)).text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("EXPIRED", "Орынды сақтау мерзімі аяқталды"),
        ("DECLINED", "Сіз бұл орыннан бас тарттыңыз"),
        ("REJECTED", "24 сағат ішінде тексеру мүмкін болмады"),
    ],
)
async def test_an_end_without_a_referral_says_what_happened_and_leads_to_the_list(
    browser: httpx.AsyncClient, office: Office, state: str, said: str
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, state=state)
    await enter(browser, office)
    page = (await browser.get(OUTCOME)).text
    assert said in page
    assert "Бала кезекте қалады" in page
    assert f'href="{CARD}/places"' in page


async def test_an_open_choice_whose_time_has_passed_is_shown_as_over(
    browser: httpx.AsyncClient, office: Office
) -> None:
    holding(office)
    office.answers[CHOICE_DOOR] = choice(office, expires_at=(office.now - timedelta(seconds=1)).isoformat())
    await enter(browser, office)
    assert (await browser.get(PAGE)).headers["location"] == OUTCOME
    assert "Орынды сақтау мерзімі аяқталды" in (await browser.get(OUTCOME)).text
