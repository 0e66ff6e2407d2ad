"""The other parent joins by application number and the child's IIN; the first parent or the register confirms (R5)."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from contracts import auth as said
from contracts import queue
from contracts.fields import Status
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.guardianship import Basis
from services.auth.domain.ids import ChildId, PersonId
from services.auth.usecases import joining
from services.auth.usecases.guardians import link
from services.chassis.testing import Ears, Speaker, eventually
from tests.auth.hands import AIGERIM, NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import refused
from tests.auth.service.test_persons import STRANGER, child, store_of
from tests.auth.service.test_services import family

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOPIC = "zholdama.auth.guardianship.v1"
Headers = dict[str, str]


def father(serial: int) -> Subject:
    return Subject(make_iin(date(1987, 7, 7), female=False, serial=serial), "СЫНАҚОВ", "ДӘУЛЕТ", "ҮЛГІҰЛЫ")


async def filed(auth: Auth, serial: int) -> tuple[str, str, str, Headers]:
    """(child_id, child_iin, application_number, the mother's headers)."""
    child_id, _, headers = await family(auth, serial)
    number = f"KDDO.2021.{serial}.1"
    await store_of(auth).applications.heard(f"a-{serial}", ChildId(child_id), number, stands=True, sequence=1)
    return child_id, child(serial)[0], number, headers


async def join(auth: Auth, headers: Headers, number: str, child_iin: str, address: str = "127.0.0.1") -> Response:
    body = {"application_number": number, "child_iin": child_iin}
    return await auth.client.post("/guardianships:join", json=body, headers=headers | {"X-Forwarded-For": address})


async def requests(auth: Auth, headers: Headers, child_id: str) -> list[dict[str, Any]]:
    answer = await auth.client.get("/guardianships/requests", headers=headers)
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json() if one["child_id"] == child_id]


async def decide(auth: Auth, headers: Headers, request_id: str, word: str) -> Response:
    return await auth.client.post(f"/guardianships/requests/{request_id}:{word}", headers=headers)


async def children(auth: Auth, headers: Headers) -> list[str]:
    return [one["person_id"] for one in (await auth.client.get("/me", headers=headers)).json()["children"]]


def registered(auth: Auth, *pairs: str) -> Path:
    """The list of the register, as handed over."""
    file = auth.settings.family_register_file
    assert file is not None
    file.write_text("\n".join(["guardian_iin,child_iin", *pairs]) + "\n")
    return file


async def test_the_first_parent_confirms_and_both_see_the_child(auth: Auth, stack: Stack) -> None:
    child_id, iin, number, mothers = await filed(auth, 5000)
    father_id, fathers = await auth.member(father(500))
    assert child_id not in await children(auth, fathers)
    answer = await join(auth, fathers, f" {number.lower()} ", iin)
    assert answer.status_code == 202
    (asked,) = await requests(auth, mothers, child_id)
    assert asked["asker"] == {"surname": "СЫНАҚОВ", "given": "ДӘУЛЕТ", "patronymic": "ҮЛГІҰЛЫ"}
    assert answer.json() == {"expires_at": asked["expires_at"]}
    assert child_id not in await children(auth, fathers)
    assert (await decide(auth, mothers, asked["request_id"], "confirm")).status_code == 204
    assert (await decide(auth, mothers, asked["request_id"], "confirm")).status_code == 204
    assert child_id in await children(auth, fathers)
    assert child_id in await children(auth, mothers)
    assert await requests(auth, mothers, child_id) == []
    async with Ears(stack.kafka(), TOPIC) as ears:
        (told,) = await ears.wait(1, said.JoinAskedV1, child_id=child_id)
        assert told.request_id == asked["request_id"]
        first, both = await ears.wait(2, said.LinkedV1, child_id=child_id)
        assert both.guardians == (*first.guardians, father_id)


async def test_a_refused_asker_sees_nothing_and_is_not_shown_again_for_a_month(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5100)
    _, fathers = await auth.member(father(510))
    first = await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    assert (await decide(auth, mothers, asked["request_id"], "refuse")).status_code == 204
    again = await join(auth, fathers, number, iin)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert await requests(auth, mothers, child_id) == []
    refused(await decide(auth, mothers, asked["request_id"], "confirm"), 409, "REQUEST_DECIDED")
    assert child_id not in await children(auth, fathers)


async def test_wrong_pairs_are_answered_as_right_ones_and_reach_nobody(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5200)
    _, other_iin, other_number, _ = await filed(auth, 5210)
    _, fathers = await auth.member(father(520))
    right = await join(auth, fathers, number, iin)
    unknown = make_iin(date(2021, 5, 13), female=False, serial=5299)
    for pair in ((other_number, iin), (number, other_iin), ("KDDO.2021.5299.1", iin), (number, unknown)):
        _, strangers = await auth.member(father(521 + len(pair[0]) + int(pair[1][-1])))
        wrong = await join(auth, strangers, *pair)
        assert (wrong.status_code, wrong.json()) == (right.status_code, right.json())
    assert len(await requests(auth, mothers, child_id)) == 1


async def test_an_application_that_was_taken_back_opens_no_door(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5300)
    await store_of(auth).applications.heard("a-5300", ChildId(child_id), number, stands=False, sequence=2)
    _, fathers = await auth.member(father(530))
    assert (await join(auth, fathers, number, iin)).status_code == 202
    assert await requests(auth, mothers, child_id) == []


async def test_a_number_that_is_none_is_refused(auth: Auth) -> None:
    _, iin, number, _ = await filed(auth, 5400)
    _, fathers = await auth.member(father(540))
    for wrong in ("", "5400", "KDDO.2021.5400", f"{number}.1", "KDDO.1921.5400.1", "KDDO.2021.٥٤٠٠.1"):
        refused(await join(auth, fathers, wrong, iin), 422, "APPLICATION_NUMBER_INVALID")
    for wrong in ("", "210513600002", iin[:-1]):
        refused(await join(auth, fathers, number, wrong), 422, "IIN_INVALID")
    refused(await join(auth, fathers, "K" * 33, iin), 422, "INVALID_REQUEST")
    refused(await join(auth, fathers, number, iin + "0"), 422, "INVALID_REQUEST")
    refused(await auth.client.post("/guardianships:join", json={}, headers=fathers), 422, "INVALID_REQUEST")


async def test_a_guardian_is_told_that_the_child_is_theirs(auth: Auth) -> None:
    _, iin, number, mothers = await filed(auth, 5500)
    refused(await join(auth, mothers, number, iin), 409, "ALREADY_A_GUARDIAN")


async def test_a_request_is_answered_by_the_guardians_alone(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5600)
    _, fathers = await auth.member(father(560))
    await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    _, strangers = await auth.member(STRANGER)
    for headers in (fathers, strangers):
        for word in ("confirm", "refuse"):
            refused(await decide(auth, headers, asked["request_id"], word), 404, "NO_SUCH_REQUEST")
        assert await requests(auth, headers, child_id) == []
    refused(await decide(auth, mothers, "none", "confirm"), 404, "NO_SUCH_REQUEST")
    refused(await auth.client.get("/guardianships/requests"), 401, "UNAUTHENTICATED")


async def test_a_request_overtaken_by_a_clerk_is_answered_and_nothing_is_said_twice(auth: Auth, stack: Stack) -> None:
    child_id, iin, number, mothers = await filed(auth, 5650)
    father_id, fathers = await auth.member(father(565))
    await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    store = store_of(auth)
    await link(store, ChildId(child_id), PersonId(father_id), NOW, basis=Basis.PAPER)
    aunt, _ = await auth.member(father(566))
    await link(store, ChildId(child_id), PersonId(aunt), NOW, basis=Basis.PAPER)
    assert await requests(auth, mothers, child_id) == []
    before = await store.guardianships.get(child_id)
    assert (await decide(auth, mothers, asked["request_id"], "confirm")).status_code == 204
    refused(await decide(auth, mothers, asked["request_id"], "refuse"), 409, "REQUEST_DECIDED")
    assert await store.guardianships.get(child_id) == before


async def test_confirming_what_was_overtaken_before_requests_were_answered_says_nothing(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5660)
    father_id, fathers = await auth.member(father(567))
    await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    store = store_of(auth)
    found = await store.guardianships.get(child_id)
    assert found is not None
    both = replace(found.state, guardians=(*found.state.guardians, PersonId(father_id)))
    before = await store.guardianships.save(found, both, at=NOW)
    assert (await decide(auth, mothers, asked["request_id"], "confirm")).status_code == 204
    after = await store.guardianships.get(child_id)
    assert after is not None
    assert (after.sequence, after.state.guardians) == (before.sequence, both.guardians)
    assert await requests(auth, mothers, child_id) == []


async def test_nobody_asks_to_be_a_guardian_of_themselves(auth: Auth) -> None:
    _, fathers = await auth.member(father(568))
    refused(await join(auth, fathers, "KDDO.2021.5670.1", father(568).iin), 422, "GUARDIAN_IS_THE_CHILD")


async def test_a_request_is_over_after_thirty_days(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5700)
    _, fathers = await auth.member(father(570))
    await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    late = NOW + timedelta(days=30)
    assert asked["expires_at"].startswith("2026-04-01")
    told = await joining.waiting(store_of(auth), (await auth.enter(AIGERIM))["person_id"], late)
    assert child_id not in [one.child_id for one in told]


async def test_who_tries_numbers_is_stopped_as_a_person_and_as_an_address(auth: Auth) -> None:
    _, fathers = await auth.member(father(580))
    iin = child(5800)[0]
    answers = [await join(auth, fathers, f"KDDO.2021.{number}.1", iin) for number in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    refused(answers[-1], 429, "TOO_MANY_REQUESTS")
    assert int(answers[-1].headers["retry-after"]) == 3600
    tries = 0
    for serial in range(590, 597):
        _, headers = await auth.member(father(serial))
        for number in range(5):
            tries += 1
            answer = await join(auth, headers, f"KDDO.2022.{number}.1", iin, "203.0.113.59")
            assert answer.status_code == (202 if tries <= 30 else 429)


async def test_of_two_guardians_who_answer_at_once_one_word_holds(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 5900)
    _, fathers = await auth.member(father(598))
    await join(auth, fathers, number, iin)
    (asked,) = await requests(auth, mothers, child_id)
    words = ["confirm", "refuse"] * 3
    answers = await asyncio.gather(*(decide(auth, mothers, asked["request_id"], word) for word in words))
    good = {word for word, answer in zip(words, answers, strict=True) if answer.status_code == 204}
    assert len(good) == 1
    assert (child_id in await children(auth, fathers)) == (good == {"confirm"})


async def test_the_register_confirms_by_itself_and_nobody_is_asked(auth: Auth) -> None:
    child_id, iin, number, mothers = await filed(auth, 6000)
    registered(auth, f"{father(600).iin},{iin}")
    _, fathers = await auth.member(father(600))
    await join(auth, fathers, "KDDO.2021.1.1", iin)
    assert child_id not in await children(auth, fathers)
    assert (await join(auth, fathers, number, iin)).status_code == 202
    assert child_id in await children(auth, fathers)
    assert await requests(auth, mothers, child_id) == []


@pytest.mark.parametrize("away", ["missing", "other columns", "no text"])
async def test_a_register_that_is_away_leaves_the_answer_to_the_first_parent(auth: Auth, away: str) -> None:
    serial = 6100 + 10 * len(away)
    child_id, iin, number, mothers = await filed(auth, serial)
    _, fathers = await auth.member(father(serial))
    file = registered(auth)
    if away == "missing":
        file.unlink()
    else:
        file.write_bytes(b"a,b\n1,2\n" if away == "other columns" else b"\xff\xfe\x00")
    assert (await join(auth, fathers, number, iin)).status_code == 202
    assert len(await requests(auth, mothers, child_id)) == 1


async def test_joining_leaves_nothing_readable_in_logs_and_collections(
    auth: Auth, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    child_id, iin, number, mothers = await filed(auth, 6150)
    parent = Subject(make_iin(date(1987, 7, 7), female=False, serial=615), "ҚҰПИЯ", "ӘКЕ")
    _, fathers = await auth.member(parent)
    await join(auth, fathers, number, iin, "203.0.113.61")
    await join(auth, fathers, number, make_iin(date(2021, 5, 13), female=False, serial=6151), "203.0.113.61")
    (asked,) = await requests(auth, mothers, child_id)
    await decide(auth, mothers, asked["request_id"], "confirm")
    stored = ""
    for collection in ("guardianships", "applications", "rates", "roles", "sessions"):
        stored += str([one async for one in auth.served.frame.database._database[collection].find({})])
    assert child_id in stored
    for word in (iin, parent.iin, AIGERIM.iin, "ҚҰПИЯ", "203.0.113"):
        assert word not in stored
        assert word not in caplog.text
    assert "auth.join.asked" in caplog.text


async def test_what_the_queue_says_of_an_application_is_known(auth: Auth, stack: Stack) -> None:
    child_id, _, _, mothers = await filed(auth, 6200)
    _, fathers = await auth.member(father(620))
    fact = queue.RegisteredV1(
        application_id="5a0c0000-0000-4000-8000-000000006200",
        child_id=child_id,
        stream_id="almaty:correctional:SPEECH:2021",
        application_number="KDDO.2021.6299.1",
        registered_at=NOW,
        serial=6299,
        status=Status.QUEUED,
        invitable=True,
    )
    async with Speaker("queue", stack.environment("queue")) as speaker:
        await speaker.say(fact, times=2)

        async def known() -> bool:
            return await store_of(auth).applications.belongs("KDDO.2021.6299.1", ChildId(child_id))

        await eventually(known)
        await join(auth, fathers, "KDDO.2021.6299.1", child(6200)[0])
        assert len(await requests(auth, mothers, child_id)) == 1
        await speaker.say(queue.RemovedV1(**fact.model_dump() | {"status": Status.REMOVED}), 2)

        async def gone() -> bool:
            return not await known()

        await eventually(gone)
