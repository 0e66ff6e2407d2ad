"""What a certificate says of itself: the profile of the national certification authority, generations 2019 and 2022.

AUTH and SIGN keys differ in key usage and extended key usage; whom a key belongs to, and in which role, stands in the
extended key usage too. Certificates of the 2019 generation repeat purpose and holder in their policy; those of the 2022
generation all carry one policy, so there key usage and extended key usage decide alone.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from asn1crypto import core
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.unreadable import UNREADABLE

INDIVIDUAL = "1.2.398.3.3.4.1.1"
ORGANISATION = "1.2.398.3.3.4.1.2"
_INDIVIDUALS_MACHINE = "1.2.398.3.3.4.1.1.1"
_ORGANISATIONS_MACHINE = "1.2.398.3.3.4.1.2.6"
_POLICY_2022 = "1.2.398.3.3.2"
_KEY_STORE = x509.ObjectIdentifier("1.2.398.3.3.5")
_E = TypeVar("_E", bound=x509.ExtensionType)


class Usage(StrEnum):
    """What a key is for: entering, or signing documents."""

    LOGIN = "login"
    SIGNING = "signing"


class HolderKind(StrEnum):
    """Whom a certificate is issued to. An organisation's certificate is held by one of its people."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    MACHINE = "machine"
    UNKNOWN = "unknown"


class HolderRole(StrEnum):
    """What the holder of an organisation's certificate is there."""

    HEAD = "head"
    SIGNING_RIGHT = "signing_right"
    FINANCIAL_SIGNING_RIGHT = "financial_signing_right"
    PERSONNEL_DEPARTMENT = "personnel_department"
    EMPLOYEE = "employee"


class Generation(StrEnum):
    """Which rules a certificate was issued by."""

    OF_2019 = "2019"
    OF_2022 = "2022"
    UNKNOWN = "unknown"


class KeyStore(StrEnum):
    """Where the authority says the key lies; certificates of the 2019 generation do not say."""

    FILE = "PKCS12"
    OTHER = "other"
    UNTOLD = "untold"


PEOPLE = frozenset({HolderKind.INDIVIDUAL})
ORGANISATIONS = frozenset({HolderKind.ORGANISATION})

_PURPOSE = {
    Usage.LOGIN: ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string,
    Usage.SIGNING: ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string,
}
_KINDS = {Usage.LOGIN: KeyKind.AUTH, Usage.SIGNING: KeyKind.SIGN}
_ROLES = {
    "1.2.398.3.3.4.1.2.1": HolderRole.HEAD,
    "1.2.398.3.3.4.1.2.2": HolderRole.SIGNING_RIGHT,
    "1.2.398.3.3.4.1.2.3": HolderRole.FINANCIAL_SIGNING_RIGHT,
    "1.2.398.3.3.4.1.2.4": HolderRole.PERSONNEL_DEPARTMENT,
    "1.2.398.3.3.4.1.2.5": HolderRole.EMPLOYEE,
}
_POLICY_2019 = {
    (HolderKind.ORGANISATION, Usage.SIGNING): "1.2.398.3.3.2.1",
    (HolderKind.ORGANISATION, Usage.LOGIN): "1.2.398.3.3.2.2",
    (HolderKind.INDIVIDUAL, Usage.SIGNING): "1.2.398.3.3.2.3",
    (HolderKind.INDIVIDUAL, Usage.LOGIN): "1.2.398.3.3.2.4",
}
_STORES = {"1.2.398.3.3.5.1.1": KeyStore.FILE}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate says of itself; `usage` is None when its key usage fits neither purpose."""

    usage: Usage | None
    holder: HolderKind
    roles: tuple[HolderRole, ...]
    policies: frozenset[str]
    store: KeyStore

    @property
    def generation(self) -> Generation:
        """Told by the policies."""
        if self.policies & set(_POLICY_2019.values()):
            return Generation.OF_2019
        return Generation.OF_2022 if _POLICY_2022 in self.policies else Generation.UNKNOWN

    @property
    def has_policy(self) -> bool:
        """True when a policy fits: the one of this usage and holder (2019), or the one for all (2022)."""
        own = None if self.usage is None else _POLICY_2019.get((self.holder, self.usage))
        return bool({_POLICY_2022, own} & self.policies)

    @property
    def kind(self) -> KeyKind:
        """The kind of key as its holder calls it, whoever that is."""
        return KeyKind.UNKNOWN if self.usage is None else _KINDS[self.usage]

    @property
    def persons_kind(self) -> KeyKind:
        """The same for a person's own key; an organisation's is of no kind that a person uses."""
        fits = self.holder is HolderKind.INDIVIDUAL and self.has_policy
        return self.kind if fits else KeyKind.UNKNOWN


class _Oids(core.SequenceOf):  # type: ignore[misc]
    _child_spec = core.ObjectIdentifier


def profile_of(leaf: x509.Certificate) -> Profile:
    """The certificate as it describes itself; never raises for what is merely unusual."""
    purposes = _purposes(leaf)
    usage = _usage_of(leaf)
    return Profile(
        usage=usage if usage is not None and _PURPOSE[usage] in purposes else None,
        holder=_holder_kind(purposes),
        roles=tuple(role for oid, role in _ROLES.items() if oid in purposes and ORGANISATION in purposes),
        policies=_policies(leaf),
        store=_store(leaf),
    )


def ensure_profile(leaf: x509.Certificate, usage: Usage, holders: frozenset[HolderKind] = PEOPLE) -> Profile:
    """The profile as fit for this usage by such holders; raises Rejected with the first thing that is wrong."""
    profile = profile_of(leaf)
    if profile.usage is not usage:
        raise Rejected(Finding.CERTIFICATE_KEY_USAGE)
    if profile.holder not in holders:
        raise Rejected(Finding.CERTIFICATE_HOLDER_KIND)
    if not profile.has_policy:
        raise Rejected(Finding.CERTIFICATE_POLICY)
    return profile


def _usage_of(leaf: x509.Certificate) -> Usage | None:
    """AUTH keys sign and encipher keys, SIGN keys sign and commit to content; both bits at once are neither."""
    usage = _extension(leaf, x509.KeyUsage)
    if usage is None or usage.key_cert_sign or usage.crl_sign or not usage.digital_signature:
        return None
    if usage.content_commitment == usage.key_encipherment:
        return None
    return Usage.SIGNING if usage.content_commitment else Usage.LOGIN


def _holder_kind(purposes: frozenset[str]) -> HolderKind:
    """Both at once are neither; a key that works without a person is nobody's signature."""
    if {_INDIVIDUALS_MACHINE, _ORGANISATIONS_MACHINE} & purposes:
        return HolderKind.MACHINE
    if (INDIVIDUAL in purposes) == (ORGANISATION in purposes):
        return HolderKind.UNKNOWN
    return HolderKind.INDIVIDUAL if INDIVIDUAL in purposes else HolderKind.ORGANISATION


def _store(leaf: x509.Certificate) -> KeyStore:
    try:
        told = leaf.extensions.get_extension_for_oid(_KEY_STORE).value
        oids = [oid.dotted for oid in _Oids.load(told.public_bytes(), strict=True)]
    except x509.ExtensionNotFound:
        return KeyStore.UNTOLD
    except UNREADABLE:
        return KeyStore.OTHER
    return _STORES.get(oids[0], KeyStore.OTHER) if len(oids) == 1 else KeyStore.OTHER


def _purposes(leaf: x509.Certificate) -> frozenset[str]:
    return frozenset(oid.dotted_string for oid in _extension(leaf, x509.ExtendedKeyUsage) or ())


def _policies(leaf: x509.Certificate) -> frozenset[str]:
    return frozenset(
        policy.policy_identifier.dotted_string for policy in _extension(leaf, x509.CertificatePolicies) or ()
    )


def _extension(leaf: x509.Certificate, kind: type[_E]) -> _E | None:
    try:
        return leaf.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
