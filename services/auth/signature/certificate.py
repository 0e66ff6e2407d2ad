"""The signer's certificate: read, traced to a pinned issuer, and fit for its purpose (RFC 5280).

Only pinned issuers are used; a certificate that travels in a document is never trusted as an issuer.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.chain import chain_of, issuer_of
from services.auth.signature.octets import ensure_whole_octets
from services.auth.signature.profile import PEOPLE, HolderKind, Profile, ensure_profile, profile_of
from services.auth.signature.profile import Usage as Usage
from services.auth.signature.trust import Trust
from services.auth.signature.unreadable import UNREADABLE

_MIN_KEY_BITS = 2048
_EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class SignerCertificate:
    """A certificate that has passed the chain and the profile; its revocation is another matter."""

    leaf: x509.Certificate
    issuer: x509.Certificate
    profile: Profile

    @property
    def der(self) -> bytes:
        """The certificate's octets."""
        return self.leaf.public_bytes(Encoding.DER)

    @property
    def public_key_der(self) -> bytes:
        """The key a signature is verified under."""
        return self.leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def examined(
    der: bytes, usage: Usage, trust: Trust, at: datetime, holders: frozenset[HolderKind] = PEOPLE
) -> SignerCertificate:
    """The certificate as fit for this usage at that moment; raises Rejected with the first thing that is wrong.

    The issuer is settled first, so that "expired" or "wrong kind" is only ever said of a genuine certificate.
    """
    leaf = loaded(der)
    issuer = _issuer(leaf, trust, at)
    if issuer is None:
        issuer_of(leaf, trust)
    _ensure_key(leaf)
    _ensure_valid_at(leaf, at)
    try:
        profile = ensure_profile(leaf, usage, holders)
    except Rejected as rejected:
        told = profile_of(leaf)
        raise Rejected(rejected.finding, told.kind if told.holder in holders else KeyKind.UNKNOWN) from None
    if issuer is None:
        raise Rejected(Finding.CERTIFICATE_CHAIN)
    return SignerCertificate(leaf, issuer, profile)


def _issuer(leaf: x509.Certificate, trust: Trust, at: datetime) -> x509.Certificate | None:
    """Who has issued it, by a chain that holds; None when there is no such chain, whatever the reason."""
    try:
        issuer = chain_of(leaf, trust, at)[1]
    except (Rejected, IndexError):
        return None
    return issuer if issuer in trust.issuers else None


def loaded(der: bytes) -> x509.Certificate:
    """The certificate in these octets, read through; raises Rejected."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        ensure_whole_octets(leaf)
        _ = (leaf.extensions, leaf.subject, leaf.public_key())
    except UnsupportedAlgorithm:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE) from None
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None
    return leaf


def _ensure_key(leaf: x509.Certificate) -> None:
    key = leaf.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _MIN_KEY_BITS or key.public_numbers().e != _EXPONENT:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE)


def _ensure_valid_at(leaf: x509.Certificate, at: datetime) -> None:
    if at < leaf.not_valid_before_utc:
        raise Rejected(Finding.CERTIFICATE_NOT_YET_VALID)
    if at > leaf.not_valid_after_utc:
        raise Rejected(Finding.CERTIFICATE_EXPIRED)
