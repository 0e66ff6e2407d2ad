"""Story 3b: the other parent sees nothing, asks by number and IIN, the first parent agrees, both are told and both see it."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from demo.city import Person, Waiting
from demo.door import Refused
from demo.parent import Parent, until
from doubles.nca.iin import make_iin
from tests.journeys.conftest import Town

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Family:
    """A child in the queue, its mother who filed, and its father whom nobody knows yet."""

    waiting: Waiting
    mother: Parent
    father: Parent


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def family(town: Town) -> AsyncIterator[Family]:
    """Both logged in, each with contacts of their own."""
    waiting = [each for each in town.others_of_the_story_stream() if len(each.guardians) == 1][-2]
    born = date(1989, 6, 7)
    man = Person(make_iin(born, female=False, serial=31), "Әкежанов", "Бекзат", "Үлгіұлы", born, False)
    handle, phone = f"father{waiting.serial}", f"+7702{waiting.serial:07d}"
    father = Parent(town.at, handle, man, f"{handle}@journeys.example", phone, "ru")
    mother = await town.parent(waiting)
    async with AsyncExitStack() as people:
        await father.get_keys()
        for parent in (mother, father):
            people.push_async_callback(parent.close)
            await parent.log_in()
            await parent.give_contacts()
        yield Family(waiting, mother, father)


async def test_the_other_parent_joins_and_both_are_told_and_see_the_application(family: Family) -> None:
    number = family.waiting.application_number
    application_id = row_of(await family.mother.journal(), number)["application_id"]
    assert await family.father.journal() == []
    with pytest.raises(Refused) as refused:
        await family.father.card(application_id)
    assert refused.value.status == 404

    await family.father.ask_to_join(number, family.waiting.child.iin)
    asked = await until(lambda: letter(family.mother, "қосылуды сұрайды"), "the question")
    (request,) = await family.mother.requests_to_join()
    assert request["asker"]["surname"] == family.father.person.surname.upper()
    assert await family.father.journal() == []
    await family.mother.agree(request["request_id"])

    await until(lambda: letter(family.mother, "тағы бір өкіл қосылды"), "the word to the mother")
    told = await until(lambda: letter(family.father, "связан ещё один представитель"), "the word to the father")
    await until(lambda: _texts(family.father), "the text to the father")
    rows = await until(lambda: _rows(family.father), "the row")
    assert row_of(rows, number)["application_id"] == application_id
    assert (await family.father.card(application_id))["application_id"] == application_id
    assert row_of(await family.mother.journal(), number)["application_id"] == application_id
    for words in (asked, told):
        assert family.waiting.child.iin not in str(words)
        assert family.father.person.surname not in str(words)


async def test_a_code_that_arrives_proves_the_address(family: Family) -> None:
    father = family.father
    await father.send_code(father.email)
    words = await until(lambda: letter(father, "Код подтверждения"), "the code")
    found = re.search(r"[0-9]{6}", words["subject"])
    assert found is not None
    with pytest.raises(Refused) as refused:
        await family.mother.confirm_contact(father.email, found[0])
    assert refused.value.code == "NO_SUCH_CONTACT"
    await father.confirm_contact(father.email, found[0])
    assert (await father.me())["confirmed"] == [father.email]


def row_of(journal: list[dict[str, Any]], number: str) -> dict[str, Any]:
    (row,) = [row for row in journal if row["application_number"] == number]
    return row


async def letter(parent: Parent, words: str) -> dict[str, Any] | None:
    found = [each for each in await parent.letters() if words in each["subject"]]
    return found[-1] if found else None


async def _rows(parent: Parent) -> list[dict[str, Any]] | None:
    return (await parent.journal()) or None


async def _texts(parent: Parent) -> list[dict[str, Any]] | None:
    return (await parent.texts()) or None
