"""Every door of auth is knocked at by everybody, with an object of the own and with somebody else's."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from fastapi import FastAPI
from httpx import Response

from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain import guardianship
from services.auth.domain.authorisation import IN_SESSION, PERSONS, RULES, SERVICES, STAFF, Action, Asker, Relation, may
from services.auth.domain.duties import Role
from services.auth.domain.ids import ChildId, JoinRequestId, PersonId
from services.auth.usecases import accounts
from services.auth.usecases.guardians import link
from tests.auth.hands import NOW
from tests.auth.service.conftest import BROWSER, Auth
from tests.auth.service.test_persons import FATHER, child, file, store_of
from tests.auth.service.test_services import CHOICE
from tests.auth.service.test_unlinking import PAPER, staff

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHUT = {"UNAUTHENTICATED", "FORBIDDEN", "EMAIL_REQUIRED", "SERVICE_UNKNOWN"}
ABSENT = {"NO_SUCH_CHILD", "NO_SUCH_SESSION", "NO_SUCH_REQUEST"}


@dataclass(frozen=True)
class Own:
    """What belongs to one who knocks."""

    person_id: str
    session_id: str
    child_id: str
    child_iin: str
    requests: tuple[str, str]
    email: str = "nobody@example.kz"
    phone: str = "+77010000000"
    """Proven by a code."""


@dataclass(frozen=True)
class Knocks:
    """Everybody with their tokens, what is theirs, and what is somebody else's."""

    headers: dict[Asker, dict[str, str]]
    own: dict[Asker, Own]
    foreign: Own


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def knocks(running: Auth) -> Knocks:
    running.clock.move(NOW - running.clock.now())
    headers: dict[Asker, dict[str, str]] = {Asker.NOBODY: {}}
    newcomer = Subject(make_iin(date(1995, 5, 5), female=True, serial=901), "ЖАҢА", "КЕЛГЕН")
    entered = await running.enter(newcomer)
    headers[Asker.NEWCOMER] = {"Authorization": f"Bearer {entered['access_token']}"}
    parent = Subject(make_iin(date(1995, 5, 5), female=True, serial=902), "ҮЛГІ", "АНА")
    _, headers[Asker.PARENT] = await running.member(parent)
    for number, asker in enumerate(sorted(STAFF)):
        _, headers[asker] = await staff(running, Role(asker.value), 910 + number)
    for asker in sorted(SERVICES):
        headers[asker] = await running.as_service(asker.value)
    own = {asker: await belongings(running, headers[asker], 9000 + n) for n, asker in enumerate(sorted(IN_SESSION))}
    other = Subject(make_iin(date(1995, 5, 5), female=True, serial=903), "БАСҚА", "ОТБАСЫ")
    _, strangers = await running.member(other)
    return Knocks(headers, own, await belongings(running, strangers, 9100))


async def belongings(auth: Auth, headers: dict[str, str], serial: int) -> Own:
    """A session, a child and two askers of one person."""
    me = (await auth.client.get("/me", headers=headers)).json()
    sessions = (await auth.client.get("/sessions", headers=headers)).json()
    iin, named = child(serial)
    store, email, phone = store_of(auth), f"own{serial}@example.kz", f"+770190{serial:05d}"
    if me["email_required"]:
        return Own(me["person_id"], sessions[0]["session_id"], "none", iin, ("none", "none"))
    body = {"email": email, "phone": phone, "language": "kk", "consent": True}
    await auth.client.put("/me/contacts", json=body, headers=headers)
    await accounts.confirm(store, PersonId(me["person_id"]), phone, NOW)
    answer = await file(auth, headers, iin, named)
    assert answer.status_code == 200, answer.text
    found = await store.vault.by_iin(iin)  # type: ignore[arg-type]
    assert found is not None
    child_id = ChildId(found.state.person_id)
    for asker in ("one", "other"):
        known = await store.guardianships.get(child_id)
        assert known is not None
        request_id = JoinRequestId(f"{serial}-{asker}")
        after = guardianship.asked(known.state, request_id, PersonId(str(uuid4())), NOW)
        await store.guardianships.save(known, after, at=NOW)
    requests = (f"{serial}-one", f"{serial}-other")
    return Own(me["person_id"], sessions[0]["session_id"], child_id, iin, requests, email, phone)


Body = dict[str, Any] | None
XML = "<login/>"
QUESTIONS: dict[Action, Callable[[Own], Body]] = {
    Action.ASK_CHALLENGE: lambda _: {"purpose": "login", "binding": BROWSER},
    Action.DESCRIBE_KEY: lambda _: {"signed_xml": XML},
    Action.ENTER: lambda _: {"challenge_id": "none", "binding": BROWSER, "signed_xml": XML},
    Action.REFRESH: lambda _: {"refresh_token": "none"},
    Action.FIND_PERSONS: lambda _: {"surname": "ЖОҚТЕГІ"},
    Action.ERASE_PERSON: lambda _: {"reason": "CONSENT_WITHDRAWN"},
    Action.END_SESSIONS_OF: lambda _: {"iin": "123"},
    Action.GIVE_CONTACTS: lambda own: {"email": own.email, "phone": own.phone, "language": "kk", "consent": True},
    Action.SEND_CODE: lambda own: {"address": own.email},
    Action.CONFIRM_CONTACT: lambda own: {"address": own.phone, "code": "123456"},
    Action.CHOOSE_LANGUAGE: lambda _: {"language": "kk"},
    Action.READ_CARDS: lambda own: {"person_ids": [own.child_id]},
    Action.STATE_FILING: lambda own: {"child_iin": own.child_iin},
    Action.STATE_CLERKS_FILING: lambda own: {"child_iin": own.child_iin, "guardian_iin": FATHER.iin, "paper": PAPER},
    Action.STATE_SEARCH: lambda own: {"child_iin": own.child_iin},
    Action.ASK_TO_JOIN: lambda _: {"application_number": "KDDO.2021.1.1", "child_iin": child(9200)[0]},
    Action.LINK_GUARDIAN: lambda own: {"child_iin": own.child_iin, "guardian_iin": FATHER.iin, "paper": PAPER},
    Action.UNLINK_GUARDIAN: lambda _: {"person_id": "nobody", "reason": "OWN_WISH", "paper": PAPER},
    Action.GRANT_ROLE: lambda _: {"iin": FATHER.iin, "role": "king"},
    Action.REVOKE_ROLE: lambda _: {"person_id": "nobody", "role": "clerk"},
    Action.JUDGE_SIGNATURE: lambda own: {
        "purpose": "choice",
        "child_id": own.child_id,
        "expected_xml": CHOICE,
        "signed_xml": CHOICE,
    },
    Action.READ_DOCUMENT_CARDS: lambda own: {"person_ids": [own.child_id]},
}


async def knock(auth: Auth, action: Action, asker: Asker, headers: dict[str, str], own: Own) -> Response:
    method, path = action.value.split(" ")
    request_id = own.requests[action is Action.REFUSE_REQUEST]
    ids = {"session_id": own.session_id, "child_id": own.child_id, "request_id": request_id}
    path = path.format(**ids, person_id="nobody", confirmation_id="none")
    question = QUESTIONS.get(action)
    body = question(own) if question else None
    if action is Action.TAKE_SERVICE_TOKEN and asker in SERVICES:
        return await auth.client.request(method, path, auth=(asker.value, f"secret of {asker.value}"))
    return await auth.client.request(method, path, json=body, headers=headers)


def code_of(answer: Response) -> str:
    problem = answer.headers.get("content-type", "").startswith("application/problem+json")
    return str(answer.json()["code"]) if problem else ""


async def test_every_door_stands_in_the_table_and_no_other(running: Auth) -> None:
    plain = FastAPI()
    plain.include_router(running.served.parts.router)
    paths = plain.openapi()["paths"]
    doors = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert doors == {action.value for action in Action}


@pytest.mark.parametrize("action", Action, ids=lambda action: action.value)
async def test_a_door_opens_to_whom_the_table_says_and_to_nobody_else(
    auth: Auth, knocks: Knocks, action: Action
) -> None:
    for asker in Asker:
        own = knocks.own.get(asker, knocks.foreign)
        answer = await knock(auth, action, asker, knocks.headers[asker], own)
        assert answer.status_code < 500, (asker, answer.text)
        assert (code_of(answer) not in SHUT) == may(action, (asker,)), (asker, answer.text)
        if asker in PERSONS and may(action, (asker,)) and RULES[action].relation is not Relation.ANY:
            assert answer.is_success, (asker, answer.text)
        if not may(action, (asker,)):
            signed_in = asker in IN_SESSION if RULES[action].askers & IN_SESSION else asker in SERVICES
            assert answer.status_code == (403 if signed_in else 401), (asker, answer.text)


@pytest.mark.parametrize(
    "action",
    [
        Action.END_SESSION,
        Action.SEE_WHO_LOOKED,
        Action.STATE_FILING,
        Action.CONFIRM_REQUEST,
        Action.REFUSE_REQUEST,
    ],
    ids=lambda action: action.value,
)
async def test_what_is_not_yours_is_not_there(auth: Auth, knocks: Knocks, action: Action) -> None:
    for asker in sorted(RULES[action].askers):
        answer = await knock(auth, action, asker, knocks.headers[asker], knocks.foreign)
        assert (answer.status_code, code_of(answer) in ABSENT) == (404, True), (asker, answer.text)


async def test_nothing_of_others_stands_in_a_list(auth: Auth, knocks: Knocks) -> None:
    foreign = knocks.foreign
    for asker in sorted(PERSONS):
        headers = knocks.headers[asker]
        cards = await knock(auth, Action.READ_CARDS, asker, headers, foreign)
        assert cards.json() == []
        for action in (Action.READ_ME, Action.LIST_SESSIONS, Action.LIST_REQUESTS):
            told = (await knock(auth, action, asker, headers, foreign)).text
            for word in (foreign.person_id, foreign.session_id, foreign.child_id, foreign.child_iin, *foreign.requests):
                assert word not in told, (asker, action)


async def test_a_second_guardian_has_the_same_rights(auth: Auth, knocks: Knocks) -> None:
    parent = knocks.own[Asker.PARENT]
    await link(store_of(auth), ChildId(knocks.foreign.child_id), PersonId(parent.person_id), NOW)
    for action in (Action.SEE_WHO_LOOKED, Action.STATE_FILING):
        answer = await knock(auth, action, Asker.PARENT, knocks.headers[Asker.PARENT], knocks.foreign)
        assert answer.status_code == 200, answer.text
