"""The signer's certificate with a GOST key: read, traced to a pinned root, and fit for its purpose (RFC 5280 6.1).

The path is leaf, pinned issuer, pinned root, or leaf and a pinned issuer that is trusted by itself. The library that
builds paths for RSA does not know the algorithm, so its rules are written out here for this short path.
"""

from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from cryptography import x509

from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.certificate import SignerCertificate
from services.auth.signature.gost.keys import NotGost, has_issued, is_gost, key_of
from services.auth.signature.octets import ensure_whole_octets
from services.auth.signature.profile import PEOPLE, HolderKind, Profile, Usage, ensure_profile, profile_of
from services.auth.signature.trust import Trust
from services.auth.signature.unreadable import UNREADABLE

_UNDERSTOOD = (x509.KeyUsage, x509.ExtendedKeyUsage, x509.BasicConstraints, x509.CertificatePolicies)
_KEPT_AUTHORITIES = 64
_E = TypeVar("_E", bound=x509.ExtensionType)


def examined(
    der: bytes, usage: Usage, trust: Trust, at: datetime, holders: frozenset[HolderKind] = PEOPLE
) -> SignerCertificate:
    """The certificate as fit for this usage at that moment; raises Rejected with the first thing that is wrong.

    The issuer is settled first, so that "expired" or "wrong kind" is only ever said of a genuine certificate.
    """
    leaf = loaded(der)
    try:
        issuer = issuer_of(leaf, trust)
        _ensure_valid_at(leaf, at)
        profile = _profile(leaf, usage, holders)
        _ensure_chain(leaf, issuer, trust, at)
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None
    return SignerCertificate(leaf, issuer, profile)


def loaded(der: bytes) -> x509.Certificate:
    """The certificate in these octets, read through; raises Rejected."""
    try:
        leaf = x509.load_der_x509_certificate(der)
        ensure_whole_octets(leaf)
        _ = (leaf.extensions, leaf.subject, leaf.issuer, key_of(leaf))
    except NotGost:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE) from None
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None
    return leaf


def issuer_of(leaf: x509.Certificate, trust: Trust) -> x509.Certificate:
    """The pinned certificate that has signed this one; raises Rejected."""
    for issuer in trust.issuers:
        if is_gost(issuer) and has_issued(issuer, leaf):
            return issuer
    raise Rejected(Finding.CERTIFICATE_ISSUER)


def _ensure_valid_at(leaf: x509.Certificate, at: datetime) -> None:
    if at < leaf.not_valid_before_utc:
        raise Rejected(Finding.CERTIFICATE_NOT_YET_VALID)
    if at > leaf.not_valid_after_utc:
        raise Rejected(Finding.CERTIFICATE_EXPIRED)


def _profile(leaf: x509.Certificate, usage: Usage, holders: frozenset[HolderKind]) -> Profile:
    try:
        return ensure_profile(leaf, usage, holders)
    except Rejected as rejected:
        told = profile_of(leaf)
        raise Rejected(rejected.finding, told.kind if told.holder in holders else KeyKind.UNKNOWN) from None


def _ensure_chain(leaf: x509.Certificate, issuer: x509.Certificate, trust: Trust, at: datetime) -> None:
    """The issuer is a certification authority under a pinned root, all of them in force; the leaf is none."""
    constraints = _of_kind(leaf, x509.BasicConstraints)
    above = [issuer] if issuer in trust.anchors else [issuer, _root_of(issuer, trust)]
    if constraints is not None and constraints.ca:
        raise Rejected(Finding.CERTIFICATE_CHAIN)
    if not _names_key_of(leaf, issuer) or not _is_understood(leaf):
        raise Rejected(Finding.CERTIFICATE_CHAIN)
    for depth, authority in enumerate(above):
        if not _is_authority(authority, depth) or not _is_understood(authority):
            raise Rejected(Finding.CERTIFICATE_CHAIN)
        if not authority.not_valid_before_utc <= at <= authority.not_valid_after_utc:
            raise Rejected(Finding.CERTIFICATE_CHAIN)


def _root_of(issuer: x509.Certificate, trust: Trust) -> x509.Certificate:
    for anchor in trust.anchors:
        if is_gost(anchor) and anchor.subject == issuer.issuer and _has_issued_authority(anchor, issuer):
            return anchor
    raise Rejected(Finding.CERTIFICATE_CHAIN)


@lru_cache(maxsize=_KEPT_AUTHORITIES)
def _has_issued_authority(anchor: x509.Certificate, issuer: x509.Certificate) -> bool:
    """What the two pinned certificates alone decide, whoever asks and whenever: worked out once."""
    return has_issued(anchor, issuer)


def _is_authority(authority: x509.Certificate, below: int) -> bool:
    """May it sign certificates with so many authorities between itself and the leaf (RFC 5280 4.2.1.9, 4.2.1.3)?"""
    constraints, usage = _of_kind(authority, x509.BasicConstraints), _of_kind(authority, x509.KeyUsage)
    return (
        constraints is not None
        and constraints.ca
        and (constraints.path_length is None or constraints.path_length >= below)
        and usage is not None
        and usage.key_cert_sign
    )


def _names_key_of(leaf: x509.Certificate, issuer: x509.Certificate) -> bool:
    """The authority key identifier is there and names the issuer's key."""
    named, key = _of_kind(leaf, x509.AuthorityKeyIdentifier), _of_kind(issuer, x509.SubjectKeyIdentifier)
    return named is not None and key is not None and named.key_identifier == key.digest


def _is_understood(certificate: x509.Certificate) -> bool:
    return all(isinstance(one.value, _UNDERSTOOD) for one in certificate.extensions if one.critical)


def _of_kind(certificate: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
