"""An OCSP request and the judgement of the answer (RFC 6960).

The national authority sends no nextUpdate, so freshness is a limit of ours on thisUpdate.
"""

import hmac
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.responder import is_authentic
from services.auth.signature.unreadable import UNREADABLE

MAX_AGE = timedelta(minutes=15)
SKEW = timedelta(minutes=5)
"""How far the responder's clock may differ from ours."""

_BUSY = frozenset({ocsp.OCSPResponseStatus.TRY_LATER, ocsp.OCSPResponseStatus.INTERNAL_ERROR})


class ResponderBusy(Exception):
    """The responder answers that it cannot answer now: the same as not being reached, for the words are not signed."""


def request(leaf: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    """The question about one certificate, with a number used once so that an old answer cannot be replayed."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, hashes.SHA256())
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)


def ensure_good(der: bytes, question: bytes, issuer: x509.Certificate, at: datetime) -> datetime:
    """thisUpdate of a good answer to this question; raises Rejected for every other answer, ResponderBusy for none.

    A wrong answer is never a reason to look elsewhere: else whoever stands between could choose the older source.
    """
    try:
        return _told_at(der, question, issuer, at)
    except UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def _told_at(der: bytes, question: bytes, issuer: x509.Certificate, at: datetime) -> datetime:
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status in _BUSY:
        raise ResponderBusy
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise Rejected(Finding.REVOCATION_MALFORMED)
    if not is_authentic(answer, issuer):
        raise Rejected(Finding.REVOCATION_SIGNATURE)
    asked = ocsp.load_der_ocsp_request(question)
    _ensure_nonce(answer, asked)
    single = _about(answer, asked)
    _ensure_fresh(answer, single, at)
    if single.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        raise Rejected(Finding.CERTIFICATE_REVOKED)
    if single.certificate_status is not ocsp.OCSPCertStatus.GOOD:
        raise Rejected(Finding.CERTIFICATE_UNKNOWN_TO_ISSUER)
    return single.this_update_utc


def _ensure_nonce(answer: ocsp.OCSPResponse, asked: ocsp.OCSPRequest) -> None:
    sent = asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    try:
        returned = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        raise Rejected(Finding.REVOCATION_NONCE) from None
    if not hmac.compare_digest(sent, returned):
        raise Rejected(Finding.REVOCATION_NONCE)


def _about(answer: ocsp.OCSPResponse, asked: ocsp.OCSPRequest) -> ocsp.OCSPSingleResponse:
    for single in answer.responses:
        if _certificate_id(single) == _certificate_id(asked):
            return single
    raise Rejected(Finding.REVOCATION_OF_ANOTHER)


def _certificate_id(named: ocsp.OCSPSingleResponse | ocsp.OCSPRequest) -> tuple[int, bytes, bytes, str]:
    return named.serial_number, named.issuer_name_hash, named.issuer_key_hash, named.hash_algorithm.name


def _ensure_fresh(answer: ocsp.OCSPResponse, single: ocsp.OCSPSingleResponse, at: datetime) -> None:
    if single.this_update_utc > at + SKEW or answer.produced_at_utc > at + SKEW:
        raise Rejected(Finding.REVOCATION_STALE)
    if at - single.this_update_utc > MAX_AGE + SKEW:
        raise Rejected(Finding.REVOCATION_STALE)
    if single.next_update_utc is not None and single.next_update_utc < at - SKEW:
        raise Rejected(Finding.REVOCATION_STALE)
