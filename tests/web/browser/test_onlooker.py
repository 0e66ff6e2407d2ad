"""The onlooker itself: it finds what it is there to find, with the content policy on."""

import pytest

from tests.web.browser.conftest import NewVisitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

SPOILS = {
    "axe image-alt": "() => document.body.append(Object.assign(new Image(), {src: '/static/mark.svg'}))",
    "axe label": "() => document.querySelector('main').append(document.createElement('input'))",
    "wider than the screen": "() => {document.querySelector('main').style.minWidth = '3000px'}",
    "Content Security Policy": "() => fetch('https://127.0.0.1:1/').catch(() => null)",
    "console error: wrong": "() => console.error('wrong')",
}


@pytest.mark.parametrize("complaint", SPOILS)
async def test_a_spoiled_page_is_seen(new_visitor: NewVisitor, complaint: str) -> None:
    visitor = await new_visitor()
    await visitor.go()
    await visitor.page.evaluate(SPOILS[complaint])
    with pytest.raises(AssertionError, match=complaint):
        await visitor.look("spoiled")


async def test_a_script_that_fails_is_heard(new_visitor: NewVisitor) -> None:
    visitor = await new_visitor()
    await visitor.go()
    await visitor.page.evaluate("() => new Promise(done => setTimeout(() => {done(); throw new Error('broken')}))")
    with pytest.raises(AssertionError, match=r"script: .*broken"):
        await visitor.look("spoiled")


async def test_the_status_of_the_page_itself_is_no_complaint(new_visitor: NewVisitor) -> None:
    visitor = await new_visitor()
    await visitor.go("no-such-page", status=404)
    await visitor.look("absent")
