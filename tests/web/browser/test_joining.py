"""The other parent joins at the real cabinet: asks, is confirmed by the first, and both see the child (R5)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
import pytest_asyncio
from playwright.async_api import expect

from demo.city import Person
from demo.parent import Parent
from doubles.nca.iin import make_iin
from services.chassis.testing import eventually
from tests.web.browser.conftest import NewParent, NewVisitor
from tests.web.browser.town import Town
from tests.web.browser.walk import Walk

pytestmark = pytest.mark.asyncio(loop_scope="session")

BORN = date(1985, 3, 14)
FATHER = Person(make_iin(BORN, female=False, serial=9301), "Бекенов", "Арман", "Серікұлы", BORN, female=False)


@pytest_asyncio.fixture(loop_scope="session")
async def first(town: Town, new_parent: NewParent, new_visitor: NewVisitor) -> Walk:
    """The parent whose application it is."""
    waiting = town.others()[-4]
    parent = await new_parent(waiting)
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    return Walk(town, waiting, parent, await new_visitor(lang="kk", screen="phone"))


@pytest_asyncio.fixture(loop_scope="session")
async def father(town: Town, first: Walk, new_visitor: NewVisitor) -> AsyncIterator[Walk]:
    """The other parent, who has keys and an address, and no application."""
    parent = Parent(town.at, "father", FATHER, "father@journeys.example", "+77019301000", "kk")
    await parent.get_keys()
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    yield Walk(town, replace(first.waiting, guardians=(FATHER,)), parent, await new_visitor(lang="kk", screen="phone"))
    await parent.close()


async def test_the_other_parent_asks_the_first_confirms_and_both_see_the_child(first: Walk, father: Walk) -> None:
    await asks(father)
    await confirms(first)
    await sees(father, first)
    await looks_back(first)


async def asks(father: Walk) -> None:
    """The journal is empty; the pair of IIN and number is asked about, and nothing is told of it."""
    await father.enter()
    await father.heading("journal.title")
    await father.link("join.go").click()
    await father.visitor.look("join")
    await father.page.get_by_label(father.words("search.iin")).fill(father.waiting.child.iin)
    await father.page.get_by_label(father.words("search.number"), exact=True).fill(father.waiting.application_number)
    await father.button("join.ask").click()
    await father.reads(father.words("join.asked"))
    await father.visitor.look("join-asked")
    await father.visitor.go("applications")
    await expect(father.page.get_by_role("link", name=father.waiting.application_number)).to_have_count(0)


async def confirms(first: Walk) -> None:
    """The first parent sees who asks about whom, what it means, and says yes."""
    await first.enter()
    await first.heading("journal.title")
    await first.link("nav.family").click()
    await first.reads(FATHER.surname.upper())
    await first.visitor.look("family-asked")
    await first.page.get_by_role("link", name=first.words("family.to_answer")).click()
    await first.reads(first.words("family.meaning"))
    await first.visitor.look("family-question")
    await first.button("family.confirm").click()
    await first.reads(first.words("family.said.confirmed"), FATHER.surname.upper())
    await first.visitor.look("family-both")


async def sees(father: Walk, first: Walk) -> None:
    """The other parent has the row and the first parent's name; asking again says that it is done."""

    async def told() -> bool:
        await father.visitor.go("applications")
        return await father.page.get_by_role("link", name=father.waiting.application_number).count() == 1

    await eventually(told, 15)
    await father.visitor.go("family")
    await father.reads(first.parent.person.surname.upper())


async def looks_back(first: Walk) -> None:
    """Who looked at the child's record, the own sessions, and the way out of all of them."""

    async def told() -> bool:
        await first.visitor.go("family")
        await first.page.get_by_role("link", name=first.words("looks.title")).click()
        return await first.page.get_by_text(first.words("looks.reader.guardian")).count() > 0

    await eventually(told, 15)
    await first.visitor.look("looks")
    await first.visitor.go("contacts")
    await first.reads(first.words("reach.unconfirmed"))
    await first.visitor.look("contacts")
    await first.link("sessions.title").click()
    await first.reads(first.words("sessions.this_one"), "Chrome, Linux")
    await first.visitor.look("sessions")
    await first.button("sessions.end_all").click()
    await first.heading("front.title")
    await first.visitor.go("applications")
    await first.heading("login.title")
