"""Staff link and unlink guardians from a paper; it is said to the others."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from contracts import auth as said
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.duties import Role
from services.auth.domain.guardianship import Basis, UnlinkReason
from services.auth.domain.ids import ChildId, OrganisationId, PersonId
from services.auth.domain.refusals import PaperInvalid
from services.auth.usecases import roles
from services.auth.usecases.guardians import link
from services.auth.usecases.unlinking import paper
from services.chassis.testing import Ears
from tests.auth.hands import NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import FATHER, child, store_of
from tests.auth.service.test_services import family

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAPER = {"number": "2-1234/26", "issued_on": "2026-02-20"}
Headers = dict[str, str]


async def staff(auth: Auth, role: Role, serial: int) -> tuple[str, Headers]:
    """Somebody of the staff in session: (person_id, headers)."""
    who = Subject(make_iin(date(1979, 3, 3), female=True, serial=serial), "ҚЫЗМЕТКЕР", "АДАМ")
    person_id, _ = await auth.member(who)
    held_in = OrganisationId("0b7f1f1e-0000-4000-8000-00000000000a")
    bound = held_in if role in {Role.MANAGER, Role.PRESCHOOL} else None
    await roles.grant(store_of(auth), PersonId(person_id), role, bound, NOW)
    return await auth.member(who)


async def unlink(auth: Auth, headers: Headers, child_id: str, who: str, **more: Any) -> Response:
    body = {"person_id": who, "reason": "COURT_DECISION", "paper": PAPER} | more
    return await auth.client.post(f"/guardianships/{child_id}:unlink", json=body, headers=headers)


async def both(auth: Auth, serial: int) -> tuple[str, str, str, Headers]:
    """(child_id, mother, father, the father's headers) of a family of three."""
    child_id, mother, _ = await family(auth, serial)
    father, headers = await auth.member(FATHER)
    await link(store_of(auth), ChildId(child_id), PersonId(father), NOW)
    return child_id, mother, father, headers


async def test_a_guardian_taken_off_may_nothing_any_more_and_all_are_told(auth: Auth, stack: Stack) -> None:
    child_id, mother, father, fathers = await both(auth, 7000)
    officer, headers = await staff(auth, Role.OFFICER, 700)
    assert (await auth.client.get(f"/children/{child_id}/reads", headers=fathers)).status_code == 200
    assert (await unlink(auth, headers, child_id, father)).status_code == 204
    refused(await auth.client.get(f"/children/{child_id}/reads", headers=fathers), 404, "NO_SUCH_CHILD")
    async with Ears(stack.kafka(), "zholdama.auth.guardianship.v1") as ears:
        (told,) = await ears.wait(1, said.UnlinkedV1, child_id=child_id)
    assert (told.guardians, told.unlinked_id) == ((mother,), father)
    found = await store_of(auth).guardianships.get(child_id)
    assert found is not None
    last = found.state.history[-1]
    assert (last.by, last.reason, last.paper and last.paper.number) == (
        officer,
        UnlinkReason.COURT_DECISION,
        PAPER["number"],
    )
    refused(await unlink(auth, headers, child_id, father), 404, "NO_SUCH_GUARDIAN")


async def test_the_only_guardian_and_a_child_nobody_knows_are_not_unlinked(auth: Auth) -> None:
    child_id, mother, _ = await family(auth, 7100)
    _, headers = await staff(auth, Role.CLERK, 710)
    refused(await unlink(auth, headers, child_id, mother), 409, "LAST_GUARDIAN")
    refused(await unlink(auth, headers, "nobody", mother), 404, "NO_SUCH_GUARDIAN")


async def test_of_two_guardians_unlinked_at_once_one_remains(auth: Auth) -> None:
    child_id, mother, father, _ = await both(auth, 7200)
    _, headers = await staff(auth, Role.CLERK, 720)
    answers = await asyncio.gather(*(unlink(auth, headers, child_id, each) for each in (mother, father)))
    assert sorted(answer.status_code for answer in answers) == [204, 409]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": "BECAUSE"}, "INVALID_REQUEST"),
        ({"paper": PAPER | {"number": "  "}}, "PAPER_INVALID"),
        ({"paper": PAPER | {"number": "1\x07"}}, "PAPER_INVALID"),
        ({"paper": PAPER | {"number": "9" * 65}}, "PAPER_INVALID"),
        ({"paper": PAPER | {"issued_on": "2026-03-04"}}, "PAPER_INVALID"),
        ({"paper": PAPER | {"issued_on": "no day"}}, "INVALID_REQUEST"),
        ({"paper": None}, "INVALID_REQUEST"),
        ({"person_id": ""}, "INVALID_REQUEST"),
    ],
)
async def test_a_paper_or_a_reason_that_is_none_is_refused(auth: Auth, more: dict[str, Any], code: str) -> None:
    child_id, _, father, _ = await both(auth, 7300)
    _, headers = await staff(auth, Role.CLERK, 730)
    refused(await unlink(auth, headers, child_id, father, **more), 422, code)


@pytest.mark.parametrize(("hour", "minute"), [(18, 59), (19, 0)])
async def test_a_paper_is_from_the_future_by_the_citys_own_day(hour: int, minute: int) -> None:
    now = datetime(2026, 3, 2, hour, minute, tzinfo=UTC)
    today = date(2026, 3, 2) if hour < 19 else date(2026, 3, 3)
    assert paper("1", today, now).issued_on == today
    with pytest.raises(PaperInvalid):
        paper("1", today + timedelta(days=1), now)


async def linked(auth: Auth, headers: Headers, child_iin: str, guardian_iin: str) -> Response:
    body = {"child_iin": child_iin, "guardian_iin": guardian_iin, "paper": PAPER}
    return await auth.client.post("/guardianships:link", json=body, headers=headers)


async def test_a_clerk_links_a_guardian_who_has_not_logged_in_yet(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 7400)
    clerk, headers = await staff(auth, Role.CLERK, 740)
    aunt = Subject(make_iin(date(1970, 8, 8), female=True, serial=741), "ТУЫС", "АПА")
    first = await linked(auth, headers, child(7400)[0], aunt.iin)
    assert first.status_code == 200, first.text
    assert (await linked(auth, headers, child(7400)[0], aunt.iin)).json() == first.json()
    person_id, aunts = await auth.member(aunt)
    assert first.json() == {"child_id": child_id, "person_id": person_id}
    assert (await auth.client.get(f"/children/{child_id}/reads", headers=aunts)).status_code == 200
    found = await store_of(auth).guardianships.get(child_id)
    assert found is not None
    assert (found.state.history[-1].basis, found.state.history[-1].by) == (Basis.PAPER, clerk)


async def test_a_child_nobody_has_filed_for_gets_no_guardian_from_a_paper(auth: Auth) -> None:
    _, headers = await staff(auth, Role.CLERK, 750)
    unknown = make_iin(date(2021, 5, 13), female=False, serial=7500)
    refused(await linked(auth, headers, unknown, FATHER.iin), 404, "NO_SUCH_CHILD")
    refused(await linked(auth, headers, FATHER.iin, FATHER.iin), 404, "NO_SUCH_CHILD")
    refused(await linked(auth, headers, "210513600002", FATHER.iin), 422, "IIN_INVALID")
