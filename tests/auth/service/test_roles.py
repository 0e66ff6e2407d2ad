"""Roles of staff: the first officer by command, the others by an officer in session."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from httpx import Response

from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.access_log import Read
from services.auth.domain.duties import Role
from services.auth.domain.ids import ChildId, OrganisationId, PersonId, ReadId
from services.auth.domain.refusals import LastOfficer
from services.auth.usecases import roles
from services.auth.usecases.guardians import link
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_import import command
from tests.auth.service.test_login import claims, refused
from tests.auth.service.test_persons import store_of
from tests.auth.service.test_services import family
from tests.auth.service.test_unlinking import staff, unlink

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE, THERE = "0b7f1f1e-0000-4000-8000-00000000000a", "0b7f1f1e-0000-4000-8000-00000000000b"
Headers = dict[str, str]


def somebody(serial: int) -> Subject:
    return Subject(make_iin(date(1981, 4, 4), female=True, serial=serial), "ЖАҢА", "ҚЫЗМЕТКЕР")


async def grant(auth: Auth, headers: Headers, iin: str, role: str, organisation_id: str | None = None) -> Response:
    body = {"iin": iin, "role": role, "organisation_id": organisation_id}
    return await auth.client.post("/roles:grant", json=body, headers=headers)


async def revoke(auth: Auth, headers: Headers, person_id: str, role: str) -> Response:
    return await auth.client.post("/roles:revoke", json={"person_id": person_id, "role": role}, headers=headers)


async def without_officers(auth: Auth) -> None:
    """As a city is before it has named one."""
    store = store_of(auth)
    for one in await store.duties.find({"roles": "officer"}, limit=100):
        await store.duties.save(one, replace(one.state, roles=()), at=NOW)


async def test_the_first_officer_is_named_once(auth: Auth) -> None:
    await without_officers(auth)
    iin = somebody(1).iin
    code, said, complaint = await command(auth, "grant-first-officer", "--iin-file", "-", given=iin)
    assert code == 0, complaint
    assert await store_of(auth).duties.ids({"roles": "officer"}, limit=2) == [said.strip()]
    assert (await command(auth, "grant-first-officer", "--iin-file", "-", given=iin))[:2] == (0, said)
    code, _, complaint = await command(auth, "grant-first-officer", "--iin-file", "-", given=somebody(2).iin)
    assert (code, complaint.strip().splitlines()[-1]) == (1, "OFFICER_EXISTS")
    code, _, complaint = await command(auth, "grant-first-officer", "--iin-file", "-", given="123")
    assert (code, complaint.strip().splitlines()[-1]) == (1, "IIN_INVALID")


async def test_the_last_officer_is_not_taken_away(auth: Auth) -> None:
    await without_officers(auth)
    officer, _ = await staff(auth, Role.OFFICER, 806)
    with pytest.raises(LastOfficer):
        await roles.revoke(store_of(auth), PersonId(officer), Role.OFFICER, PersonId("another"), NOW)


async def test_two_officers_who_take_the_role_from_each_other_leave_one(auth: Auth) -> None:
    await without_officers(auth)
    store = store_of(auth)
    one, other = [PersonId((await staff(auth, Role.OFFICER, serial))[0]) for serial in (807, 808)]
    ends = await asyncio.gather(
        roles.revoke(store, one, Role.OFFICER, other, NOW),
        roles.revoke(store, other, Role.OFFICER, one, NOW),
        return_exceptions=True,
    )
    assert sorted(type(end).__name__ for end in ends) == ["Duties", "LastOfficer"]
    assert await store.duties.count({"roles": "officer"}, limit=2) == 1


async def test_an_officer_gives_a_role_to_one_who_has_not_come_yet(auth: Auth) -> None:
    officer, headers = await staff(auth, Role.OFFICER, 801)
    who = somebody(10)
    told = (await grant(auth, headers, who.iin, "manager", HERE)).json()
    assert told == {"person_id": told["person_id"], "roles": ["manager"], "organisation_id": HERE}
    entered = await auth.enter(who)
    said = await claims(auth, entered["access_token"])
    assert (entered["person_id"], said["roles"], said["org"]) == (told["person_id"], ["manager", "preschool"], HERE)
    (member,) = [one for one in await listed(auth, headers) if one["person_id"] == told["person_id"]]
    assert (member["surname"], member["roles"], member["organisation_id"]) == ("ЖАҢА", ["manager"], HERE)
    found = await store_of(auth).duties.get(told["person_id"])
    assert found is not None
    assert [(each.role, each.given, each.by) for each in found.state.history] == [(Role.MANAGER, True, officer)]


async def listed(auth: Auth, headers: Headers) -> list[dict[str, Any]]:
    answer = await auth.client.get("/roles", headers=headers)
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()
    return told


async def test_a_role_taken_is_gone_with_the_next_token(auth: Auth) -> None:
    _, headers = await staff(auth, Role.OFFICER, 802)
    who = somebody(20)
    person_id = (await grant(auth, headers, who.iin, "clerk")).json()["person_id"]
    entered = await auth.enter(who)
    assert (await revoke(auth, headers, person_id, "clerk")).json()["roles"] == []
    assert (await revoke(auth, headers, person_id, "clerk")).json()["roles"] == []
    body = {"refresh_token": entered["refresh_token"]}
    fresh = (await auth.client.post("/sessions:refresh", json=body)).json()
    assert (await claims(auth, fresh["access_token"]))["roles"] == []


async def test_roles_that_do_not_fit_are_refused_each_with_its_reason(auth: Auth) -> None:
    officer, headers = await staff(auth, Role.OFFICER, 803)
    who = somebody(30)
    refused(await grant(auth, headers, who.iin, "king"), 422, "ROLE_UNKNOWN")
    refused(await grant(auth, headers, "123", "clerk"), 422, "IIN_INVALID")
    refused(await grant(auth, headers, who.iin, "manager"), 422, "ROLE_NEEDS_ORGANISATION")
    refused(await grant(auth, headers, who.iin, "clerk", HERE), 422, "ROLE_HAS_NO_ORGANISATION")
    assert await store_of(auth).vault.by_iin(who.iin) is None  # type: ignore[arg-type]
    assert (await grant(auth, headers, who.iin, "preschool", HERE)).status_code == 200
    refused(await grant(auth, headers, who.iin, "manager", THERE), 422, "ROLE_NEEDS_ORGANISATION")
    refused(await revoke(auth, headers, officer, "officer"), 409, "OWN_ROLES")
    refused(await revoke(auth, headers, "nobody", "clerk"), 404, "NO_SUCH_PERSON")
    refused(await revoke(auth, headers, officer, "king"), 422, "ROLE_UNKNOWN")
    own = Subject(make_iin(date(1979, 3, 3), female=True, serial=803), "ҚЫЗМЕТКЕР", "АДАМ")
    refused(await grant(auth, headers, own.iin, "auditor"), 409, "OWN_ROLES")


async def test_a_parent_sees_which_body_looked_and_in_which_role(auth: Auth) -> None:
    child_id, mother, mothers = await family(auth, 8100)
    officer, _ = await staff(auth, Role.OFFICER, 804)
    manager, _ = await staff(auth, Role.MANAGER, 805)
    log = store_of(auth).access_log
    readers = [mother, officer, manager, "service:referral", "0b7f1f1e-0000-4000-8000-0000000000ff"]
    for number, reader in enumerate(readers):
        at = NOW + timedelta(minutes=number)
        await log.append(Read(ReadId(f"seen-{number}"), "queue", (ChildId(child_id),), PersonId(reader), "card", at))
    told = (await auth.client.get(f"/children/{child_id}/reads", headers=mothers)).json()
    seen = [one for one in reversed(told) if one["why"] == "card"]
    assert [(one["reader"], one["body"], one["role"], one["organisation_id"]) for one in seen] == [
        ("you", "family", None, None),
        ("staff", "department", "officer", None),
        ("staff", "preschool", "manager", HERE),
        ("service", "system", None, None),
        ("staff", "department", None, None),
    ]
    assert {one["service"] for one in seen} == {"queue"}
    for reader in readers:
        assert reader not in str(told)


async def test_a_former_guardian_is_no_staff_and_staff_are_of_where_they_were_then(auth: Auth) -> None:
    child_id, _, mothers = await family(auth, 8110)
    officer, headers = await staff(auth, Role.OFFICER, 806)
    manager, _ = await staff(auth, Role.MANAGER, 807)
    father, _ = await auth.member(somebody(40))
    store = store_of(auth)
    await link(store, ChildId(child_id), PersonId(father), NOW)
    for number, reader in enumerate((father, manager)):
        read = Read(ReadId(f"then-{number}"), "queue", (ChildId(child_id),), PersonId(reader), "card", NOW)
        await store.access_log.append(read)
    assert (await unlink(auth, headers, child_id, father)).status_code == 204
    later = NOW + timedelta(days=1)
    await roles.revoke(store, PersonId(manager), Role.MANAGER, PersonId(officer), later)
    await roles.grant(store, PersonId(manager), Role.PRESCHOOL, OrganisationId(THERE), later, PersonId(officer))
    told = (await auth.client.get(f"/children/{child_id}/reads", headers=mothers)).json()
    seen = [one for one in told if one["why"] == "card"]
    assert {(one["reader"], one["body"], one["role"], one["organisation_id"]) for one in seen} == {
        ("guardian", "family", None, None),
        ("staff", "preschool", "manager", HERE),
    }
