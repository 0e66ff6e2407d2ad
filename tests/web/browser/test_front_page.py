"""The front page opens in both languages on both screens, and the onlooker finds nothing wrong with it."""

import pytest

from tests.web.browser.conftest import NewVisitor
from tests.web.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_front_page_speaks_the_visitors_language(visitor: Visitor) -> None:
    await visitor.go()
    assert await visitor.page.locator("html").get_attribute("lang") == visitor.lang
    assert await visitor.page.locator("h1").inner_text() != ""
    picture = await visitor.look("front")
    assert picture.stat().st_size > 1000


async def test_the_front_page_is_whole_without_scripts(new_visitor: NewVisitor) -> None:
    with_scripts, without = await new_visitor(), await new_visitor(javascript=False)
    for each in (with_scripts, without):
        await each.go()
    assert await without.page.locator("main").inner_text() == await with_scripts.page.locator("main").inner_text()


async def test_a_foreign_script_and_a_script_in_the_page_do_not_run(new_visitor: NewVisitor) -> None:
    visitor = await new_visitor()
    await visitor.go()
    visitor.onlooker.forgive("Content Security Policy")
    await visitor.page.evaluate(
        "() => {const script = document.createElement('script'); script.textContent = 'window.ran = true';"
        " document.head.append(script)}"
    )
    assert await visitor.page.evaluate("() => window.ran") is None
