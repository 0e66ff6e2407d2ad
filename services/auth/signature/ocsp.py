"""An OCSP request and the judgement of the answer (RFC 6960).

The national authority sends no nextUpdate, so freshness is a limit of ours on thisUpdate.
"""

import hmac
from collections.abc import Callable
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


Authentic = Callable[[ocsp.OCSPResponse, x509.Certificate], bool]
"""True when the answer's signature is that of this issuer, or of a responder it has appointed."""


def ensure_good(
    der: bytes, question: bytes, issuer: x509.Certificate, at: datetime, authentic: Authentic = is_authentic
) -> datetime:
    """thisUpdate of a good answer to this question; raises Rejected for every other answer, ResponderBusy for none.

    A wrong answer is never a reason to look elsewhere: else whoever stands between could choose the older source.
    """
    try:
        asked = ocsp.load_der_ocsp_request(question)
        answer = _answer(der, issuer, authentic)
        _ensure_nonce(answer, asked)
        return _told_at(answer, _about(answer, asked), at)
    except UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def ensure_kept_good(
    der: bytes, leaf: x509.Certificate, issuer: x509.Certificate, at: datetime, authentic: Authentic = is_authentic
) -> datetime:
    """The same of an answer that somebody else had asked for and kept in a file.

    Its number used once was the other's, so it proves nothing here; that the answer is of that moment rests on its age.
    """
    try:
        answer = _answer(der, issuer, authentic)
        return _told_at(answer, _about_kept(answer, leaf, issuer), at)
    except UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def _answer(der: bytes, issuer: x509.Certificate, authentic: Authentic) -> ocsp.OCSPResponse:
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status in _BUSY:
        raise ResponderBusy
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise Rejected(Finding.REVOCATION_MALFORMED)
    if not authentic(answer, issuer):
        raise Rejected(Finding.REVOCATION_SIGNATURE)
    return answer


def _told_at(answer: ocsp.OCSPResponse, single: ocsp.OCSPSingleResponse, at: datetime) -> datetime:
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


def _about_kept(answer: ocsp.OCSPResponse, leaf: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPSingleResponse:
    """Whoever asked has chosen the hash; SHA-1 only names the certificate here, the serial number and the issuer decide."""
    for single in answer.responses:
        algorithm = single.hash_algorithm
        if isinstance(algorithm, hashes.SHA1 | hashes.SHA256):
            asked = ocsp.OCSPRequestBuilder().add_certificate(leaf, issuer, algorithm).build()
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
