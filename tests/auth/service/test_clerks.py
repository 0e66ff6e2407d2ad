"""A clerk states for a family without a key of its own whom the paper names."""

from datetime import date
from typing import Any

import pytest
from httpx import Response

from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.duties import Role
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import claims, refused
from tests.auth.service.test_persons import child, store_of
from tests.auth.service.test_unlinking import PAPER, Headers, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRANDMOTHER = Subject(make_iin(date(1961, 2, 2), female=True, serial=752), "ӘЖЕ", "СЫНАҚ")
NEIGHBOUR = Subject(make_iin(date(1966, 3, 3), female=False, serial=754), "КӨРШІ", "АДАМ")
STRANGER = make_iin(date(1962, 2, 2), female=True, serial=753)


async def ask(auth: Auth, headers: Headers, child_iin: str, guardian_iin: str, **more: Any) -> Response:
    body = {"child_iin": child_iin, "guardian_iin": guardian_iin, "paper": PAPER} | more
    return await auth.client.post("/statements/clerk-filing", json=body, headers=headers)


async def test_a_clerks_statement_names_the_clerk_and_the_guardian_of_the_paper(auth: Auth) -> None:
    clerk, headers = await staff(auth, Role.CLERK, 750)
    child_iin, named = child(7500)
    refused(await ask(auth, headers, child_iin, GRANDMOTHER.iin), 404, "NO_SUCH_CHILD")

    answer = await ask(auth, headers, child_iin, GRANDMOTHER.iin, child=named)

    assert answer.status_code == 200, answer.text
    said = await claims(auth, answer.json()["statement"])
    guardian, grandmothers = await auth.member(GRANDMOTHER)
    assert (said["sub"], said["guardian"], said["purpose"]) == (clerk, guardian, "filing")
    assert said["birth_date"] == named["birth_date"]
    door = f"/children/{said['child_id']}/reads"
    assert (await auth.client.get(door, headers=grandmothers)).status_code == 200
    refused(await auth.client.get(door, headers=headers), 404, "NO_SUCH_CHILD")
    refused(await ask(auth, headers, child_iin, STRANGER, child=named), 404, "NO_SUCH_CHILD")
    refused(await ask(auth, grandmothers, child_iin, GRANDMOTHER.iin), 403, "FORBIDDEN")


async def test_a_slip_in_the_number_makes_nobody_guardian_of_a_stranger(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 752)
    stranger, _ = await auth.member(NEIGHBOUR)
    for more in ({}, {"child": child(7502)[1]}, {"child": child(7502)[1] | {"birth_date": "1966-03-03"}}):
        refused(await ask(auth, headers, NEIGHBOUR.iin, GRANDMOTHER.iin, **more), 404, "NO_SUCH_CHILD")
    assert await store_of(auth).guardianships.get(stranger) is None
    named = {"surname": NEIGHBOUR.surname, "given": NEIGHBOUR.given, "patronymic": "", "birth_date": "1966-03-03"}
    assert (await ask(auth, headers, NEIGHBOUR.iin, GRANDMOTHER.iin, child=named)).status_code == 200
    assert await store_of(auth).guardianships.get(stranger) is not None


async def test_a_number_written_twice_makes_nobody_guardian_of_themselves(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 753)
    iin, named = child(7503)
    refused(await ask(auth, headers, iin, iin, child=named), 422, "GUARDIAN_IS_THE_CHILD")
    child_iin, of_family = child(7504)
    assert (await ask(auth, headers, child_iin, GRANDMOTHER.iin, child=of_family)).status_code == 200
    body = {"child_iin": child_iin, "guardian_iin": child_iin, "paper": PAPER}
    refused(await auth.client.post("/guardianships:link", json=body, headers=headers), 422, "GUARDIAN_IS_THE_CHILD")
    _, own = await auth.member(GRANDMOTHER)
    herself = {"surname": "ӘЖЕ", "given": "СЫНАҚ", "birth_date": "1961-02-02"}
    filing = {"child_iin": GRANDMOTHER.iin, "child": herself}
    answer = await auth.client.post("/statements/filing", json=filing, headers=own)
    refused(answer, 422, "GUARDIAN_IS_THE_CHILD")


async def test_an_identity_number_with_a_wrong_check_digit_is_refused(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 751)
    wrong = GRANDMOTHER.iin[:-1] + str((int(GRANDMOTHER.iin[-1]) + 1) % 10)
    refused(await ask(auth, headers, child(7501)[0], wrong, child=child(7501)[1]), 422, "IIN_INVALID")
