"""Certificate revocation lists, full and delta (RFC 5280 5, 5.2.4): the second source, when OCSP cannot be reached.

A list is loaded once: its signature is verified, its serial numbers are packed (`crl_table`). Afterwards a question about
one certificate costs microseconds. Whether the list is still good is asked anew with every question.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils

from services.auth.domain.revocation import Listed, Lists, Told
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.crl_reader import Octets, Outline, outlined, removals, table_of
from services.auth.signature.crl_table import SerialTable
from services.auth.signature.ocsp import SKEW
from services.auth.signature.unreadable import UNREADABLE

_UNREADABLE = (*UNREADABLE, IndexError)
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
_MIN_KEY_BITS = 2048

SignedBy = Callable[[Outline, x509.Certificate], bool]
"""True when the list's signature is that of this issuer."""


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A list that its issuer has signed. `base` is the number of the full list that a delta continues."""

    issuer: bytes
    number: int
    base: int | None
    this_update: datetime
    next_update: datetime
    listed: SerialTable
    removed: frozenset[int]
    sha256: str

    def ensure_fresh(self, at: datetime) -> None:
        """Raises Rejected before thisUpdate and after nextUpdate."""
        if not self.has_begun(at) or self.next_update < at - SKEW:
            raise Rejected(Finding.REVOCATION_STALE)

    def has_begun(self, at: datetime) -> bool:
        """False for a list of the future."""
        return self.this_update <= at + SKEW

    def named(self) -> dict[str, Any]:
        """What is kept of it as evidence; the list itself is public, and large."""
        return {"number": self.number, "this_update": self.this_update.isoformat(), "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class LoadedLists:
    """Full lists with their deltas, one pair for every issuer that publishes them."""

    pairs: tuple[tuple[RevocationList, RevocationList | None], ...]

    def ensure_not_listed(self, serial: int, issuer: bytes, at: datetime) -> Told:
        """The proof that the issuer (its certificate's fingerprint) has not revoked this number; raises Rejected."""
        for full, delta in self.pairs:
            if full.issuer == issuer:
                return _ensure_not_listed(full, delta, serial, at)
        raise Rejected(Finding.REVOCATION_OF_ANOTHER)


def ensure_not_listed(
    lists: Lists | Listed, leaf: x509.Certificate, issuer: x509.Certificate, at: datetime
) -> datetime:
    """thisUpdate of the newest list used; raises Rejected when the certificate is listed or a list is not to be believed."""
    return told(lists, leaf, issuer, at).at


def told(
    lists: Lists | Listed,
    leaf: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
    signed_by: SignedBy | None = None,
) -> Told:
    """What the lists say, with the evidence; octets are loaded on the spot. Raises as `ensure_not_listed` does."""
    loaded = _loaded_pair(lists, issuer, signed_by or signed_by_rsa) if isinstance(lists, Lists) else lists
    return loaded.ensure_not_listed(leaf.serial_number, fingerprint(issuer), at)


def signed_by_rsa(outline: Outline, issuer: x509.Certificate) -> bool:
    """RSA as the authority's RSA issuers sign: PKCS #1 v1.5 with SHA-2."""
    key, hash_of = issuer.public_key(), _HASHES.get(outline.husk.signature_algorithm_oid.dotted_string)
    if hash_of is None or not isinstance(key, rsa.RSAPublicKey) or key.key_size < _MIN_KEY_BITS:
        return False
    algorithm = hash_of()
    digest = hashlib.new(algorithm.name, outline.signed_octets).digest()
    try:
        key.verify(outline.husk.signature, digest, padding.PKCS1v15(), utils.Prehashed(algorithm))
    except InvalidSignature:
        return False
    return True


def loaded(octets: Octets, issuers: Iterable[x509.Certificate], signed_by: SignedBy = signed_by_rsa) -> RevocationList:
    """The list under whichever of the pinned issuers has signed it; raises Rejected.

    Takes about a second of one core for 420,000 entries and lets other threads run meanwhile.
    """
    try:
        return _loaded(octets, issuers, signed_by)
    except _UNREADABLE:
        raise Rejected(Finding.REVOCATION_MALFORMED) from None


def _loaded(octets: Octets, issuers: Iterable[x509.Certificate], signed_by: SignedBy) -> RevocationList:
    outline = outlined(octets)
    husk, number, base = outline.husk, _number(outline.husk), _base(outline.husk)
    issuer = next(
        (one for one in issuers if husk.issuer == one.subject and _may_sign_lists(one) and signed_by(outline, one)),
        None,
    )
    if issuer is None:
        raise Rejected(Finding.REVOCATION_SIGNATURE)
    _ensure_understood(husk)
    if husk.next_update_utc is None:
        raise Rejected(Finding.REVOCATION_STALE)
    return RevocationList(
        issuer=fingerprint(issuer),
        number=number,
        base=base,
        this_update=husk.last_update_utc,
        next_update=husk.next_update_utc,
        listed=table_of(outline),
        removed=removals(outline) if base is not None else frozenset(),
        sha256=hashlib.sha256(octets).hexdigest(),
    )


def _loaded_pair(lists: Lists, issuer: x509.Certificate, signed_by: SignedBy) -> LoadedLists:
    full = loaded(lists.full, [issuer], signed_by)
    delta = None if lists.delta is None else loaded(lists.delta, [issuer], signed_by)
    return LoadedLists(((full, delta),))


def _ensure_not_listed(full: RevocationList, delta: RevocationList | None, serial: int, at: datetime) -> Told:
    full.ensure_fresh(at)
    if full.base is not None or (delta is not None and delta.base is None):
        raise Rejected(Finding.REVOCATION_MALFORMED)
    listed, newest = serial in full.listed, full
    evidence = {"full": full.named()}
    if delta is not None:
        delta.ensure_fresh(at)
        if delta.base is not None and delta.base <= full.number < delta.number and delta.issuer == full.issuer:
            listed = (listed or serial in delta.listed) and serial not in delta.removed
            newest, evidence["delta"] = delta, delta.named()
    if listed:
        raise Rejected(Finding.CERTIFICATE_REVOKED)
    return Told(newest.this_update, json.dumps(evidence))


def _may_sign_lists(issuer: x509.Certificate) -> bool:
    """Whether the issuer's key is meant for lists too (RFC 5280 4.2.1.3, 6.3.3 f); one that says nothing is not."""
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return False


def _ensure_understood(husk: x509.CertificateRevocationList) -> None:
    """Partial and indirect lists announce themselves by critical extensions; an absence from them would prove nothing."""
    if any(one.critical and not isinstance(one.value, x509.DeltaCRLIndicator) for one in husk.extensions):
        raise Rejected(Finding.REVOCATION_MALFORMED)


def _number(husk: x509.CertificateRevocationList) -> int:
    return husk.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def _base(husk: x509.CertificateRevocationList) -> int | None:
    try:
        return husk.extensions.get_extension_for_class(x509.DeltaCRLIndicator).value.crl_number
    except x509.ExtensionNotFound:
        return None


def fingerprint(certificate: x509.Certificate) -> bytes:
    """How an issuer is named among lists: SHA-256 of its certificate."""
    return certificate.fingerprint(hashes.SHA256())
