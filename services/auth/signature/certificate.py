"""The signer's certificate: the profile of the national certification authority and the chain to pinned issuers (RFC 5280).

Only pinned issuers are used; a certificate that travels in a document is never trusted as an issuer. The purpose of a key
stands in its key usage and extended key usage, not in its policy: certificates of the 2022 generation all carry one policy.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError

from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.trust import Trust
from services.auth.signature.unreadable import UNREADABLE

INDIVIDUAL = "1.2.398.3.3.4.1.1"
ORGANISATION = "1.2.398.3.3.4.1.2"
_POLICY_2022 = "1.2.398.3.3.2"
_MIN_KEY_BITS = 2048
_EXPONENT = 65537
_ROOT_AND_ISSUER = 2
_E = TypeVar("_E", bound=x509.ExtensionType)


class Usage(StrEnum):
    """What a person's key is for: entering, or signing documents."""

    LOGIN = "login"
    SIGNING = "signing"


_PURPOSE = {
    Usage.LOGIN: ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
    Usage.SIGNING: ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
}
_KINDS = {Usage.LOGIN: KeyKind.AUTH, Usage.SIGNING: KeyKind.SIGN}
_POLICIES = {
    Usage.LOGIN: frozenset({"1.2.398.3.3.2.4", _POLICY_2022}),
    Usage.SIGNING: frozenset({"1.2.398.3.3.2.3", _POLICY_2022}),
}


@dataclass(frozen=True, slots=True)
class SignerCertificate:
    """A certificate that has passed the chain and the profile; its revocation is another matter."""

    leaf: x509.Certificate
    issuer: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate's octets."""
        return self.leaf.public_bytes(Encoding.DER)

    @property
    def public_key_pem(self) -> bytes:
        """The key a signature is verified under."""
        return self.leaf.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def examined(der: bytes, usage: Usage, trust: Trust, at: datetime) -> SignerCertificate:
    """The certificate as fit for this usage at that moment; raises Rejected with the first thing that is wrong.

    The issuer is settled first, so that "expired" or "wrong kind" is only ever said of a genuine certificate.
    """
    leaf = loaded(der)
    issuer = _issuer(leaf, trust)
    _ensure_key(leaf)
    _ensure_valid_at(leaf, at)
    try:
        _ensure_profile(leaf, usage)
    except Rejected as rejected:
        raise Rejected(rejected.finding, kind_of(leaf)) from None
    _ensure_chain(leaf, trust, at)
    return SignerCertificate(leaf, issuer)


def kind_of(leaf: x509.Certificate) -> KeyKind:
    """What a certificate says its key is for. It is believed only of a certificate whose issuer is settled."""
    for usage, kind in _KINDS.items():
        try:
            _ensure_profile(leaf, usage)
        except Rejected:
            continue
        return kind
    return KeyKind.UNKNOWN


def loaded(der: bytes) -> x509.Certificate:
    """The certificate in these octets, read through; raises Rejected."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        _ = (leaf.extensions, leaf.subject, leaf.public_key())
    except UnsupportedAlgorithm:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE) from None
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None
    return leaf


def _issuer(leaf: x509.Certificate, trust: Trust) -> x509.Certificate:
    for issuer in trust.issuers:
        try:
            leaf.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return issuer
    raise Rejected(Finding.CERTIFICATE_ISSUER)


def _ensure_key(leaf: x509.Certificate) -> None:
    key = leaf.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < _MIN_KEY_BITS or key.public_numbers().e != _EXPONENT:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE)


def _ensure_valid_at(leaf: x509.Certificate, at: datetime) -> None:
    if at < leaf.not_valid_before_utc:
        raise Rejected(Finding.CERTIFICATE_NOT_YET_VALID)
    if at > leaf.not_valid_after_utc:
        raise Rejected(Finding.CERTIFICATE_EXPIRED)


def _ensure_profile(leaf: x509.Certificate, usage: Usage) -> None:
    if _usage_of(leaf) is not usage:
        raise Rejected(Finding.CERTIFICATE_KEY_USAGE)
    purposes = {oid.dotted_string for oid in _extension(leaf, x509.ExtendedKeyUsage, Finding.CERTIFICATE_KEY_USAGE)}
    if _PURPOSE[usage] not in purposes:
        raise Rejected(Finding.CERTIFICATE_KEY_USAGE)
    if INDIVIDUAL not in purposes or ORGANISATION in purposes:
        raise Rejected(Finding.CERTIFICATE_HOLDER_KIND)
    policies = _extension(leaf, x509.CertificatePolicies, Finding.CERTIFICATE_POLICY)
    if not _POLICIES[usage] & {policy.policy_identifier.dotted_string for policy in policies}:
        raise Rejected(Finding.CERTIFICATE_POLICY)


def _usage_of(leaf: x509.Certificate) -> Usage:
    """AUTH keys sign and encipher keys, SIGN keys sign and commit to content; both bits at once are neither."""
    usage = _extension(leaf, x509.KeyUsage, Finding.CERTIFICATE_KEY_USAGE)
    if usage.key_cert_sign or usage.crl_sign or not usage.digital_signature:
        raise Rejected(Finding.CERTIFICATE_KEY_USAGE)
    if usage.content_commitment == usage.key_encipherment:
        raise Rejected(Finding.CERTIFICATE_KEY_USAGE)
    return Usage.SIGNING if usage.content_commitment else Usage.LOGIN


def _extension(leaf: x509.Certificate, kind: type[_E], missing: Finding) -> _E:
    try:
        return leaf.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        raise Rejected(missing) from None


def _ensure_chain(leaf: x509.Certificate, trust: Trust, at: datetime) -> None:
    verifier = (
        PolicyBuilder()
        .store(Store(list(trust.anchors)))
        .time(at.astimezone(UTC).replace(tzinfo=None))
        .max_chain_depth(_ROOT_AND_ISSUER)
        .extension_policies(ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=_leaf_policy())
        .build_client_verifier()
    )
    try:
        verifier.verify(leaf, list(trust.issuers))
    except VerificationError:
        raise Rejected(Finding.CERTIFICATE_CHAIN) from None


def _leaf_policy() -> ExtensionPolicy:
    """The library's own leaf policy wants a web address in the certificate; people have none."""
    return (
        ExtensionPolicy.permit_all()
        .require_present(x509.KeyUsage, Criticality.CRITICAL, None)
        .require_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None)
        .require_present(x509.CertificatePolicies, Criticality.AGNOSTIC, None)
        .require_present(x509.AuthorityKeyIdentifier, Criticality.NON_CRITICAL, None)
        .may_be_present(x509.BasicConstraints, Criticality.AGNOSTIC, _refuse_authority)
    )


def _refuse_authority(_policy: object, _certificate: x509.Certificate, extension: x509.BasicConstraints | None) -> None:
    if extension is not None and extension.ca:
        raise ValueError("a certification authority signs no documents of a person")
