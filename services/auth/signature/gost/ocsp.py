"""The judgement of an OCSP answer that a GOST responder has signed (RFC 6960); its rules are those of every answer."""

import os
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.auth.domain.revocation import RevocationSource, Unreachable
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl
from services.auth.signature.certificate import SignerCertificate
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.keys import has_issued, has_signed
from services.auth.signature.ocsp import (
    ResponderBusy,
    _about,
    _ensure_nonce,
    _told_at,
    request,
)
from services.auth.signature.responder import extensions_unparsed
from services.auth.signature.revocation import Random, Source, Status
from services.auth.signature.unreadable import UNREADABLE

_NONCE_BYTES = 16
_MAX_CANDIDATES = 4
_KEPT_APPOINTMENTS = 64
_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_UNDERSTOOD = frozenset({"2.5.29.15", "2.5.29.37", "2.5.29.19", "2.5.29.32"})
_BUSY = frozenset({ocsp.OCSPResponseStatus.TRY_LATER, ocsp.OCSPResponseStatus.INTERNAL_ERROR})


async def ensure_not_revoked(
    certificate: SignerCertificate, source: RevocationSource, at: datetime, random: Random = os.urandom
) -> Status:
    """The proof; raises Rejected when revoked, when an answer is not to be believed, and when there is none."""
    question = request(certificate.leaf, certificate.issuer, random(_NONCE_BYTES))
    try:
        answer = await source.ocsp(question)
        told_at = ensure_good(answer, question, certificate.issuer, at)
    except (Unreachable, ResponderBusy):
        return await _by_lists(certificate, source, question, at)
    return Status(Source.OCSP, told_at, question, answer)


def ensure_good(der: bytes, question: bytes, issuer: x509.Certificate, at: datetime) -> datetime:
    """thisUpdate of a good answer to this question; raises Rejected for every other answer, ResponderBusy for none."""
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status in _BUSY:
            raise ResponderBusy
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise Rejected(Finding.REVOCATION_MALFORMED)
        if not is_authentic(answer, issuer):
            raise Rejected(Finding.REVOCATION_SIGNATURE)
        asked = ocsp.load_der_ocsp_request(question)
        _ensure_nonce(answer, asked)
        return _told_at(answer, _about(answer, asked), at)
    except UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def is_authentic(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """True when the answer's signature is the issuer's own or that of a responder it appointed, valid at that time."""
    appointed = [one for one in answer.certificates if one.issuer == issuer.subject][:_MAX_CANDIDATES]
    signature, oid = answer.signature, answer.signature_algorithm_oid.dotted_string
    return any(
        _is_named(answer, candidate)
        and (candidate is issuer or _is_appointed(candidate, issuer, answer.produced_at_utc))
        and has_signed(candidate, answer.tbs_response_bytes, signature, oid)
        for candidate in [*appointed, issuer]
    )


def _is_named(answer: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    """Named by name, as the national responders do; a key hash is compared with the key identifier (RFC 6960 4.2.2.3)."""
    if answer.responder_name is not None:
        return candidate.subject == answer.responder_name
    try:
        key = candidate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return False
    return key.digest == answer.responder_key_hash


def _is_appointed(candidate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """Issued directly by the authority for signing such answers, with nocheck: else its own status would be needed."""
    return candidate.not_valid_before_utc <= at <= candidate.not_valid_after_utc and _has_appointment(candidate, issuer)


@lru_cache(maxsize=_KEPT_APPOINTMENTS)
def _has_appointment(candidate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """What the two certificates alone decide, whoever asks and whenever: so it is worked out once for a responder."""
    try:
        extensions = extensions_unparsed(candidate)
        purposes = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except UNREADABLE:
        return False
    return (
        ExtendedKeyUsageOID.OCSP_SIGNING in purposes
        and _NO_CHECK in extensions
        and all(oid in _UNDERSTOOD for oid, (critical, _) in extensions.items() if critical)
        and has_issued(issuer, candidate)
    )


async def _by_lists(certificate: SignerCertificate, source: RevocationSource, question: bytes, at: datetime) -> Status:
    try:
        lists = await source.lists()
    except Unreachable:
        raise Rejected(Finding.REVOCATION_UNREACHABLE) from None
    told = crl.told(lists, certificate.leaf, certificate.issuer, at, signed_by_gost)
    return Status(Source.CRL, told.at, question, told.evidence.encode())
