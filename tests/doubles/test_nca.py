"""The certification authority's answers, read by verifiers that are not its own."""

import subprocess
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from doubles.nca.api import make_app
from doubles.nca.authority import CA_AGE, CITY_DEPARTMENT, TestAuthority
from doubles.nca.certificates import Condition, Subject, Usage
from doubles.nca.iin import is_valid, make_bin, make_iin
from doubles.nca.revocation import Fault

AIGERIM = Subject(make_iin(date(1991, 4, 8), female=True, serial=17), "СЫНАҚОВА", "ӘЙГЕРІМ", "СЕРІКҚЫЗЫ")
NONCE = bytes(range(16))


def ask(authority: TestAuthority, certificate: x509.Certificate) -> ocsp.OCSPResponse:
    request = ocsp.OCSPRequestBuilder().add_certificate(certificate, authority.issuing.cert, hashes.SHA256())
    der = request.add_extension(x509.OCSPNonce(NONCE), critical=False).build().public_bytes(Encoding.DER)
    return ocsp.load_der_ocsp_response(authority.ocsp(der))


def is_signed_by_responder(authority: TestAuthority, answer: ocsp.OCSPResponse) -> bool:
    responder = answer.certificates[0]
    try:
        responder.verify_directly_issued_by(authority.issuing.cert)
        algorithm = answer.signature_hash_algorithm
        assert algorithm is not None
        key = authority.responder.key.public_key()
        key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
    except Exception:  # noqa: BLE001 - any way of not verifying is the same answer here
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value


def test_a_person_holds_an_auth_and_a_sign_key_in_the_real_profile(authority: TestAuthority) -> None:
    handle = authority.register("aigerim", AIGERIM)
    auth, sign = authority.keys(handle, Usage.AUTH).cert, authority.keys(handle, Usage.SIGN).cert
    usage = sign.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.content_commitment
    assert not usage.value.key_encipherment
    assert auth.extensions.get_extension_for_class(x509.KeyUsage).value.key_encipherment
    purposes = auth.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert {oid.dotted_string for oid in purposes} == {"1.3.6.1.5.5.7.3.2", "1.2.398.3.3.4.1.1"}
    assert auth.not_valid_after_utc - auth.not_valid_before_utc == timedelta(days=365)
    names = {attribute.oid: attribute.value for attribute in auth.subject}
    assert names[NameOID.SERIAL_NUMBER] == f"IIN{AIGERIM.iin}"
    assert names[NameOID.GIVEN_NAME] == "СЕРІКҚЫЗЫ"


def test_a_leaf_chains_to_the_root_for_a_verifier_that_is_not_ours(authority: TestAuthority) -> None:
    leaf = authority.issue(AIGERIM, Usage.AUTH).cert
    lenient = ExtensionPolicy.permit_all().require_present(x509.KeyUsage, Criticality.CRITICAL, None)
    builder = PolicyBuilder().store(Store([authority.root.cert])).time(leaf.not_valid_before_utc.replace(tzinfo=None))
    builder = builder.extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=lenient)
    chain = builder.build_client_verifier().verify(leaf, [authority.issuing.cert]).chain
    assert [certificate.subject for certificate in chain][1:] == [
        authority.issuing.cert.subject,
        authority.root.cert.subject,
    ]


def test_ocsp_says_good_with_the_nonce_and_business_time_and_no_next_update(authority: TestAuthority) -> None:
    leaf = authority.issue(AIGERIM, Usage.AUTH).cert
    answer = ask(authority, leaf)
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    assert answer.serial_number == leaf.serial_number
    assert answer.hash_algorithm.name == "sha256"
    assert answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce == NONCE
    assert answer.produced_at_utc.isoformat() == "2026-03-19T07:00:00+00:00"
    assert answer.next_update_utc is None
    assert is_signed_by_responder(authority, answer)


def test_a_revoked_certificate_is_revoked_in_ocsp_and_in_the_delta_at_once(authority: TestAuthority) -> None:
    key = authority.issue(AIGERIM, Usage.SIGN)
    full = x509.load_der_x509_crl(authority.crl())
    authority.revoke(key)
    answer, delta = ask(authority, key.cert), x509.load_der_x509_crl(authority.delta_crl())
    assert answer.certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert answer.revocation_reason is x509.ReasonFlags.key_compromise
    assert full.get_revoked_certificate_by_serial_number(key.serial) is None
    assert delta.get_revoked_certificate_by_serial_number(key.serial) is not None
    base = delta.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    assert base == full.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    assert delta.is_signature_valid(authority.issuing.key.public_key())


def test_the_next_day_the_full_list_holds_it(authority: TestAuthority, clock: object) -> None:
    key = authority.issue(AIGERIM, Usage.SIGN)
    authority.crl()
    authority.revoke(key)
    clock.moment += timedelta(days=1)  # type: ignore[attr-defined]
    full = x509.load_der_x509_crl(authority.crl())
    assert full.get_revoked_certificate_by_serial_number(key.serial) is not None


@pytest.mark.parametrize("fault", [Fault.BADSIG, Fault.ALIEN])
def test_a_forged_answer_is_not_signed_by_the_responder(authority: TestAuthority, fault: Fault) -> None:
    authority.faults["ocsp"] = fault
    assert not is_signed_by_responder(authority, ask(authority, authority.issue(AIGERIM, Usage.AUTH).cert))


def test_each_other_fault_shows_in_the_answer(authority: TestAuthority) -> None:
    leaf = authority.issue(AIGERIM, Usage.AUTH).cert
    said = {}
    for fault in (
        Fault.TRYLATER,
        Fault.STALE,
        Fault.FUTURE,
        Fault.NONONCE,
        Fault.BADNONCE,
        Fault.UNKNOWN,
        Fault.OTHERSERIAL,
    ):
        authority.faults["ocsp"] = fault
        said[fault] = ask(authority, leaf)
    now = said[Fault.UNKNOWN].produced_at_utc
    assert said[Fault.TRYLATER].response_status is ocsp.OCSPResponseStatus.TRY_LATER
    assert said[Fault.STALE].this_update_utc < now - timedelta(days=2)
    assert said[Fault.FUTURE].this_update_utc > now + timedelta(days=2)
    assert not list(said[Fault.NONONCE].extensions)
    assert said[Fault.BADNONCE].extensions.get_extension_for_class(x509.OCSPNonce).value.nonce != NONCE
    assert said[Fault.UNKNOWN].certificate_status is ocsp.OCSPCertStatus.UNKNOWN
    assert said[Fault.OTHERSERIAL].serial_number != leaf.serial_number


def test_the_authority_remembers_people_keys_and_revocations(tmp_path: Path) -> None:
    first = TestAuthority(tmp_path)
    handle = first.register("aigerim", AIGERIM)
    key = first.keys(handle, Usage.SIGN)
    first.revoke(key)
    again = TestAuthority(tmp_path)
    assert again.root.der == first.root.der
    assert again.register("another", AIGERIM) == "aigerim"
    assert again.keys("aigerim", Usage.SIGN).der == key.der
    assert ask(again, key.cert).certificate_status is ocsp.OCSPCertStatus.REVOKED


def test_besides_the_good_key_everybody_has_kept_an_expired_and_a_revoked_one(authority: TestAuthority) -> None:
    authority.register("aigerim", AIGERIM)
    good, expired, revoked = (authority.keys("aigerim", Usage.SIGN, condition) for condition in Condition)
    assert (
        expired.cert.not_valid_after_utc
        < authority.issuing.cert.not_valid_before_utc + CA_AGE
        < good.cert.not_valid_after_utc
    )
    assert ask(authority, revoked.cert).certificate_status is ocsp.OCSPCertStatus.REVOKED
    assert ask(authority, good.cert).certificate_status is ocsp.OCSPCertStatus.GOOD
    assert authority.keys("aigerim", Usage.SIGN).der == good.der


def test_openssl_accepts_a_time_stamp(tmp_path: Path) -> None:
    authority = TestAuthority()
    data, query, reply, chain = (tmp_path / title for title in ("data", "query", "reply", "chain.pem"))
    data.write_bytes(b"referral")
    chain.write_bytes(authority.root.pem + authority.issuing.pem)
    subprocess.run(["openssl", "ts", "-query", "-data", data, "-sha256", "-cert", "-out", query], check=True)
    reply.write_bytes(authority.timestamp(query.read_bytes()))
    verdict = subprocess.run(
        ["openssl", "ts", "-verify", "-queryfile", query, "-in", reply, "-CAfile", chain],
        capture_output=True,
        text=True,
    )
    assert "Verification: OK" in verdict.stdout + verdict.stderr


def test_what_is_no_time_stamp_request_is_rejected_in_the_protocols_way(
    authority: TestAuthority, tmp_path: Path
) -> None:
    (tmp_path / "reply").write_bytes(authority.timestamp(b"junk"))
    said = subprocess.run(
        ["openssl", "ts", "-reply", "-in", tmp_path / "reply", "-text"], capture_output=True, text=True, check=True
    )
    assert "Status: Rejected." in said.stdout


def test_the_city_department_holds_a_signing_key_of_a_legal_entity(authority: TestAuthority) -> None:
    cert = authority.city_department().cert
    purposes = {oid.dotted_string for oid in cert.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
    assert "1.2.398.3.3.4.1.2" in purposes
    assert is_valid(CITY_DEPARTMENT.iin)
    assert is_valid(CITY_DEPARTMENT.bin or "")


async def test_people_are_registered_and_revoked_over_http(
    authority: TestAuthority, serve: Callable[[FastAPI], Awaitable[str]]
) -> None:
    async with httpx.AsyncClient(base_url=f"http://{await serve(make_app(authority))}") as client:
        told = {
            "iin": AIGERIM.iin,
            "surname": "СЫНАҚОВА",
            "given": "ӘЙГЕРІМ",
            "patronymic": "СЕРІКҚЫЗЫ",
            "handle": "aigerim",
        }
        assert (await client.post("/people", json=told)).json() == {"handle": "aigerim"}
        assert (await client.post("/people", json=told | {"iin": "123456789012"})).status_code == 422
        assert (await client.get("/people")).json() == [{"handle": "aigerim", "name": "СЫНАҚОВА ӘЙГЕРІМ СЕРІКҚЫЗЫ"}]
        pem = (await client.post("/people/aigerim/keys/auth")).json()["certificate_pem"]
        assert (await client.post("/people/nobody/keys/auth")).status_code == 404
        assert (await client.post("/people/aigerim:revoke", json={"usage": "auth"})).status_code == 204
        leaf = x509.load_pem_x509_certificate(pem.encode())
        assert ask(authority, leaf).certificate_status is ocsp.OCSPCertStatus.REVOKED
        delta = x509.load_der_x509_crl((await client.get("/crl/nca_d_rsa.crl")).content)
        assert delta.issuer == authority.issuing.cert.subject
        await client.put("/faults", json={"ocsp": "unreachable"})
        with pytest.raises(httpx.TransportError):
            await client.post("/ocsp/", content=b"")


@given(st.dates(date(1930, 1, 1), date(2025, 12, 31)), st.booleans(), st.integers(0, 9999))
def test_an_invented_iin_has_a_right_check_digit(birth: date, female: bool, serial: int) -> None:
    iin = make_iin(birth, female=female, serial=serial)
    assert is_valid(iin)
    assert iin.startswith(f"{birth:%y%m%d}")


def test_known_numbers_are_judged_rightly() -> None:
    assert is_valid("210513600001")
    assert is_valid("210513600206")
    assert is_valid("791028302728")
    assert not is_valid("123456789011")
    assert is_valid(make_bin(date(2004, 9, 1), 15))
