"""One invented person is sent through every door; afterwards nothing that leaves auth or stays in it names that person."""

from datetime import date
from typing import Any

import pytest
from httpx import Response

from deploy.local.stack import Stack
from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from services.auth.domain.authorisation import RULES, Action, Asker, may
from services.auth.domain.duties import Role
from services.chassis.testing import eventually
from tests.auth.service.conftest import BROWSER, Auth
from tests.auth.service.test_persons import store_of
from tests.auth.service.test_services import CHOICE
from tests.auth.service.test_unlinking import PAPER, staff
from tests.journeys.canaries import everything_said, names_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

BORN = date(2022, 2, 2)
MOTHER = Subject(make_iin(date(1993, 9, 9), female=True, serial=7701), "КЕНЕРИНОВА", "ҚҰСНИЯ", "ҚАНАРҚЫЗЫ")
FATHER = Subject(make_iin(date(1992, 9, 9), female=False, serial=7801), "КЕНЕРИНОВ", "ҚҰСБЕК", "ҚАНАРҰЛЫ")
CHILD = make_iin(BORN, female=True, serial=7901)
NAMED = {"surname": "КЕНЕРИНОВА", "given": "ҚҰСАЙ", "patronymic": "ҚҰСБЕКҚЫЗЫ", "birth_date": BORN.isoformat()}
EMAIL, PHONE, HOME = "kenerinova@example.kz", "+77017654329", "Канарейка көшесі 77"
CANARIES = [MOTHER.iin, FATHER.iin, CHILD, "КЕНЕРИНОВ", "ҚҰСНИЯ", "ҚҰСАЙ", "ҚАНАРҚЫЗЫ", EMAIL, PHONE[1:], HOME]
Headers = dict[str, str]


class Doors:
    """Knocks, and keeps what was refused."""

    def __init__(self, auth: Auth) -> None:
        self.auth = auth
        self.refused = ""
        self.knocked: set[Action] = set()

    async def __call__(self, action: Action, headers: Headers, body: Any = None, **path: str) -> Response:
        method, template = action.value.split(" ")
        answer = await self.auth.client.request(method, template.format(**path), json=body, headers=headers)
        assert answer.status_code < 500, (action, answer.text)
        self.knocked.add(action)
        if not answer.is_success:
            self.refused += f"{answer.text}{answer.headers}"
        return answer


async def test_a_canary_sent_through_every_door_is_found_nowhere(
    auth: Auth, stack: Stack, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    capfd.readouterr()
    before, doors = await documents(auth), Doors(auth)
    tokens = await everybody(auth)
    told = await the_life_of_a_family(doors, tokens)
    await every_door_is_offered_the_number(doors, tokens)
    assert doors.knocked == set(Action)
    assert names_of([MOTHER.iin, CHILD], told.encode()) == {MOTHER.iin, CHILD}, "the answers to the family do name it"
    store = store_of(auth)

    async def said() -> bool:
        waiting = {"outbox_count": {"$gt": 0}}
        return not (await store.guardianships.count(waiting, limit=1) or await store.reads.count(waiting, limit=1))

    await eventually(said)
    printed = capfd.readouterr()
    changed = [text for key, text in (await documents(auth)).items() if before.get(key) != text]
    places = {
        "logs": printed.out + printed.err + caplog.text,
        "errors": doors.refused,
        "metrics": (await auth.client.get("/metrics")).text,
        "database": "\n".join(changed),
        **{
            topic: data.decode("utf-8", "replace")
            for topic, data in everything_said(stack.kafka(), "zholdama.auth.").items()
        },
    }
    assert {place: found for place, text in places.items() if (found := names_of(CANARIES, text.encode()))} == {}
    assert all(len(text) > 100 for text in places.values())
    assert len(changed) > 10


async def everybody(auth: Auth) -> dict[Asker, Headers]:
    """One who may knock for each kind; the mother and the father are the canaries."""
    _, mother = await auth.member(MOTHER, email=EMAIL, phone=PHONE, address=HOME, residence_address=HOME)
    tokens = {Asker.NOBODY: {}, Asker.PARENT: mother}
    for number, role in enumerate((Role.OFFICER, Role.CLERK, Role.AUDITOR, Role.SUPPORT)):
        _, tokens[Asker(role.value)] = await staff(auth, role, 780 + number)
    for name in ("referral", "notify", "queue", "vacancy"):
        tokens[Asker(name)] = await auth.as_service(name)
    return tokens


async def the_life_of_a_family(doors: Doors, tokens: dict[Asker, Headers]) -> str:
    """Everything that is done with a right number; what the family was told."""
    auth, mother, officer = doors.auth, tokens[Asker.PARENT], tokens[Asker.OFFICER]
    filed = await doors(Action.STATE_FILING, mother, {"child_iin": CHILD, "child": NAMED})
    assert filed.is_success, filed.text
    me = await doors(Action.READ_ME, mother)
    child_id, mother_id = me.json()["children"][0]["person_id"], me.json()["person_id"]
    father_id, father = await auth.member(FATHER, email=f"2{EMAIL}", phone=PHONE)
    await doors(Action.DESCRIBE_KEY, {}, {"signed_xml": auth.hands.signed(CHOICE, Usage.SIGN, MOTHER).decode()})
    await doors(Action.STATE_SEARCH, {}, {"child_iin": CHILD})
    await doors(Action.ASK_TO_JOIN, father, {"application_number": "KDDO.2021.1.1", "child_iin": CHILD})
    pair = {"child_iin": CHILD, "guardian_iin": FATHER.iin, "paper": PAPER}
    assert (await doors(Action.LINK_GUARDIAN, officer, pair)).is_success
    for asked in ({"iin": CHILD}, {"surname": MOTHER.surname}):
        assert (await doors(Action.FIND_PERSONS, officer, asked)).json()["persons"]
    judged = {"purpose": "choice", "child_id": child_id, "expected_xml": CHOICE}
    for usage, who in ((Usage.SIGN, MOTHER), (Usage.AUTH, MOTHER), (Usage.SIGN, FATHER)):
        signed = auth.hands.signed(CHOICE, usage, who).decode()
        await doors(Action.JUDGE_SIGNATURE, tokens[Asker.REFERRAL], judged | {"signed_xml": signed})
    cards = {"person_ids": [child_id, mother_id, father_id]}
    own = await doors(Action.READ_CARDS, mother, cards)
    await doors(Action.READ_DOCUMENT_CARDS, tokens[Asker.REFERRAL], cards)
    await doors(Action.READ_CONTACTS, tokens[Asker.NOTIFY], child_id=child_id)
    await doors(Action.GRANT_ROLE, officer, {"iin": FATHER.iin, "role": "clerk"})
    await doors(Action.REVOKE_ROLE, officer, {"person_id": father_id, "role": "clerk"})
    off = {"person_id": father_id, "reason": "OWN_WISH", "paper": PAPER}
    await doors(Action.UNLINK_GUARDIAN, officer, off, child_id=child_id)
    assert (await doors(Action.END_SESSIONS_OF, officer, {"iin": FATHER.iin})).is_success
    assert (await doors(Action.ERASE_PERSON, officer, {"reason": "COURT_DECISION"}, person_id=father_id)).is_success
    return me.text + own.text


FIELDS = [
    "purpose",
    "binding",
    "challenge_id",
    "signed_xml",
    "expected_xml",
    "user_agent",
    "refresh_token",
    "iin",
    "child_iin",
    "guardian_iin",
    "surname",
    "after",
    "reason",
    "role",
    "organisation_id",
    "person_id",
    "email",
    "phone",
    "contact",
    "address",
    "code",
    "language",
    "application_number",
    "signer_id",
    "child_id",
]


async def every_door_is_offered_the_number(doors: Doors, tokens: dict[Asker, Headers]) -> None:
    """The number in the place of every word, of every id, and as a whole document; by one who may knock."""
    path = dict.fromkeys(("session_id", "child_id", "request_id", "person_id", "confirmation_id"), MOTHER.iin)
    long = f"<a>{MOTHER.iin}</a>"
    for action in RULES:
        headers = next(told for asker, told in tokens.items() if may(action, (asker,)))
        if action in {Action.END_ALL_SESSIONS, Action.LEAVE}:
            headers = {}
        poisoned: dict[str, Any] = dict.fromkeys(FIELDS, MOTHER.iin)
        poisoned |= {"signed_xml": long, "expected_xml": long, "binding": BROWSER}
        poisoned |= {"consent": True, "paper": {"number": "1", "issued_on": MOTHER.iin}, "person_ids": [MOTHER.iin]}
        await doors(action, headers, poisoned, **path)
        await doors(action, headers, MOTHER.iin, **path)


async def documents(auth: Auth) -> dict[tuple[str, str], str]:
    """Every document of auth's database as text, by collection and id."""
    database = auth.served.frame.database._database
    found: dict[tuple[str, str], str] = {}
    for collection in await database.list_collection_names():
        async for one in database[collection].find({}):
            found[collection, str(one["_id"])] = str(one)
    return found
