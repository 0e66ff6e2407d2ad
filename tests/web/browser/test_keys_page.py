"""The page of invented keys, by hand: one clicks who sits at the keyboard and what happens at the next dialog."""

import httpx
import pytest

from doubles.ncalayer.page import TITLE
from tests.web.browser.conftest import NewParent
from tests.web.browser.town import Town
from tests.web.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_one_clicks_who_sits_there_and_what_happens(town: Town, visitor: Visitor, new_parent: NewParent) -> None:
    parent = await new_parent(town.city.neighbour)
    await town.seat(None)
    page = visitor.page
    await page.goto(town.at.ncalayer)
    assert await page.locator("h1").inner_text() == TITLE
    await page.get_by_label(f"({parent.handle})").check()
    await page.get_by_label("takes an expired key").check()
    await page.get_by_role("button").click()
    assert parent.person.surname.upper() in await page.locator("strong").inner_text()
    await visitor.look("keys")
    told = httpx.get(f"{town.at.ncalayer}/seat", trust_env=False).json()
    assert told == {"handle": parent.handle, "behaviour": "expired"}
