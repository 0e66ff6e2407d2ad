"""Walking a chain of reads, however long, and seeing what was done to it."""

from datetime import timedelta

import pytest

from services.auth.domain.access_log import Read
from services.auth.domain.ids import ChildId, PersonId, ReadId
from services.auth.usecases import access
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_persons import store_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = 520


async def written(auth: Auth, service: str, length: int) -> None:
    log = store_of(auth).access_log
    for number in range(length):
        await log.append(Read(ReadId(f"{service}-{number}"), service, (ChildId("c"),), PersonId("p"), "card", NOW))


async def test_a_chain_of_several_pages_is_walked_to_its_end(auth: Auth) -> None:
    await written(auth, "long", LONG)
    assert await access.check(store_of(auth), "long") == (LONG, None)
    assert await access.check(store_of(auth), "lon") == (0, None)


async def test_of_a_great_many_looks_the_latest_are_shown_latest_first(auth: Auth) -> None:
    log, child_id = store_of(auth).access_log, ChildId("looked-at-often")
    for number in range(LONG):
        at = NOW + timedelta(seconds=number)
        await log.append(Read(ReadId(f"often-{number}"), "often", (child_id,), PersonId("p"), "card", at))
    shown = [entry.at for entry in await log.of_child(child_id)]
    assert (len(shown), shown[0]) == (500, NOW + timedelta(seconds=LONG - 1))
    assert shown == sorted(shown, reverse=True)


async def test_an_entry_taken_out_of_the_middle_is_seen_and_the_rest_is_counted(auth: Auth) -> None:
    await written(auth, "thinned", 6)
    await auth.served.frame.database.records("access_log").remove("thinned:000000000003")
    assert await access.check(store_of(auth), "thinned") == (5, 4)


async def test_a_first_entry_taken_out_is_seen(auth: Auth) -> None:
    await written(auth, "headless", 3)
    await auth.served.frame.database.records("access_log").remove("headless:000000000001")
    assert await access.check(store_of(auth), "headless") == (2, 2)


async def test_a_changed_entry_is_seen(auth: Auth) -> None:
    await written(auth, "changed", 4)
    records = auth.served.frame.database.records("access_log")
    taken = await records.remove("changed:000000000002")
    assert taken is not None
    await records.add("changed:000000000002", without_id(taken) | {"reader_id": "q"})
    assert await access.check(store_of(auth), "changed") == (4, 2)


def without_id(taken: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in taken.items() if name != "_id"}
