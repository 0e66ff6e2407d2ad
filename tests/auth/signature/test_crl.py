"""Revocation lists: full and delta, whose, how fresh, and what is not understood."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Usage
from doubles.nca.keys import Credential
from services.auth.domain.revocation import Lists
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl
from tests.auth.hands import AIGERIM, NOW, Hands


def made(
    issuer: Credential,
    number: int,
    *revoked: x509.Certificate,
    delta_of: int | None = None,
    reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise,
    at: datetime = NOW,
    hours: int = 24,
    more: x509.ExtensionType | None = None,
    named: x509.Name | None = None,
) -> bytes:
    """A list as somebody might write it."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(named or issuer.cert.subject)
    builder = builder.last_update(at).next_update(at + timedelta(hours=hours))
    builder = builder.add_extension(x509.CRLNumber(number), False)
    if delta_of is not None:
        builder = builder.add_extension(x509.DeltaCRLIndicator(delta_of), True)
    if more is not None:
        builder = builder.add_extension(more, True)
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(at)
        builder = builder.add_revoked_certificate(entry.add_extension(x509.CRLReason(reason), False).build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def finding(hands: Hands, full: bytes, delta: bytes | None = None) -> Finding | None:
    try:
        crl.ensure_not_listed(Lists(full, delta), leaf(hands), hands.authority.issuing.cert, NOW)
    except Rejected as rejected:
        return rejected.finding
    return None


def leaf(hands: Hands) -> x509.Certificate:
    return hands.key(Usage.AUTH).cert


def test_a_certificate_is_looked_for_in_both_lists(hands: Hands) -> None:
    issuing, other = hands.authority.issuing, hands.authority.issue(AIGERIM, Usage.AUTH).cert
    assert finding(hands, made(issuing, 5, other), made(issuing, 6, other, delta_of=5)) is None
    assert finding(hands, made(issuing, 5, leaf(hands))) is Finding.CERTIFICATE_REVOKED
    assert finding(hands, made(issuing, 5), made(issuing, 6, leaf(hands), delta_of=5)) is Finding.CERTIFICATE_REVOKED


def test_a_suspension_that_was_lifted_counts_no_more(hands: Hands) -> None:
    issuing = hands.authority.issuing
    held = made(issuing, 5, leaf(hands), reason=x509.ReasonFlags.certificate_hold)
    lifted = made(issuing, 6, leaf(hands), delta_of=5, reason=x509.ReasonFlags.remove_from_crl)
    assert finding(hands, held) is Finding.CERTIFICATE_REVOKED
    assert finding(hands, held, lifted) is None


@pytest.mark.parametrize(("number", "base"), [(4, 3), (5, 5), (9, 8)])
def test_a_delta_to_another_list_adds_nothing(hands: Hands, number: int, base: int) -> None:
    issuing = hands.authority.issuing
    lifted = made(issuing, number, leaf(hands), delta_of=base, reason=x509.ReasonFlags.remove_from_crl)
    assert finding(hands, made(issuing, 5, leaf(hands)), lifted) is Finding.CERTIFICATE_REVOKED


def test_the_two_lists_cannot_be_exchanged(hands: Hands) -> None:
    issuing = hands.authority.issuing
    full, delta = made(issuing, 5), made(issuing, 6, delta_of=5)
    assert finding(hands, delta) is Finding.REVOCATION_MALFORMED
    assert finding(hands, full, full) is Finding.REVOCATION_MALFORMED


def test_a_list_of_another_authority_says_nothing(hands: Hands) -> None:
    assert finding(hands, made(hands.authority.root, 5)) is Finding.REVOCATION_SIGNATURE
    stranger = TestAuthority(now=lambda: NOW).issuing
    assert stranger.cert.subject == hands.authority.issuing.cert.subject
    assert finding(hands, made(stranger, 5)) is Finding.REVOCATION_SIGNATURE
    misnamed = made(hands.authority.issuing, 5, named=hands.authority.root.cert.subject)
    assert finding(hands, misnamed) is Finding.REVOCATION_SIGNATURE


def test_a_list_has_a_beginning_and_an_end(hands: Hands) -> None:
    issuing = hands.authority.issuing
    assert finding(hands, made(issuing, 5, at=NOW - timedelta(hours=2), hours=1)) is Finding.REVOCATION_STALE
    assert finding(hands, made(issuing, 5, at=NOW + timedelta(hours=1))) is Finding.REVOCATION_STALE
    stale = made(issuing, 6, delta_of=5, at=NOW - timedelta(hours=2), hours=1)
    assert finding(hands, made(issuing, 5), stale) is Finding.REVOCATION_STALE


def test_a_partial_list_is_not_understood(hands: Hands) -> None:
    partial = x509.IssuingDistributionPoint(
        full_name=None,
        relative_name=None,
        only_contains_user_certs=False,
        only_contains_ca_certs=True,
        only_some_reasons=None,
        indirect_crl=False,
        only_contains_attribute_certs=False,
    )
    assert finding(hands, made(hands.authority.issuing, 5, more=partial)) is Finding.REVOCATION_MALFORMED
