"""Two at once: one challenge, one person, one successor, one verdict; and nothing of a person in what is written down."""

import asyncio
from datetime import date

import pytest

from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from tests.auth.hands import AIGERIM
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import claims, refused
from tests.auth.service.test_persons import child, file
from tests.auth.service.test_services import CHOICE, family, judged

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_of_two_answers_to_one_challenge_one_opens_a_session(auth: Auth) -> None:
    asked = await auth.challenge()
    signed = auth.hands.signed(asked["xml"], Usage.AUTH)
    answers = await asyncio.gather(*(auth.answer(asked, signed) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]


async def test_a_person_who_comes_twice_at_once_for_the_first_time_is_one_person(auth: Auth) -> None:
    twin = Subject(make_iin(date(1992, 7, 7), female=True, serial=31), "БІР", "АДАМ")
    told = await asyncio.gather(*(auth.enter(twin) for _ in range(5)))
    assert len({one["person_id"] for one in told}) == 1


async def test_a_token_refreshed_by_two_tabs_at_once_has_one_successor(auth: Auth) -> None:
    body = {"refresh_token": (await auth.enter())["refresh_token"]}
    answers = await asyncio.gather(*(auth.client.post("/sessions:refresh", json=body) for _ in range(5)))
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1


async def test_a_child_filed_for_by_two_strangers_at_once_has_one_guardian(auth: Auth) -> None:
    _, one = await auth.member()
    _, other = await auth.member(Subject(make_iin(date(1993, 8, 8), female=True, serial=32), "ЕКІНШІ", "АДАМ"))
    iin, named = child(2000)
    answers = await asyncio.gather(file(auth, one, iin, named), file(auth, other, iin, named))
    good = [answer for answer in answers if answer.status_code == 200]
    assert len(good) >= 1
    said = await claims(auth, good[0].json()["statement"])
    cards = await auth.client.get(f"/children/{said['child_id']}/reads", headers=one)
    others = await auth.client.get(f"/children/{said['child_id']}/reads", headers=other)
    assert sorted([cards.status_code, others.status_code]) == [200, 404]


async def test_one_document_asked_about_many_times_at_once_has_one_verdict(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 2100)
    signed = auth.hands.signed(CHOICE, Usage.SIGN)
    told = await asyncio.gather(*(judged(auth, child_id, signed) for _ in range(5)))
    assert {one["indication"] for one in told} == {"PASSED"}
    assert len({one["signature_id"] for one in told}) == 1


async def test_what_is_logged_names_nobody(auth: Auth, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    _, headers = await auth.member(phone="+77017776655", email="quiet@example.kz")
    iin, named = child(2200)
    await file(auth, headers, iin, named)
    refused(await file(auth, headers, iin[:-1] + str((int(iin[-1]) + 1) % 10)), 422, "IIN_INVALID")
    asked = await auth.challenge()
    refused(await auth.answer(asked, auth.hands.signed(asked["xml"], Usage.SIGN)), 422, "KEY_KIND_WRONG")
    written = caplog.text
    assert "auth.session.opened" in written
    assert "auth.login.refused" in written
    for word in (iin, iin[:-1], AIGERIM.iin, "СЫНАҚОВА", "\\u0421\\u042b\\u041d", "7776655", "quiet@"):
        assert word not in written
