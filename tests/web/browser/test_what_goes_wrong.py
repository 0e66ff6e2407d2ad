"""What can go wrong for a family at the real cabinet: each time a sentence in its language, and nothing is lost."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from doubles.ncalayer.keyboard import Behaviour
from tests.web.browser.conftest import NewParent, NewVisitor
from tests.web.browser.town import Town
from tests.web.browser.walk import Walk

pytestmark = pytest.mark.asyncio(loop_scope="session")

BEFORE_SENDING = {
    Behaviour.CANCEL: "signing.cancelled",
    Behaviour.MISTYPED: "signing.password",
    Behaviour.WRONG_KIND: "problem.KEY_KIND_WRONG_SIGN",
}
AFTER_SENDING = {
    Behaviour.EXPIRED: "problem.CERTIFICATE_EXPIRED",
    Behaviour.REVOKED: "problem.CERTIFICATE_REVOKED",
}


@pytest_asyncio.fixture(loop_scope="session")
async def walk(town: Town, new_parent: NewParent, new_visitor: NewVisitor, request: pytest.FixtureRequest) -> Walk:
    """A family of the queue that plays no part elsewhere, reached by scripted contacts already."""
    lang = getattr(request, "param", "kk")
    waiting = town.others()[-1]
    parent = await new_parent(waiting, lang)
    await town.seat(parent.handle)
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    return Walk(town, waiting, parent, await new_visitor(lang=lang, screen="phone"))


@pytest.mark.parametrize("walk", ["kk", "ru"], indirect=True)
@pytest.mark.parametrize("behaviour", BEFORE_SENDING)
async def test_what_a_person_does_at_the_keyboard_is_told_at_once(walk: Walk, behaviour: Behaviour) -> None:
    await walk.visitor.go("login")
    await walk.sign(behaviour)
    await walk.reads(walk.words(BEFORE_SENDING[behaviour]))
    await expect(walk.button("login.enter")).to_be_hidden()
    await walk.visitor.look(f"login-{behaviour}")

    await walk.sign()
    await walk.button("login.enter").click()
    await walk.heading("journal.title")


@pytest.mark.parametrize("walk", ["kk", "ru"], indirect=True)
@pytest.mark.parametrize("behaviour", AFTER_SENDING)
async def test_a_key_that_no_longer_counts_opens_nothing(walk: Walk, behaviour: Behaviour) -> None:
    await walk.visitor.go("login")
    await walk.sign(behaviour)
    await walk.button("login.enter").click()
    await walk.reads(walk.words(AFTER_SENDING[behaviour]))
    await walk.visitor.look(f"login-{behaviour}")


async def test_without_ncalayer_the_page_says_where_to_get_it(walk: Walk) -> None:
    walk.visitor.onlooker.forgive("WebSocket connection to")
    await walk.visitor.go("login")
    walk.town.stack.stop("ncalayer")
    try:
        await walk.button("signing.choose").click()
        await expect(walk.link("signing.install")).to_be_visible()
    finally:
        walk.town.stack.restart("ncalayer")


async def test_an_application_of_others_is_a_page_that_does_not_exist(walk: Walk, new_parent: NewParent) -> None:
    other = await new_parent(walk.town.others()[-2])
    if (await other.log_in())["email_required"]:
        await other.give_contacts()
    (theirs,) = await other.journal()
    await walk.enter()
    await walk.heading("journal.title")
    await walk.visitor.go(f"applications/{theirs['application_id']}", status=404)
    await walk.heading("problem.title")
    await walk.visitor.look("of-others")


async def test_with_the_queue_stopped_the_page_says_so_and_the_rest_lives(walk: Walk) -> None:
    await walk.enter()
    await walk.heading("journal.title")
    walk.town.stack.stop("queue")
    try:
        await walk.visitor.go("applications")
        await walk.reads(walk.words("problem.AWAY_QUEUE"), walk.words("journal.join"))
        await walk.visitor.look("queue-stopped")
        await walk.visitor.go()
        await walk.heading("front.title")
        await walk.visitor.go("contacts")
        await walk.heading("reach.title")
    finally:
        walk.town.stack.restart("queue")
    await walk.visitor.go("applications")
    await walk.reads(walk.waiting.application_number)


async def test_without_javascript_everything_but_signing_works(walk: Walk, new_visitor: NewVisitor) -> None:
    await walk.enter()
    await walk.heading("journal.title")
    plain = await new_visitor(lang=walk.visitor.lang, screen="phone", javascript=False)
    await plain.go("login")
    # Chromium with scripts emulated away does not draw <noscript>; a browser whose owner turned them off does.
    assert walk.words("signing.without_script") in await plain.page.locator("noscript").inner_text()
    await plain.page.get_by_role("link", name=walk.words("login.by_iin")).click()
    await plain.page.get_by_label(walk.words("search.iin")).fill(walk.waiting.child.iin)
    await plain.page.get_by_label(walk.words("search.number"), exact=True).fill(walk.waiting.application_number)
    await plain.page.get_by_role("button", name=walk.words("search.find")).click()
    await expect(plain.page.get_by_role("heading", name=walk.words("search.found"))).to_be_visible()

    await plain.context.add_cookies([dict(each) for each in await walk.visitor.context.cookies()])  # type: ignore[misc]
    await plain.go("applications")
    await plain.page.get_by_role("link", name=walk.waiting.application_number).click()
    for tab in ("history", "documents", "about"):
        await plain.page.get_by_role("link", name=walk.words(f"card.tab.{tab}"), exact=True).click()
        await expect(plain.page.get_by_role("heading", level=1)).to_contain_text(walk.waiting.application_number)


async def test_a_child_taken_out_of_the_queue_stays_in_the_journal_with_its_last_number(
    town: Town, new_parent: NewParent, new_visitor: NewVisitor
) -> None:
    waiting = town.others()[-3]
    parent = await new_parent(waiting)
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    (row,) = await parent.journal()
    walk = Walk(town, waiting, parent, await new_visitor(lang="kk", screen="desk"))
    await walk.enter()
    await walk.visitor.go(f"applications/{row['application_id']}")
    await walk.link("card.remove").click()
    await walk.visitor.look("remove")
    await walk.button("remove.yes").click()
    await walk.reads(walk.words("card.said.removed"))

    await walk.visitor.go("applications")
    await walk.reads("Кезектен алынды", waiting.application_number)
    cell = walk.page.locator(f"td[data-label='{walk.words('journal.queue_number')}']")
    assert await cell.inner_text() == str(row["queue_number"])
    await walk.visitor.look("removed")
