"""Who may sign an OCSP answer: the issuing authority, or a responder it has appointed (RFC 6960 4.2.2.2)."""

from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ocsp

_EXTENDED_KEY_USAGE = "2.5.29.37"
_OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_UNDERSTOOD = frozenset({"2.5.29.15", _EXTENDED_KEY_USAGE, "2.5.29.19", "2.5.29.32"})
_MAX_CANDIDATES = 4
_MIN_KEY_BITS = 2048
_KEPT_APPOINTMENTS = 64
STRONG_HASHES = frozenset({"sha256", "sha384", "sha512"})


class _Extension(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [
        ("id", core.ObjectIdentifier),
        ("critical", core.Boolean, {"default": False}),
        ("value", core.OctetString),
    ]


class _Extensions(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _Extension


def is_authentic(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """True when the answer's signature is the issuer's own or that of a responder it appointed, valid at that time."""
    appointed = [one for one in answer.certificates if one.issuer == issuer.subject][:_MAX_CANDIDATES]
    return any(
        _is_named(answer, candidate)
        and (candidate is issuer or _is_appointed(candidate, issuer, answer.produced_at_utc))
        and _has_signed(answer, candidate)
        for candidate in [*appointed, issuer]
    )


def _is_named(answer: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    if answer.responder_name is not None:
        return candidate.subject == answer.responder_name
    key = candidate.public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    return x509.SubjectKeyIdentifier.from_public_key(key).digest == answer.responder_key_hash


def _is_appointed(candidate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    """Issued directly by the authority for signing such answers, with nocheck: else its own status would be needed."""
    return _has_appointment(candidate, issuer) and candidate.not_valid_before_utc <= at <= candidate.not_valid_after_utc


@lru_cache(maxsize=_KEPT_APPOINTMENTS)
def _has_appointment(candidate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """What the two certificates alone decide, whoever asks and whenever: so it is worked out once for a responder."""
    try:
        candidate.verify_directly_issued_by(issuer)
        extensions = extensions_unparsed(candidate)
        purposes = asn1_x509.ExtKeyUsageSyntax.load(extensions[_EXTENDED_KEY_USAGE][1])
        named = {purpose.dotted for purpose in purposes}
    except (InvalidSignature, ValueError, TypeError, KeyError):
        return False
    strong = candidate.signature_hash_algorithm
    return (
        strong is not None
        and strong.name in STRONG_HASHES
        and all(oid in _UNDERSTOOD for oid, (critical, _) in extensions.items() if critical)
        and _OCSP_SIGNING in named
        and _NO_CHECK in extensions
    )


def _has_signed(answer: ocsp.OCSPResponse, candidate: x509.Certificate) -> bool:
    key = candidate.public_key()
    try:
        algorithm = answer.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return False
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _MIN_KEY_BITS:
        return False
    if not isinstance(algorithm, hashes.SHA256 | hashes.SHA384 | hashes.SHA512):
        return False
    try:
        key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def extensions_unparsed(certificate: x509.Certificate) -> dict[str, tuple[bool, bytes]]:
    """Extensions by object id as (critical, value octets); raises ValueError when they cannot be told apart.

    Older responders of the national authority carry an empty `nocheck` value, for which a strict reader refuses the
    whole certificate; so the values stay unread until one is needed.
    """
    found: dict[str, tuple[bool, bytes]] = {}
    tbs: Any = asn1_x509.TbsCertificate.load(certificate.tbs_certificate_bytes)
    for extension in _Extensions.load(tbs["extensions"].untag().dump()):
        oid = extension["id"].dotted
        if oid in found:
            raise ValueError("an extension stands twice")
        found[oid] = (extension["critical"].native, extension["value"].native)
    return found
