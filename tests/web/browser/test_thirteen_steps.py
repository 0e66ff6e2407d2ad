"""The thirteen steps of the parents' guide in a browser, in both languages and on both screens."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from deploy.local.stack import Stack
from services.chassis.testing import eventually
from tests.web.browser.town import Town
from tests.web.browser.visitor import SCREENS, Pictures, visit
from tests.web.browser.walk import Walk

pytestmark = pytest.mark.asyncio(loop_scope="session")
WALKS = [(lang, screen) for lang in ("kk", "ru") for screen in SCREENS]
COLUMNS = (
    "number", "child", "child_iin", "service_centre_number", "egov_number", "queue_number", "number_in_privilege",
    "applicant", "filed_on", "status", "privilege", "birth_date",
)  # fmt: skip
FIGURE_7 = (
    "full_name", "iin", "birth_date", "phone", "email", "address", "residence_address", "privilege", "queue_number",
    "number_in_privilege", "queue_type", "category", "number", "registered", "egov_number", "service_centre_number",
    "state", "changed", "extra_email", "extra_phone", "region",
)  # fmt: skip
FIGURE_9 = ("name", "phone", "kind", "address", "language", "website", "type", "location")
NOTIFIED = {"kk": "Хабарлама жіберілді", "ru": "Уведомление отправлено"}
QUEUED = {"kk": "Шешім қабылданды (Кезекте)", "ru": "Решение принято (В очереди)"}

Walks = Mapping[tuple[str, str], Walk]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def walks(town: Town, cabinet_stack: Stack, browser: Browser, pictures: Pictures) -> AsyncIterator[Walks]:
    """Four families, each with a browser of its own."""
    families = [town.city.heroine, town.city.neighbour, *town.others()]
    made: dict[tuple[str, str], Walk] = {}
    async with AsyncExitStack() as opened:
        for (lang, screen), waiting in zip(WALKS, families, strict=False):
            parent = await town.parent(waiting, lang)
            opened.push_async_callback(parent.close)
            visitor = await visit(browser, cabinet_stack.url("web"), pictures, lang=lang, screen=screen)
            opened.push_async_callback(visitor.close)
            made[lang, screen] = Walk(town, waiting, parent, visitor)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def morning(town: Town, walks: Walks) -> None:
    """Everybody has entered in the evening; then it is 07:00 of the next working day and the turn comes."""
    for walk in walks.values():
        await evening(walk)
    town.open_the_day()


async def evening(walk: Walk) -> None:
    """Steps 1 to 6, once for each family."""
    if walk.has_entered:
        return
    await walk.visitor.go()
    await walk.heading("front.title")
    await walk.look("01-front")
    await walk.page.get_by_role("main").get_by_role("link", name=walk.words("front.enter")).click()
    await walk.look("02-login")
    await walk.sign()
    await walk.reads(*(walk.words(f"key.{row}") for row in ("owner", "validity", "serial", "issuer", "algorithm")))
    await walk.look("03-key")
    await walk.button("login.enter").click()
    await first_entry(walk)
    await journal(walk)
    walk.has_entered = True


async def first_entry(walk: Walk) -> None:
    """Nothing but the e-mail page until the address is given (R3)."""
    await walk.reads(walk.words("reach.first"))
    await walk.visitor.go("applications")
    await walk.heading("reach.title")
    await walk.page.get_by_label(walk.words("reach.email"), exact=True).fill("not an address")
    await walk.page.get_by_label(walk.words("reach.consent")).check()
    await walk.button("reach.keep").click()
    await walk.reads(walk.words("reach.wrong_email"))
    await walk.visitor.look("wrong-email")
    await walk.page.get_by_label(walk.words("reach.email"), exact=True).fill(walk.parent.email)
    await walk.page.get_by_label(walk.words("reach.phone"), exact=True).fill(walk.parent.phone)
    await walk.page.get_by_label(walk.words("reach.consent")).check()
    await walk.look("04-email")
    await walk.button("reach.keep").click()


async def journal(walk: Walk) -> None:
    """Step 5: the journal with its twelve columns, and only one's own application."""
    await walk.heading("journal.title")
    number = walk.page.get_by_role("link", name=walk.waiting.application_number)
    await expect(number).to_have_count(1)
    await expect(walk.page.locator("table.journal tbody tr")).to_have_count(1)
    cells = walk.page.locator("table.journal tbody td")
    names = await cells.evaluate_all("cells => cells.map(cell => cell.dataset.label)")
    assert names == [walk.words(f"journal.{column}") for column in COLUMNS]
    child = walk.waiting.child
    await walk.reads(child.iin, walk.words("journal.join"))
    numbers = walk.page.locator("table.journal .number")
    cut = "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth !== 0).length"
    assert await numbers.evaluate_all(cut) == 0
    await walk.look("05-journal")
    walk.application = str(await number.get_attribute("href")).rpartition("/")[2]


@pytest.mark.parametrize(("lang", "screen"), WALKS)
async def test_in_the_evening_a_parent_enters_and_reads_the_number(walks: Walks, lang: str, screen: str) -> None:
    walk = walks[lang, screen]
    await evening(walk)
    await walk.card()
    await walk.reads(*(walk.words(f"card.{row}") for row in FIGURE_7))
    await walk.reads(walk.waiting.application_number, walk.waiting.child.iin, walk.parent.person.iin, walk.parent.email)
    await walk.reads(QUEUED[lang])
    await walk.look("06-card")
    await expect(walk.link("card.choose")).to_have_count(0)
    await expect(walk.link("card.remove")).to_have_count(1)
    for tab in ("history", "documents"):
        await walk.link(f"card.tab.{tab}").click()
        await walk.visitor.look(f"evening-{tab}")


@pytest.mark.usefixtures("morning")
@pytest.mark.parametrize(("lang", "screen"), WALKS)
async def test_in_the_morning_a_parent_chooses_signs_and_has_a_referral(walks: Walks, lang: str, screen: str) -> None:
    walk = walks[lang, screen]
    await turn(walk)
    await places(walk)
    await confirmation(walk)
    await signature(walk)
    await documents(walk)


async def turn(walk: Walk) -> None:
    """Step 7: the status says that the notice has left, and the button is there."""

    async def told() -> bool:
        await walk.card()
        return await walk.page.get_by_text(NOTIFIED[walk.visitor.lang]).count() > 0

    await eventually(told, 20)
    letters = await walk.parent.letters()
    assert len(letters) == 1, "the status is shown only after the notice was handed over"
    await walk.reads(walk.words("card.turn_came"))
    await walk.look("07-turn")
    await walk.link("card.choose").click()


async def places(walk: Walk) -> None:
    """Steps 8 and 9: the notice, the list with every field; cancelling holds nothing."""
    await walk.heading("notice.title")
    await walk.reads(walk.words("notice.rule"), walk.words("notice.stays"))
    await walk.look("08-notice")
    await walk.link("notice.ok").click()
    await walk.reads(walk.words("places.attention"), *(walk.words(f"places.{row}") for row in FIGURE_9))
    await walk.look("09-places")
    await walk.link("places.cancel").click()
    await walk.heading("card.title")
    await walk.has_no_place()
    await walk.visitor.go(f"applications/{walk.application}/places")
    await walk.button("places.send").click()
    await walk.reads(walk.words("places.list"))
    await walk.page.get_by_role("radio").first.check()
    await walk.button("places.send").click()


async def confirmation(walk: Walk) -> None:
    """Step 10: the question word for word; *No* holds nothing, *Yes* holds the place."""
    await walk.heading("confirm.title")
    question = await walk.page.get_by_role("main").locator(".lead").inner_text()
    if walk.visitor.lang == "kk":
        assert question.startswith("Сіз шын мәнінде мектепалды ұйымға жолдама алғыңыз келе ме (")
        assert question.endswith("ша)?")
    await walk.look("10-confirm")
    await walk.link("answer.no").click()
    await walk.has_no_place()
    await walk.page.get_by_role("radio").first.check()
    await walk.button("places.send").click()
    await walk.button("answer.yes").click()
    await walk.heading("choice.title")
    await walk.reads(question)
    await walk.look("11-sign")


async def signature(walk: Walk) -> None:
    """Steps 11 and 12: the SIGN key through NCALayer, its data, and the outcome."""
    await walk.sign()
    await walk.reads(walk.words("key.title"))
    await walk.look("12-key")
    await walk.button("choice.sign").click()
    await expect(walk.page.get_by_text(walk.words("outcome.DONE"))).to_be_visible(timeout=20_000)
    await walk.visitor.look("outcome")


async def documents(walk: Walk) -> None:
    """Step 13: the referral to view and to download."""
    await walk.page.get_by_role("main").get_by_role("link", name=walk.words("card.tab.documents")).click()
    await walk.reads(walk.words("documents.referral"))
    await walk.look("13-documents")
    async with walk.page.expect_download() as coming:
        await walk.link("documents.download_pdf").click()
    kept = await (await coming.value).path()
    assert kept.read_bytes().startswith(b"%PDF-1.7")
    await walk.card()
    await expect(walk.link("card.choose")).to_have_count(0)
