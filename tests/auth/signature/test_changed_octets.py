"""What comes from outside may be anything: every changed octet ends in a finding, never in another error, never in a pass."""

import pytest
from cryptography import x509
from cryptography.x509 import ocsp as reader
from hypothesis import given, settings
from hypothesis import strategies as st

from doubles.nca.certificates import Usage
from services.auth.domain.revocation import Lists
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate, crl, ocsp
from services.auth.signature.certificate import examined
from services.auth.signature.holder import holder
from tests.auth.hands import NOW, Hands

# The library warns of serial numbers that it will refuse one day; the finding is what counts here.
pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")

HANDS = Hands()
SUBJECT = examined(HANDS.key(Usage.AUTH).der, certificate.Usage.LOGIN, HANDS.trust, NOW)
QUESTION = ocsp.request(SUBJECT.leaf, SUBJECT.issuer, b"0123456789abcdef")
ANSWER = HANDS.authority.ocsp(QUESTION)
FULL, DELTA = HANDS.authority.crl(), HANDS.authority.delta_crl()

places = st.integers(0, 100_000)
octets = st.integers(1, 255)


def changed(content: bytes, place: int, by: int) -> bytes:
    """One octet of the content is another one."""
    bent = bytearray(content)
    bent[place % len(bent)] ^= by
    return bytes(bent)


def finding(act: object, *arguments: object) -> Finding | None:
    try:
        act(*arguments)  # type: ignore[operator]
    except Rejected as rejected:
        return rejected.finding
    except ocsp.ResponderBusy:
        return Finding.REVOCATION_UNREACHABLE
    return None


@settings(max_examples=600, deadline=None)
@given(places, octets)
def test_a_changed_certificate_is_rejected(place: int, by: int) -> None:
    der = changed(SUBJECT.der, place, by)
    assert finding(examined, der, certificate.Usage.LOGIN, HANDS.trust, NOW) is not None


@settings(max_examples=600, deadline=None)
@given(places, octets)
def test_a_changed_answer_is_rejected_unless_what_is_signed_is_the_same(place: int, by: int) -> None:
    der = changed(ANSWER, place, by)
    if finding(ocsp.ensure_good, der, QUESTION, SUBJECT.issuer, NOW) is None:
        same = reader.load_der_ocsp_response(ANSWER).tbs_response_bytes
        assert reader.load_der_ocsp_response(der).tbs_response_bytes == same


@settings(max_examples=300, deadline=None)
@given(places, octets)
def test_a_changed_list_is_rejected_unless_what_is_signed_is_the_same(place: int, by: int) -> None:
    for whole, lists in (
        (FULL, Lists(changed(FULL, place, by), DELTA)),
        (DELTA, Lists(FULL, changed(DELTA, place, by))),
    ):
        if finding(crl.ensure_not_listed, lists, SUBJECT.leaf, SUBJECT.issuer, NOW) is None:
            bent = x509.load_der_x509_crl(changed(whole, place, by))
            assert bent.tbs_certlist_bytes == x509.load_der_x509_crl(whole).tbs_certlist_bytes


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_octets_at_all_are_rejected(content: bytes) -> None:
    assert finding(examined, content, certificate.Usage.LOGIN, HANDS.trust, NOW) is Finding.CERTIFICATE_MALFORMED
    assert finding(ocsp.ensure_good, content, QUESTION, SUBJECT.issuer, NOW) is not None
    lists = Lists(content)
    assert finding(crl.ensure_not_listed, lists, SUBJECT.leaf, SUBJECT.issuer, NOW) is Finding.REVOCATION_MALFORMED


def test_the_unchanged_ones_pass() -> None:
    assert holder(SUBJECT.leaf).surname == "СЫНАҚОВА"
    assert finding(ocsp.ensure_good, ANSWER, QUESTION, SUBJECT.issuer, NOW) is None
    assert finding(crl.ensure_not_listed, Lists(FULL, DELTA), SUBJECT.leaf, SUBJECT.issuer, NOW) is None
