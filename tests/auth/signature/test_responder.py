"""Who may speak for the authority: itself, or whom it has appointed to answer, for as long as it has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as asking
from cryptography.x509.oid import ExtendedKeyUsageOID

from doubles.clock import real_now
from doubles.nca import certificates, revocation
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Usage
from doubles.nca.keys import Credential, new_key
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate, ocsp
from services.auth.signature.certificate import examined
from services.auth.signature.trust import Trust
from tests.auth.hands import AIGERIM, NOW, Hands

Change = Callable[[dict[Any, tuple[Any, bool]]], dict[Any, tuple[Any, bool]]]


def finding(hands: Hands, responder: Credential) -> Finding | None:
    subject = examined(hands.key(Usage.AUTH).der, certificate.Usage.LOGIN, hands.trust, NOW)
    question = ocsp.request(subject.leaf, subject.issuer, b"0123456789abcdef")
    answer = revocation.answer(question, responder, {}, NOW, revocation.Fault.OK)
    try:
        ocsp.ensure_good(answer, question, subject.issuer, NOW)
    except Rejected as rejected:
        return rejected.finding
    return None


def appointed(
    hands: Hands, change: Change = lambda kept: kept, *, started: timedelta = timedelta(days=1)
) -> Credential:
    """A responder's certificate, with its extensions changed."""
    model = certificates.make_responder(new_key(), hands.authority.issuing, NOW - started)
    cert, issuing = model.cert, hands.authority.issuing
    builder = x509.CertificateBuilder(issuing.cert.subject, cert.subject, model.key.public_key(), cert.serial_number)
    builder = builder.not_valid_before(cert.not_valid_before_utc).not_valid_after(cert.not_valid_after_utc)
    for value, critical in change({type(one.value): (one.value, one.critical) for one in cert.extensions}).values():
        builder = builder.add_extension(value, critical)
    return Credential(builder.sign(issuing.key, hashes.SHA256()), model.key)


def test_the_authority_itself_and_its_appointed_responder_are_believed(hands: Hands) -> None:
    assert finding(hands, hands.authority.issuing) is None
    assert finding(hands, appointed(hands)) is None


def test_a_person_with_a_genuine_key_is_no_responder(hands: Hands) -> None:
    assert finding(hands, hands.key(Usage.SIGN)) is Finding.REVOCATION_SIGNATURE


def test_the_root_does_not_speak_for_the_issuer(hands: Hands) -> None:
    assert finding(hands, hands.authority.root) is Finding.REVOCATION_SIGNATURE


def test_an_appointment_has_an_end(hands: Hands) -> None:
    assert finding(hands, appointed(hands, started=timedelta(days=2000))) is Finding.REVOCATION_SIGNATURE
    assert finding(hands, appointed(hands, started=timedelta(days=-1))) is Finding.REVOCATION_SIGNATURE


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: {kind: found for kind, found in kept.items() if kind is not x509.OCSPNoCheck},
        lambda kept: {kind: found for kind, found in kept.items() if kind is not x509.ExtendedKeyUsage},
        lambda kept: kept | {x509.ExtendedKeyUsage: (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)},
        lambda kept: (
            kept | {"unknown": (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)}
        ),
    ],
)
def test_a_certificate_that_is_no_appointment_is_not_believed(hands: Hands, change: Change) -> None:
    assert finding(hands, appointed(hands, change)) is Finding.REVOCATION_SIGNATURE


class Answering:
    """Answers written in other ways than the authority's own. The library dates them itself, so all of it is today's."""

    def __init__(self) -> None:
        self.now = real_now()
        self.authority = TestAuthority(now=lambda: self.now)
        self.speaker = self.authority.responder
        self.trust = Trust.of(self.authority.anchors)
        self.subject = examined(
            self.authority.issue(AIGERIM, Usage.AUTH).der, certificate.Usage.LOGIN, self.trust, self.now
        )

    def finding(
        self,
        *,
        named: x509.Certificate | None = None,
        by: asking.OCSPResponderEncoding = asking.OCSPResponderEncoding.NAME,
        age: timedelta = timedelta(),
        ends_in: timedelta | None = None,
    ) -> Finding | None:
        question = ocsp.request(self.subject.leaf, self.subject.issuer, b"0123456789abcdef")
        ends_at = None if ends_in is None else self.now + ends_in
        builder = asking.OCSPResponseBuilder().add_response(
            self.subject.leaf,
            self.subject.issuer,
            hashes.SHA256(),
            asking.OCSPCertStatus.GOOD,
            self.now - age,
            ends_at,
            None,
            None,
        )
        builder = builder.responder_id(by, named or self.speaker.cert).certificates([self.speaker.cert])
        builder = builder.add_extension(x509.OCSPNonce(b"0123456789abcdef"), False)
        answer = builder.sign(self.speaker.key, hashes.SHA256()).public_bytes(Encoding.DER)
        try:
            ocsp.ensure_good(answer, question, self.subject.issuer, self.now)
        except Rejected as rejected:
            return rejected.finding
        return None

    def misnamed(self) -> x509.Certificate:
        """The responder's own key under another name."""
        root = self.authority.root
        builder = x509.CertificateBuilder(root.cert.subject, root.cert.subject, self.speaker.key.public_key(), 1)
        builder = builder.not_valid_before(self.now).not_valid_after(self.now + timedelta(days=1))
        return builder.sign(root.key, hashes.SHA256())


def test_a_responder_may_be_named_by_its_key() -> None:
    answering = Answering()
    assert answering.finding() is None
    assert answering.finding(by=asking.OCSPResponderEncoding.HASH) is None


def test_a_responder_that_calls_itself_another_is_not_believed() -> None:
    answering = Answering()
    assert answering.finding(named=answering.misnamed()) is Finding.REVOCATION_SIGNATURE


def test_an_answer_that_has_told_its_own_end_is_not_used_after_it() -> None:
    answering, twelve = Answering(), timedelta(minutes=12)
    assert answering.finding(ends_in=timedelta(minutes=1)) is None
    assert answering.finding(age=twelve, ends_in=timedelta(minutes=-4)) is None, "clocks may differ by five minutes"
    assert answering.finding(age=twelve, ends_in=timedelta(minutes=-6)) is Finding.REVOCATION_STALE


def test_an_answer_with_another_hash_than_asked_is_about_another(hands: Hands) -> None:
    subject = examined(hands.key(Usage.AUTH).der, certificate.Usage.LOGIN, hands.trust, NOW)
    question = ocsp.request(subject.leaf, subject.issuer, b"0123456789abcdef")
    sha1 = asking.OCSPRequestBuilder().add_certificate(subject.leaf, subject.issuer, hashes.SHA1())
    asked = sha1.add_extension(x509.OCSPNonce(b"0123456789abcdef"), False).build()
    answer = hands.authority.ocsp(asked.public_bytes(Encoding.DER))
    with pytest.raises(Rejected) as caught:
        ocsp.ensure_good(answer, question, subject.issuer, NOW)
    assert caught.value.finding is Finding.REVOCATION_OF_ANOTHER
