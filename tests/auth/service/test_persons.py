"""The person in session: contacts, children, statements, who looked."""

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.access import QueueRecordReadV1
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject
from doubles.nca.iin import make_iin
from services.auth.domain.access_log import Read
from services.auth.domain.ids import ChildId, PersonId, ReadId
from services.auth.store import Store
from services.auth.store.secrets import read_secrets
from services.auth.usecases import access
from services.chassis.testing import Speaker, eventually
from tests.auth.hands import AIGERIM, NOW
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import claims, refused

pytestmark = pytest.mark.asyncio(loop_scope="session")

FATHER = Subject(make_iin(date(1988, 2, 3), female=False, serial=12), "СЫНАҚОВ", "ДӘУЛЕТ")
STRANGER = Subject(make_iin(date(1985, 4, 5), female=False, serial=13), "БӨТЕН", "АДАМ")
BORN = date(2021, 5, 13)


def child(serial: int) -> tuple[str, dict[str, Any]]:
    named = {"surname": "СЫНАҚОВА", "given": "ӘЛИЯ", "patronymic": "ДӘУЛЕТҚЫЗЫ", "birth_date": BORN.isoformat()}
    return make_iin(BORN, female=True, serial=serial), named


def store_of(auth: Auth) -> Store:
    return Store(auth.served.frame.database, read_secrets(auth.settings.secrets_dir))


async def file(auth: Auth, headers: dict[str, str], iin: str, named: dict[str, Any] | None = None) -> Any:
    body = {"child_iin": iin} | ({"child": named} if named else {})
    return await auth.client.post("/statements/filing", json=body, headers=headers)


async def test_contacts_and_consent_finish_the_first_login(auth: Auth) -> None:
    told = await auth.enter(Subject(make_iin(date(1991, 1, 1), female=True, serial=20), "ЖАҢА", "АДАМ"))
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    refused(await file(auth, headers, child(1)[0]), 403, "EMAIL_REQUIRED")
    body = {"email": "new@example.kz", "phone": "8 701 000 00 00", "language": "ru", "consent": False}
    refused(await auth.client.put("/me/contacts", json=body, headers=headers), 422, "CONSENT_REQUIRED")
    wrong = body | {"consent": True, "email": "not an address"}
    refused(await auth.client.put("/me/contacts", json=wrong, headers=headers), 422, "CONTACTS_INVALID")
    answer = await auth.client.put("/me/contacts", json=body | {"consent": True}, headers=headers)
    assert answer.json()["email_required"] is False
    said = await claims(auth, answer.json()["access_token"])
    assert (said["email_required"], said["sub"]) == (False, told["person_id"])
    fresh = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await auth.client.get("/me", headers=fresh)).json()
    assert (me["emails"], me["phones"], me["language"]) == (["new@example.kz"], ["+77010000000"], "ru")
    assert (me["surname"], me["given"], me["children"]) == ("ЖАҢА", "АДАМ", [])


async def test_nobody_is_told_anything_without_a_session(auth: Auth) -> None:
    for path in ("/me", "/children/x/reads"):
        refused(await auth.client.get(path), 401, "UNAUTHENTICATED")
    expired = {"Authorization": f"Bearer {(await auth.enter())['access_token']}"}
    auth.clock.move(timedelta(minutes=6))
    refused(await auth.client.get("/me", headers=expired), 401, "UNAUTHENTICATED")


async def test_the_first_filer_becomes_guardian_and_takes_a_statement_along(auth: Auth) -> None:
    person_id, headers = await auth.member()
    iin, named = child(100)
    refused(await file(auth, headers, iin), 404, "NO_SUCH_CHILD")
    answer = await file(auth, headers, iin, named)
    said = await claims(auth, answer.json()["statement"])
    assert (said["typ"], said["purpose"], said["sub"]) == ("statement", "filing", person_id)
    assert (said["guardian"], said["birth_date"]) == (person_id, "2021-05-13")
    assert iin not in str(said)
    assert (await claims(auth, (await file(auth, headers, iin)).json()["statement"]))["child_id"] == said["child_id"]
    me = (await auth.client.get("/me", headers=headers)).json()
    assert ("ӘЛИЯ", iin) in [(one["given"], one["iin"]) for one in me["children"]]


async def test_a_stranger_neither_files_nor_learns_that_a_child_is_known(auth: Auth) -> None:
    _, headers = await auth.member()
    iin, named = child(200)
    await file(auth, headers, iin, named)
    _, stranger = await auth.member(STRANGER)
    refused(await file(auth, stranger, iin, named), 404, "NO_SUCH_CHILD")
    refused(await file(auth, stranger, child(300)[0]), 404, "NO_SUCH_CHILD")
    refused(await file(auth, stranger, "210513600000"), 422, "IIN_INVALID")


async def test_a_number_alone_opens_no_recorded_persons_name(auth: Auth) -> None:
    await auth.member(FATHER)
    _, stranger = await auth.member(STRANGER)
    guess = {"surname": "КІМ", "given": "ЕКЕН", "birth_date": "1988-02-03"}
    refused(await file(auth, stranger, FATHER.iin, guess), 404, "NO_SUCH_CHILD")
    me = (await auth.client.get("/me", headers=stranger)).json()
    assert me["children"] == []


async def test_guardianship_is_said_and_stands_in_the_outbox_no_longer(auth: Auth) -> None:
    _, headers = await auth.member()
    iin, named = child(400)
    await file(auth, headers, iin, named)
    store = store_of(auth)

    async def said() -> bool:
        return await store.guardianships.count({"outbox_count": {"$gt": 0}}, limit=1) == 0

    await eventually(said)


async def test_a_read_is_heard_once_chained_and_shown_to_the_guardian(auth: Auth, stack: Stack) -> None:
    _, headers = await auth.member()
    iin, named = child(500)
    child_id = (await claims(auth, (await file(auth, headers, iin, named)).json()["statement"]))["child_id"]
    read_id, clerk = "0b7f1f1e-0000-4000-8000-000000000001", "0b7f1f1e-0000-4000-8000-000000000002"
    fact = QueueRecordReadV1(read_id=read_id, child_ids=(child_id,), reader_id=clerk, why="card", at=NOW)
    async with Speaker("queue", stack.environment("queue")) as queue:
        await queue.say(fact, times=3)

        async def shown() -> list[dict[str, Any]]:
            told = (await auth.client.get(f"/children/{child_id}/reads", headers=headers)).json()
            return [one for one in told if one["service"] == "queue"]

        seen = await eventually(shown)
    assert [(one["why"], one["reader"]) for one in seen] == [("card", "staff")]
    length, broken = await access.check(store_of(auth), "queue")
    assert length >= 1
    assert broken is None
    _, stranger = await auth.member(STRANGER)
    refused(await auth.client.get(f"/children/{child_id}/reads", headers=stranger), 404, "NO_SUCH_CHILD")


async def test_two_writers_keep_one_chain(auth: Auth) -> None:
    one, other = store_of(auth), store_of(auth)
    for number in range(12):
        read = Read(ReadId(f"two-{number}"), "notify", (ChildId("c"),), PersonId("p"), "card", NOW)
        assert await (one if number % 3 else other).access_log.append(read)
        assert not await (other if number % 3 else one).access_log.append(read)
    assert await access.check(store_of(auth), "notify") == (12, None)


async def test_the_vault_holds_no_number_and_no_name_in_the_open(auth: Auth) -> None:
    _, headers = await auth.member(phone="+77017654321")
    iin, named = child(600)
    await file(auth, headers, iin, named)
    database = auth.served.frame.database
    stored = ""
    for collection in ("persons", "accounts", "guardianships", "sessions", "signatures", "challenges", "access_log"):
        stored += str([one async for one in database._database[collection].find({})])
    for word in (AIGERIM.iin, iin, "СЫНАҚОВА", "ӘЛИЯ", "family@example.kz", "77017654321"):
        assert word not in stored
