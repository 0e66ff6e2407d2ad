"""Who has signed an OCSP answer of a GOST responder (RFC 6960 4.2.2.2); its other rules are those of every answer."""

from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.auth.signature.gost.keys import has_issued, has_signed
from services.auth.signature.responder import extensions_unparsed
from services.auth.signature.unreadable import UNREADABLE

_MAX_CANDIDATES = 4
_KEPT_APPOINTMENTS = 64
_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_UNDERSTOOD = frozenset({"2.5.29.15", "2.5.29.37", "2.5.29.19", "2.5.29.32"})


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
