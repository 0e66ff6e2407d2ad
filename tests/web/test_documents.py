"""The tab of documents, and the documents themselves."""

import httpx
import pytest
from starlette.responses import Response

from tests.web.answers import APPLICATION, CARD_DOOR, DOCUMENTS_DOOR, REFERRAL, referral, waiting
from tests.web.office import Office, Refuse, enter

TAB = f"/kk/applications/{APPLICATION}/documents"
DOCUMENT = f"/kk/referrals/{REFERRAL}/document"
PDF_DOOR = f"GET /referral/referrals/{REFERRAL}/document.pdf"
XML_DOOR = f"GET /referral/referrals/{REFERRAL}/document.xml"


async def test_a_referral_tells_number_state_dates_and_what_to_do(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[DOCUMENTS_DOOR] = [referral()]
    await enter(browser, office)
    page = (await browser.get(TAB)).text
    for said in (
        "Жалпы құжаттар",
        "ZH-2026-000145",
        "Берілді",
        "24-қар-26 09:05:00",
        "01.12.2026 дейін жарамды",
        "5 жұмыс күні ішінде, 01.12.2026 дейін",
        "балабақшаға апарыңыз",
        f'href="{DOCUMENT}.pdf?view=1"',
        f'href="{DOCUMENT}.pdf"',
        f'href="{DOCUMENT}.xml"',
        f'href="{DOCUMENT}.xml?view=1"',
    ):
        assert said in page


@pytest.mark.parametrize(
    ("state", "kk", "ru"),
    [
        ("EXTENDED", "Мерзімі ұзартылды", "Продлено"),
        ("PRESENTED", "Қабылданды", "Принято"),
        ("EXPIRED", "Мерзімі өтті", "Истекло"),
        ("REVOKED", "Күші жойылды", "Аннулировано"),
        ("RETURNED", "Қайтарылды", "Возвращено заявителем"),
        ("A_NEW_ONE", "Өзгертілді", "Изменено"),
    ],
)
async def test_every_state_has_its_word_and_a_referral_that_is_over_is_not_to_be_brought(
    browser: httpx.AsyncClient, office: Office, state: str, kk: str, ru: str
) -> None:
    waiting(office)
    office.answers[DOCUMENTS_DOOR] = [referral(state=state, valid=False)]
    await enter(browser, office)
    page = (await browser.get(TAB)).text
    assert kk in page
    assert "балабақшаға апарыңыз" not in page
    assert "дейін жарамды" not in page
    assert ru in (await browser.get(TAB.replace("/kk/", "/ru/"))).text


async def test_before_the_first_referral_the_tab_says_when_there_will_be_one(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    await enter(browser, office)
    assert "Әзірге құжат жоқ" in (await browser.get(TAB)).text


@pytest.mark.parametrize(
    ("address", "media", "disposition"),
    [
        (".pdf", "application/pdf", 'attachment; filename="ZH-2026-000145.pdf"'),
        (".pdf?view=1", "application/pdf", 'inline; filename="ZH-2026-000145.pdf"'),
        (".xml", "application/xml", 'attachment; filename="ZH-2026-000145.xml"'),
        (".xml?view=1", "application/xml", 'inline; filename="ZH-2026-000145.xml"'),
    ],
)
async def test_a_document_passes_through_octet_by_octet_and_is_kept_nowhere(
    browser: httpx.AsyncClient, office: Office, address: str, media: str, disposition: str
) -> None:
    for kind, door in (("pdf", PDF_DOOR), ("xml", XML_DOOR)):
        named = {"content-disposition": f'attachment; filename="ZH-2026-000145.{kind}"'}
        office.answers[door] = Response(f"signed {kind}".encode(), headers=named)
    await enter(browser, office)
    answer = await browser.get(f"{DOCUMENT}{address}")
    assert answer.content == f"signed {address[1:4]}".encode()
    assert answer.headers["content-type"].partition(";")[0] == media
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_name_that_could_break_a_header_is_not_passed_on(browser: httpx.AsyncClient, office: Office) -> None:
    office.answers[PDF_DOOR] = Response(b"x", headers={"content-disposition": 'attachment; filename="a/../b c"'})
    await enter(browser, office)
    answer = await browser.get(f"{DOCUMENT}.pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="zholdama.pdf"'


async def test_somebody_elses_referral_is_no_page_of_mine(browser: httpx.AsyncClient, office: Office) -> None:
    office.answers[PDF_DOOR] = Refuse(404, "NO_SUCH_REFERRAL")
    await enter(browser, office)
    answer = await browser.get(f"{DOCUMENT}.pdf?view=1")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "Мұндай жолдама жоқ" in answer.text


async def test_somebody_elses_application_has_no_documents_for_me(browser: httpx.AsyncClient, office: Office) -> None:
    office.answers[CARD_DOOR] = Refuse(404, "NO_SUCH_APPLICATION")
    office.answers[DOCUMENTS_DOOR] = Refuse(404, "NO_SUCH_REFERRAL")
    await enter(browser, office)
    assert (await browser.get(TAB)).status_code == 404
    office.away.add("queue")
    assert (await browser.get(TAB)).status_code == 404


async def test_an_application_that_referral_has_not_heard_of_has_no_documents_yet(
    browser: httpx.AsyncClient, office: Office
) -> None:
    waiting(office)
    office.answers[DOCUMENTS_DOOR] = Refuse(404, "NO_SUCH_REFERRAL")
    await enter(browser, office)
    page = await browser.get(TAB)
    assert page.status_code == 200
    assert "Әзірге құжат жоқ" in page.text


async def test_without_queue_the_documents_are_shown_all_the_same(browser: httpx.AsyncClient, office: Office) -> None:
    waiting(office)
    office.answers[DOCUMENTS_DOOR] = [referral()]
    await enter(browser, office)
    office.away.add("queue")
    page = await browser.get(TAB)
    assert page.status_code == 200
    assert "Кезек қызметі қазір жауап бермейді" in page.text
    assert "ZH-2026-000145" in page.text


@pytest.mark.parametrize("page", [TAB, f"{DOCUMENT}.pdf"])
async def test_without_referral_the_page_says_so(browser: httpx.AsyncClient, office: Office, page: str) -> None:
    waiting(office)
    await enter(browser, office)
    office.away.add("referral")
    answer = await browser.get(page)
    assert answer.status_code == 503
    assert "Жолдама қызметі қазір жауап бермейді" in answer.text


@pytest.mark.parametrize("kind", ["exe", "pdf.exe", "PDF"])
async def test_there_are_two_kinds_of_document(browser: httpx.AsyncClient, office: Office, kind: str) -> None:
    await enter(browser, office)
    assert (await browser.get(f"{DOCUMENT}.{kind}")).status_code == 404
