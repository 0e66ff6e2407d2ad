"""Certificate revocation lists, full and delta (RFC 5280 5, 5.2.4): the second source, when OCSP cannot be reached."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from services.auth.domain.revocation import Lists
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.ocsp import SKEW
from services.auth.signature.responder import STRONG_HASHES
from services.auth.signature.unreadable import UNREADABLE


@dataclass(frozen=True, slots=True)
class _List:
    content: x509.CertificateRevocationList
    number: int
    base: int | None


def ensure_not_listed(lists: Lists, leaf: x509.Certificate, issuer: x509.Certificate, at: datetime) -> datetime:
    """thisUpdate of the newest list used; raises Rejected when the certificate is listed or a list is not to be believed."""
    try:
        return _told_at(lists, leaf, issuer, at)
    except UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def _told_at(lists: Lists, leaf: x509.Certificate, issuer: x509.Certificate, at: datetime) -> datetime:
    full = _loaded(lists.full, issuer, at)
    if full.base is not None:
        raise Rejected(Finding.REVOCATION_MALFORMED)
    entry = full.content.get_revoked_certificate_by_serial_number(leaf.serial_number)
    told_at = full.content.last_update_utc
    if lists.delta is not None:
        delta = _loaded(lists.delta, issuer, at)
        if delta.base is None:
            raise Rejected(Finding.REVOCATION_MALFORMED)
        if delta.base <= full.number < delta.number:
            told_at = delta.content.last_update_utc
            newer = delta.content.get_revoked_certificate_by_serial_number(leaf.serial_number)
            if newer is not None:
                entry = None if _is_removal(newer) else newer
    if entry is not None:
        raise Rejected(Finding.CERTIFICATE_REVOKED)
    return told_at


def _loaded(der: bytes, issuer: x509.Certificate, at: datetime) -> _List:
    content = x509.load_der_x509_crl(der)
    found = _List(content, _number(content), _base(content))
    _ensure_signed(content, issuer)
    _ensure_understood(content)
    ends_at = content.next_update_utc
    if content.last_update_utc > at + SKEW or ends_at is None or ends_at < at - SKEW:
        raise Rejected(Finding.REVOCATION_STALE)
    return found


def _ensure_signed(content: x509.CertificateRevocationList, issuer: x509.Certificate) -> None:
    key, algorithm = issuer.public_key(), content.signature_hash_algorithm
    if algorithm is None or algorithm.name not in STRONG_HASHES or not isinstance(key, rsa.RSAPublicKey):
        raise Rejected(Finding.REVOCATION_SIGNATURE)
    if content.issuer != issuer.subject or not content.is_signature_valid(key):
        raise Rejected(Finding.REVOCATION_SIGNATURE)


def _ensure_understood(content: x509.CertificateRevocationList) -> None:
    """Partial and indirect lists announce themselves by critical extensions; an absence from them would prove nothing."""
    if any(one.critical and not isinstance(one.value, x509.DeltaCRLIndicator) for one in content.extensions):
        raise Rejected(Finding.REVOCATION_MALFORMED)


def _number(content: x509.CertificateRevocationList) -> int:
    return content.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def _base(content: x509.CertificateRevocationList) -> int | None:
    try:
        return content.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    except x509.ExtensionNotFound:
        return None


def _is_removal(entry: x509.RevokedCertificate) -> bool:
    try:
        reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return False
    return reason is x509.ReasonFlags.remove_from_crl
