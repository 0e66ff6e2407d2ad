"""A login from a new place and a key that runs out are said once, by ids and dates alone."""

import contextlib
from datetime import date, timedelta

import pytest
from cryptography import x509

from contracts import auth as said
from deploy.local.stack import Stack
from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from services.auth.domain.familiar import Familiar
from services.auth.domain.ids import PersonId
from services.auth.domain.person import ErasureReason
from services.auth.usecases.arriving import remind
from services.auth.usecases.erasing import erase
from services.chassis.testing import Ears, eventually
from tests.auth.hands import NOW
from tests.auth.service.conftest import BROWSER, Auth
from tests.auth.service.test_persons import store_of

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"
NEWER_CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def somebody(serial: int) -> Subject:
    return Subject(make_iin(date(1993, 3, 3), female=False, serial=serial), "КІРУШІ", "АДАМ")


async def come(auth: Auth, who: Subject, browser: str, address: str) -> tuple[str, str]:
    """(person_id, session_id) after a login."""
    asked = await auth.challenge()
    signed = auth.hands.signed(asked["xml"], Usage.AUTH, who).decode()
    body = {"challenge_id": asked["challenge_id"], "binding": BROWSER, "signed_xml": signed, "user_agent": browser}
    answer = await auth.client.post("/sessions", json=body, headers={"X-Forwarded-For": address})
    assert answer.status_code == 201, answer.text
    return answer.json()["person_id"], answer.json()["refresh_token"].split(".")[0]


async def test_a_login_from_a_new_place_is_said_and_from_a_known_one_not(auth: Auth, stack: Stack) -> None:
    who = somebody(8000)
    await come(auth, who, CHROME, "203.0.113.80")
    await come(auth, who, NEWER_CHROME, "203.0.9.9")
    person_id, elsewhere = await come(auth, who, CHROME, "198.51.100.80")
    _, other_browser = await come(auth, who, FIREFOX, "198.51.100.80")
    await come(auth, who, FIREFOX, "203.0.113.80")
    async with Ears(stack.kafka(), said.SignedInFromNewPlaceV1.topic) as ears:
        facts = await ears.wait(2, said.SignedInFromNewPlaceV1, person_id=person_id)
    assert [fact.session_id for fact in facts] == [elsewhere, other_browser]
    stored = str([one async for one in auth.served.frame.database._database["familiar"].find({"_id": person_id})])
    assert person_id in stored
    for word in ("Chrome", "Firefox", "203.0", "198.51", who.iin):
        assert word not in stored


class Ended(Exception):
    """The process ends here."""


def end(_: object) -> None:
    raise Ended


async def test_a_login_that_is_told_of_was_one_though_the_process_ends_in_its_middle(auth: Auth, stack: Stack) -> None:
    who = somebody(8030)
    person_id, _ = await come(auth, who, CHROME, "203.0.113.80")
    familiar = next(each for each in auth.served.parts.aggregates if each.name == "familiar")
    familiar.on_written(end)
    try:
        with contextlib.suppress(Ended, AssertionError):
            await come(auth, who, CHROME, "198.51.100.80")
    finally:
        familiar.on_written(lambda _: None)
    async with Ears(stack.kafka(), said.SignedInFromNewPlaceV1.topic) as ears:
        (fact,) = await ears.wait(1, said.SignedInFromNewPlaceV1, person_id=person_id)
    assert await store_of(auth).sessions.get(fact.session_id) is not None


async def test_a_person_who_was_erased_is_told_nothing_of_the_key(auth: Auth) -> None:
    person_id, _ = await come(auth, somebody(8040), CHROME, "203.0.113.80")
    store = store_of(auth)
    known = await store.familiar.get(person_id)
    assert known is not None
    due = known.state.due
    assert due is not None
    await erase(store, PersonId(person_id), ErasureReason.CONSENT_WITHDRAWN, NOW)
    forgotten = await store.familiar.get(person_id)
    assert forgotten is not None
    assert forgotten.state == Familiar(PersonId(person_id))
    assert await store.familiar.count({"_id": person_id, "due": {"$exists": True}}, limit=1) == 0
    # A login that was under way while the person was erased remembers the key once more.
    await store.familiar.save(forgotten, known.state, at=NOW, due=due)
    await remind(store, person_id, due)
    after = await store.familiar.get(person_id)
    assert after is not None
    assert (after.sequence, after.state.due) == (known.sequence, None)


async def test_a_key_that_ends_within_thirty_days_is_said_at_once(auth: Auth, stack: Stack) -> None:
    who = somebody(8010)
    auth.hands.at = NOW - timedelta(days=310)
    ending = x509.load_der_x509_certificate(auth.hands.key(Usage.AUTH, who).der).not_valid_after_utc
    auth.hands.at = NOW
    person_id, _ = await come(auth, who, CHROME, "203.0.113.80")
    async with Ears(stack.kafka(), said.CertificateExpiringV1.topic) as ears:
        (fact,) = await ears.wait(1, said.CertificateExpiringV1, person_id=person_id)
    assert fact.valid_until == ending
    assert timedelta(0) < fact.valid_until - NOW < timedelta(days=30)

    async def told() -> bool:
        return await store_of(auth).familiar.count({"_id": person_id, "due": {"$exists": False}}, limit=1) == 1

    await eventually(told)


async def test_a_key_seen_long_before_its_end_is_said_when_the_day_comes(auth: Auth) -> None:
    person_id, _ = await come(auth, somebody(8020), CHROME, "203.0.113.80")
    store = store_of(auth)
    known = await store.familiar.get(person_id)
    assert known is not None
    due = known.state.due
    assert due is not None
    await remind(store, person_id, due - timedelta(days=1))
    assert await store.familiar.get(person_id) == known
    for _ in range(2):
        await remind(store, person_id, due)
    after = await store.familiar.get(PersonId(person_id))
    assert after is not None
    assert (after.state.key_told, after.sequence - known.sequence) == (True, 1)
    await remind(store, "nobody", due)
