"""The doors for other services."""

from datetime import date, timedelta
from typing import Any

import pytest

from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from doubles.nca.revocation import Fault
from doubles.ncalayer.sign import sign_xml
from tests.auth.hands import AIGERIM
from tests.auth.service.conftest import Auth
from tests.auth.service.test_login import claims, refused
from tests.auth.service.test_persons import STRANGER, child, file

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHOICE = '<choice xmlns="urn:zholdama:choice:1"><place>№ 145 «Айгөлек»</place><nonce>n-1</nonce></choice>'


async def family(auth: Auth, serial: int) -> tuple[str, str, dict[str, str]]:
    """(child_id, person_id, headers) of a family that has filed."""
    person_id, headers = await auth.member()
    iin, named = child(serial)
    said = await claims(auth, (await file(auth, headers, iin, named)).json()["statement"])
    return said["child_id"], person_id, headers


async def judged(auth: Auth, child_id: str, signed: bytes, **more: Any) -> dict[str, Any]:
    body = {"purpose": "choice", "expected_xml": CHOICE, "signed_xml": signed.decode(), "child_id": child_id} | more
    answer = await auth.client.post("/signatures", json=body, headers=await auth.as_service("referral"))
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_service_is_known_by_its_secret_for_ten_minutes(auth: Auth) -> None:
    answer = (await auth.client.post("/service-tokens", auth=("notify", "secret of notify"))).json()
    said = await claims(auth, answer["access_token"])
    assert (said["typ"], said["sub"], said["exp"] - said["iat"]) == ("service", "service:notify", 600)
    for who in (("notify", "wrong"), ("nobody", "secret of nobody"), ("", "")):
        refused(await auth.client.post("/service-tokens", auth=who), 401, "SERVICE_UNKNOWN")
    refused(await auth.client.post("/service-tokens"), 401, "SERVICE_UNKNOWN")


async def test_a_door_is_for_its_service_only(auth: Auth) -> None:
    queue = await auth.as_service("queue")
    refused(await auth.client.get("/children/x:contacts", headers=queue), 403, "FORBIDDEN")
    refused(await auth.client.post("/persons:cards", json={"person_ids": ["x"]}, headers=queue), 403, "FORBIDDEN")
    _, person = await auth.member()
    refused(await auth.client.get("/children/x:contacts", headers=person), 401, "UNAUTHENTICATED")


async def test_a_guardians_signature_passes_and_is_the_same_when_asked_again(auth: Auth) -> None:
    child_id, person_id, _ = await family(auth, 1000)
    signed = auth.hands.signed(CHOICE, Usage.SIGN)
    told = await judged(auth, child_id, signed)
    assert (told["indication"], told["sub_indication"], told["person_id"]) == ("PASSED", None, person_id)
    auth.clock.move(timedelta(days=3))
    assert await judged(auth, child_id, signed) == told


@pytest.mark.parametrize(
    ("bend", "sub_indication"),
    [
        (lambda signed: signed.replace(b"145", b"146"), "HASH_FAILURE"),
        (lambda signed: b"<choice/>", "FORMAT_FAILURE"),
        (lambda signed: signed.replace(b"rsa-sha256", b"rsa-sha1"), "CRYPTO_CONSTRAINTS_FAILURE"),
    ],
)
async def test_a_bent_document_fails_for_good(auth: Auth, bend: Any, sub_indication: str) -> None:
    child_id, _, _ = await family(auth, 1100)
    told = await judged(auth, child_id, bend(auth.hands.signed(CHOICE, Usage.SIGN)))
    assert (told["indication"], told["sub_indication"]) == ("FAILED", sub_indication)


async def test_a_login_key_signs_no_choice(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 1200)
    told = await judged(auth, child_id, auth.hands.signed(CHOICE, Usage.AUTH))
    assert (told["indication"], told["finding"]) == ("FAILED", "CERTIFICATE_KEY_USAGE")


async def test_only_a_guardian_of_this_child_signs(auth: Auth) -> None:
    child_id, person_id, _ = await family(auth, 1300)
    unknown = Subject(make_iin(date(1970, 1, 1), female=True, serial=77), "ЕШКІМ", "БІЛМЕЙДІ")
    told = await judged(auth, child_id, auth.hands.signed(CHOICE, Usage.SIGN, unknown))
    assert (told["indication"], told["finding"], told["person_id"]) == ("FAILED", "SIGNER_UNKNOWN", None)
    await auth.member(STRANGER)
    told = await judged(auth, child_id, auth.hands.signed(CHOICE, Usage.SIGN, STRANGER))
    assert (told["indication"], told["finding"]) == ("FAILED", "SIGNER_NOT_A_GUARDIAN")
    signed = auth.hands.signed(CHOICE, Usage.SIGN)
    told = await judged(auth, child_id, signed, signer_id="somebody-else")
    assert (told["indication"], told["finding"]) == ("FAILED", "SIGNER_IS_ANOTHER")
    assert (await judged(auth, child_id, signed, signer_id=person_id))["indication"] == "PASSED"


async def test_what_waiting_can_cure_is_indeterminate_and_passes_later(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 1400)
    signed = auth.hands.signed(CHOICE, Usage.SIGN)
    auth.hands.authority.faults["ocsp"] = Fault.STALE
    waiting = await judged(auth, child_id, signed)
    assert (waiting["indication"], waiting["sub_indication"]) == ("INDETERMINATE", "TRY_LATER")
    auth.hands.authority.faults["ocsp"] = Fault.OK
    later = await judged(auth, child_id, signed)
    assert (later["indication"], later["signature_id"]) == ("PASSED", waiting["signature_id"])


async def test_a_service_that_issued_nonsense_is_told_so(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 1450)
    body = {"purpose": "choice", "expected_xml": "<a><!-- --></a>", "signed_xml": "<a/>", "child_id": child_id}
    answer = await auth.client.post("/signatures", json=body, headers=await auth.as_service("referral"))
    refused(answer, 422, "ISSUED_DOCUMENT_UNREADABLE")


async def test_a_revoked_key_signs_no_choice(auth: Auth) -> None:
    child_id, _, _ = await family(auth, 1500)
    key = auth.hands.authority.issue(AIGERIM, Usage.SIGN)
    auth.hands.authority.revoke(key)
    told = await judged(auth, child_id, sign_xml(CHOICE, key).encode())
    assert (told["indication"], told["sub_indication"]) == ("FAILED", "REVOKED")


async def test_all_guardians_are_reached_with_what_they_left(auth: Auth) -> None:
    child_id, person_id, _ = await family(auth, 1600)
    await auth.member(phone="+77010000001", more_emails=["second@example.kz"], language="ru")
    told = await auth.client.get(f"/children/{child_id}:contacts", headers=await auth.as_service("notify"))
    assert told.json() == [
        {
            "person_id": person_id,
            "language": "ru",
            "emails": ["family@example.kz", "second@example.kz"],
            "phones": ["+77010000001"],
        }
    ]
    unknown = await auth.client.get("/children/nobody:contacts", headers=await auth.as_service("notify"))
    assert unknown.json() == []


async def test_cards_are_told_for_a_document_and_the_reading_is_recorded(auth: Auth) -> None:
    child_id, person_id, headers = await family(auth, 1700)
    body = {"person_ids": [child_id, person_id, "nobody"]}
    told = await auth.client.post("/persons:cards", json=body, headers=await auth.as_service("referral"))
    first, second = told.json()
    assert (first["person_id"], first["surname"], first["birth_date"]) == (child_id, "СЫНАҚОВА", "2021-05-13")
    assert (second["person_id"], second["iin"]) == (person_id, AIGERIM.iin)
    reads = (await auth.client.get(f"/children/{child_id}/reads", headers=headers)).json()
    assert {one["reader"] for one in reads} <= {"you", "service"}


async def test_the_waiting_list_asks_about_signed_removals(auth: Auth) -> None:
    child_id, person_id, _ = await family(auth, 1900)
    removal = '<removal xmlns="urn:zholdama:removal:1" version="1"><number>KDDO.2026.1.1</number></removal>'
    signed = auth.hands.signed(removal, Usage.SIGN).decode()
    body = {"purpose": "removal", "expected_xml": removal, "signed_xml": signed, "child_id": child_id}
    answer = await auth.client.post("/signatures", json=body, headers=await auth.as_service("queue"))
    assert (answer.json()["indication"], answer.json()["person_id"]) == ("PASSED", person_id)
