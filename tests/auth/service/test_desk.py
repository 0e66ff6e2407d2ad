"""Staff look for a person; everybody found has been read."""

from datetime import date
from typing import Any

import pytest

from doubles.nca.iin import make_iin
from services.auth.domain.duties import Role
from services.auth.domain.iin import Iin
from services.auth.domain.person import ErasureReason, Identity
from services.auth.usecases.erasing import erase
from services.auth.usecases.finding import PAGE
from services.auth.usecases.people import recognised
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import child, file, store_of
from tests.auth.service.test_unlinking import staff

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def find(auth: Auth, headers: dict[str, str], **asked: str) -> Any:
    return await auth.client.post("/persons:find", json=asked, headers=headers)


def named(serial: int, surname: str) -> Identity:
    return Identity(Iin(make_iin(date(1986, 6, 6), female=True, serial=serial)), surname, "АЙША")


async def test_a_clerk_finds_a_child_by_number_and_the_family_sees_it(auth: Auth) -> None:
    _, parents = await auth.member()
    iin, names = child(8600)
    await file(auth, parents, iin, names)
    clerk, headers = await staff(auth, Role.CLERK, 860)
    told = (await find(auth, headers, iin=iin)).json()
    (found,) = told["persons"]
    assert (found["iin"], found["given"], found["erased"], told["more"]) == (iin, "ӘЛИЯ", False, False)
    assert "address" not in found
    log = await store_of(auth).reads.find({"reader_id": clerk}, limit=10)
    assert [(each.state.child_ids, each.state.why) for each in log] == [((found["person_id"],), "staff_search")]
    assert (await find(auth, headers, iin=child(8700)[0])).json() == {"persons": [], "more": False}
    assert len(await store_of(auth).reads.find({"reader_id": clerk}, limit=10)) == 1


async def test_a_surname_is_found_page_by_page_however_it_is_typed(auth: Auth) -> None:
    store = store_of(auth)
    ids = [await recognised(store, named(n, "ҒАЛЫМҚЫЗЫ"), NOW) for n in range(1, PAGE + 4)]
    await erase(store, ids.pop(), ErasureReason.CONSENT_WITHDRAWN, NOW)
    officer, headers = await staff(auth, Role.OFFICER, 861)
    first = (await find(auth, headers, surname="Галымкызы")).json()
    assert (len(first["persons"]), first["more"]) == (PAGE, True)
    last = first["persons"][-1]["person_id"]
    second = (await find(auth, headers, surname="ғалымқызы", after=last)).json()
    assert (len(second["persons"]), second["more"]) == (2, False)
    seen = [each["person_id"] for each in first["persons"] + second["persons"]]
    assert seen == sorted(ids)
    read = await store.reads.find({"reader_id": officer}, limit=10)
    assert sorted(each for one in read for each in one.state.child_ids) == sorted(ids)


async def test_a_name_learnt_later_is_found_too(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 862)
    number = named(900, "").iin
    await recognised(store_of(auth), Identity(number, "", ""), NOW)
    assert (await find(auth, headers, surname="КЕЙІНГІ")).json()["persons"] == []
    await recognised(store_of(auth), Identity(number, "КЕЙІНГІ", "АТ"), NOW)
    assert [one["iin"] for one in (await find(auth, headers, surname="кейингі")).json()["persons"]] == [number]


async def test_a_search_asks_for_one_thing(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 863)
    refused(await find(auth, headers, iin="123"), 422, "IIN_INVALID")
    refused(await find(auth, headers, surname=" - "), 422, "SURNAME_INVALID")
    assert (await find(auth, headers)).status_code == 422
    assert (await find(auth, headers, iin=child(8600)[0], surname="А")).status_code == 422
    _, auditor = await staff(auth, Role.AUDITOR, 864)
    refused(await find(auth, auditor, surname="А"), 403, "FORBIDDEN")
