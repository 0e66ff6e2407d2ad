"""Whose key, of what kind, issued by whom, valid when."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from doubles.nca.keys import Credential, new_key
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate
from services.auth.signature.certificate import examined
from services.auth.signature.holder import holder
from services.auth.signature.trust import Trust
from tests.auth.hands import AIGERIM, NOW, Hands

LOGIN, SIGNING = certificate.Usage.LOGIN, certificate.Usage.SIGNING


def finding(hands: Hands, der: bytes, usage: certificate.Usage = LOGIN, at: datetime = NOW) -> Finding:
    with pytest.raises(Rejected) as caught:
        examined(der, usage, hands.trust, at)
    return caught.value.finding


def remade(
    hands: Hands,
    change: Any,
    *,
    key: Any = None,
    signed_by: Credential | None = None,
    model: x509.Certificate | None = None,
) -> bytes:
    """The login certificate (or another model) once more, with one thing changed: `change` takes and returns extensions."""
    model, issuer = model or hands.key(Usage.AUTH).cert, signed_by or hands.authority.issuing
    builder = x509.CertificateBuilder().subject_name(model.subject).issuer_name(issuer.cert.subject)
    builder = builder.public_key((key or new_key()).public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(model.not_valid_before_utc).not_valid_after(model.not_valid_after_utc)
    kept = {type(one.value): (one.value, one.critical) for one in model.extensions}
    for value, critical in change(kept).values():
        builder = builder.add_extension(value, critical)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def with_extension(value: x509.ExtensionType, critical: bool = False) -> Any:
    return lambda kept: kept | {type(value): (value, critical)}


def without(kind: type[x509.ExtensionType]) -> Any:
    return lambda kept: {other: found for other, found in kept.items() if other is not kind}


def key_usage(**bits: bool) -> x509.KeyUsage:
    names = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return x509.KeyUsage(**{name: bits.get(name, False) for name in names})


def policy(oid: str) -> x509.CertificatePolicies:
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None)])


@pytest.mark.parametrize("generation", ["2019", "2022"])
def test_both_generations_of_certificates_are_taken(generation: str) -> None:
    authority = TestAuthority(now=lambda: NOW, generation=generation)
    trust = Trust.of(authority.anchors)
    for made, wanted in ((Usage.AUTH, LOGIN), (Usage.SIGN, SIGNING)):
        found = examined(authority.issue(AIGERIM, made).der, wanted, trust, NOW)
        assert holder(found.leaf).iin == AIGERIM.iin


def test_a_key_for_signing_does_not_open_the_door_nor_a_login_key_sign(hands: Hands) -> None:
    assert finding(hands, hands.key(Usage.SIGN).der, LOGIN) is Finding.CERTIFICATE_KEY_USAGE
    assert finding(hands, hands.key(Usage.AUTH).der, SIGNING) is Finding.CERTIFICATE_KEY_USAGE


def test_the_ends_of_validity_are_kept_to_the_second(hands: Hands) -> None:
    leaf = hands.key(Usage.AUTH).cert
    der = leaf.public_bytes(Encoding.DER)
    for at in (leaf.not_valid_before_utc, leaf.not_valid_after_utc):
        assert examined(der, LOGIN, hands.trust, at).leaf == leaf
    early, late = leaf.not_valid_before_utc - timedelta(seconds=1), leaf.not_valid_after_utc + timedelta(seconds=1)
    assert finding(hands, der, at=early) is Finding.CERTIFICATE_NOT_YET_VALID
    assert finding(hands, der, at=late) is Finding.CERTIFICATE_EXPIRED


def test_the_same_names_by_another_authority_are_not_trusted(hands: Hands) -> None:
    stranger = TestAuthority(now=lambda: NOW).issue(AIGERIM, Usage.AUTH)
    assert finding(hands, stranger.der) is Finding.CERTIFICATE_ISSUER


def test_a_person_cannot_issue_certificates(hands: Hands) -> None:
    der = remade(hands, lambda kept: kept, signed_by=hands.key(Usage.SIGN))
    assert finding(hands, der) is Finding.CERTIFICATE_ISSUER


def test_an_issuer_whose_root_is_not_pinned_is_not_enough(hands: Hands) -> None:
    other = TestAuthority(now=lambda: NOW)
    trust = Trust(anchors=(other.root.cert,), issuers=(hands.authority.issuing.cert,))
    with pytest.raises(Rejected) as caught:
        examined(hands.key(Usage.AUTH).der, LOGIN, trust, NOW)
    assert caught.value.finding is Finding.CERTIFICATE_CHAIN


def test_a_self_signed_certificate_is_not_trusted(hands: Hands) -> None:
    key = new_key()
    subject = hands.key(Usage.AUTH).cert.subject
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    assert finding(hands, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)) is Finding.CERTIFICATE_ISSUER


def test_an_organisations_key_is_not_a_persons(hands: Hands) -> None:
    company = replace(AIGERIM, organisation="ЖШС ҮЛГІ", bin="000140000012")
    assert finding(hands, hands.authority.issue(company, Usage.AUTH).der) is Finding.CERTIFICATE_HOLDER_KIND


def test_an_unknown_purpose_is_refused(hands: Hands) -> None:
    unknown = x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.2.398.3.3.4.1.9")])
    assert finding(hands, remade(hands, with_extension(unknown))) is Finding.CERTIFICATE_KEY_USAGE
    nobody = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    assert finding(hands, remade(hands, with_extension(nobody))) is Finding.CERTIFICATE_HOLDER_KIND


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (without(x509.KeyUsage), Finding.CERTIFICATE_KEY_USAGE),
        (without(x509.ExtendedKeyUsage), Finding.CERTIFICATE_KEY_USAGE),
        (without(x509.CertificatePolicies), Finding.CERTIFICATE_POLICY),
        (with_extension(policy("1.2.398.3.3.2.3")), Finding.CERTIFICATE_POLICY),
        (with_extension(policy("1.2.398.3.3.2.2")), Finding.CERTIFICATE_POLICY),
        (without(x509.AuthorityKeyIdentifier), Finding.CERTIFICATE_CHAIN),
        (with_extension(key_usage(digital_signature=True), True), Finding.CERTIFICATE_KEY_USAGE),
        (
            with_extension(key_usage(digital_signature=True, key_encipherment=True, content_commitment=True), True),
            Finding.CERTIFICATE_KEY_USAGE,
        ),
        (
            with_extension(key_usage(digital_signature=True, key_encipherment=True, key_cert_sign=True), True),
            Finding.CERTIFICATE_KEY_USAGE,
        ),
        (with_extension(key_usage(digital_signature=True, key_encipherment=True), False), Finding.CERTIFICATE_CHAIN),
        (with_extension(x509.BasicConstraints(ca=True, path_length=None), True), Finding.CERTIFICATE_CHAIN),
        (
            with_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True),
            Finding.CERTIFICATE_CHAIN,
        ),
    ],
)
def test_a_certificate_of_another_make_is_refused(hands: Hands, change: Any, expected: Finding) -> None:
    assert finding(hands, remade(hands, change)) is expected


def test_weak_and_unknown_keys_are_refused(hands: Hands) -> None:
    weak = rsa.generate_private_key(65537, 1024)
    assert finding(hands, remade(hands, lambda kept: kept, key=weak)) is Finding.CERTIFICATE_KEY_TYPE
    odd = rsa.generate_private_key(3, 2048)
    assert finding(hands, remade(hands, lambda kept: kept, key=odd)) is Finding.CERTIFICATE_KEY_TYPE
    curve = ec.generate_private_key(ec.SECP256R1())
    assert finding(hands, remade(hands, lambda kept: kept, key=curve)) is Finding.CERTIFICATE_KEY_TYPE


def test_octets_that_are_no_certificate_are_refused(hands: Hands) -> None:
    for octets in (b"", b"\x30\x03\x02\x01\x00", hands.key(Usage.AUTH).der[:-1]):
        assert finding(hands, octets) is Finding.CERTIFICATE_MALFORMED


@pytest.mark.parametrize("iin", ["210513600000", "21051360022", "12345678901X"])
def test_a_number_that_cannot_be_is_refused(hands: Hands, iin: str) -> None:
    leaf = hands.authority.issue(Subject(iin, "ҮЛГІ", "АДАМ"), Usage.AUTH).cert
    with pytest.raises(Rejected) as caught:
        holder(leaf)
    assert caught.value.finding in {Finding.CERTIFICATE_IIN, Finding.CERTIFICATE_SUBJECT}


def test_two_numbers_in_one_name_are_refused(hands: Hands) -> None:
    key = new_key()
    two = [x509.NameAttribute(NameOID.SERIAL_NUMBER, f"IIN{number}") for number in ("210513600001", "210513600206")]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "X Y"), *two])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    leaf = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1)).sign(key, hashes.SHA256())
    with pytest.raises(Rejected) as caught:
        holder(leaf)
    assert caught.value.finding is Finding.CERTIFICATE_SUBJECT
