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
from tests.auth.service.test_persons import child
from tests.auth.service.test_unlinking import PAPER, Headers, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRANDMOTHER = Subject(make_iin(date(1961, 2, 2), female=True, serial=752), "ӘЖЕ", "СЫНАҚ")
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


async def test_an_identity_number_with_a_wrong_check_digit_is_refused(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 751)
    wrong = GRANDMOTHER.iin[:-1] + str((int(GRANDMOTHER.iin[-1]) + 1) % 10)
    refused(await ask(auth, headers, child(7501)[0], wrong, child=child(7501)[1]), 422, "IIN_INVALID")
