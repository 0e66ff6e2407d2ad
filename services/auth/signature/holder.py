"""Who holds a certificate, and how the key is shown to the person (the fields the parents' guide lists)."""

import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from services.auth.domain.iin import Iin, parse_iin
from services.auth.domain.key import KeyKind
from services.auth.domain.person import Identity
from services.auth.domain.refusals import IinInvalid
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.certificate import loaded
from services.auth.signature.document import parse
from services.auth.signature.profile import HolderKind, HolderRole, Profile, profile_of
from services.auth.signature.shape import shape_of
from services.auth.signature.unreadable import UNREADABLE

_RSA = "RSA"
_SERIAL_NUMBER = re.compile(r"IIN([0-9]{12})")
_ORGANISATIONAL_UNIT = re.compile(r"BIN([0-9]{12})")


@dataclass(frozen=True, slots=True, repr=False)
class KeyFacts:
    """What a person is shown about the own key; `serial` is hexadecimal, `algorithm` RSA or the object id of another."""

    owner: str
    not_before: datetime
    not_after: datetime
    serial: str
    issuer: str
    algorithm: str
    kind: KeyKind


@dataclass(frozen=True, slots=True)
class Organisation:
    """The legal entity that a certificate is issued to, and what its holder is there."""

    bin: str
    name: str
    roles: tuple[HolderRole, ...]


def holder(leaf: x509.Certificate, *, check_digits: bool = True) -> Identity:
    """The person a certificate names. GN is the patronymic; the first name stands only inside CN, after the surname.

    `check_digits` is put off only for certificates of a test authority, whose numbers are invented.
    """
    match = _SERIAL_NUMBER.fullmatch(_one(leaf.subject, NameOID.SERIAL_NUMBER, required=True))
    if match is None:
        raise Rejected(Finding.CERTIFICATE_SUBJECT)
    common_name = _one(leaf.subject, NameOID.COMMON_NAME, required=True)
    surname = _one(leaf.subject, NameOID.SURNAME)
    return Identity(
        iin=_number(match[1]) if check_digits else Iin(match[1]),
        surname=surname,
        given=common_name.removeprefix(surname).strip(),
        patronymic=_one(leaf.subject, NameOID.GIVEN_NAME),
    )


def organisation(leaf: x509.Certificate, profile: Profile, *, check_digits: bool = True) -> Organisation | None:
    """The legal entity behind a certificate, or None for a person's own.

    What the extended key usage says and what the name says have to agree; raises Rejected when they do not.
    """
    unit, name = (_one(leaf.subject, oid) for oid in (NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.ORGANIZATION_NAME))
    match = _ORGANISATIONAL_UNIT.fullmatch(unit)
    if profile.holder is HolderKind.INDIVIDUAL and not unit and not name:
        return None
    if profile.holder is not HolderKind.ORGANISATION or match is None or not name:
        raise Rejected(Finding.CERTIFICATE_SUBJECT)
    return Organisation(_number(match[1]) if check_digits else match[1], name, profile.roles)


def key_facts(leaf: x509.Certificate, profile: Profile, algorithm: str | None = None) -> KeyFacts:
    """The key as shown to its owner. Its kind is believed only of a certificate whose issuer is settled."""
    return KeyFacts(
        owner=_one(leaf.subject, NameOID.COMMON_NAME),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        serial=f"{leaf.serial_number:x}",
        issuer=_one(leaf.issuer, NameOID.COMMON_NAME),
        algorithm=algorithm or _algorithm(leaf),
        kind=profile.persons_kind,
    )


def _algorithm(leaf: x509.Certificate) -> str:
    return _RSA if isinstance(leaf.public_key(), rsa.RSAPublicKey) else leaf.public_key_algorithm_oid.dotted_string


def key_named_in(signed: bytes) -> KeyFacts:
    """The key that a signed document says it was signed with; raises Rejected when document or certificate cannot be read.

    Nothing is verified: neither the signature nor who issued the certificate nor whether it is still good. The answer is
    fit to be shown to whoever holds the document, and for nothing else.
    """
    shape = shape_of(parse(signed))
    try:
        leaf = loaded(shape.certificate)
        return key_facts(leaf, profile_of(leaf))
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None


def _number(text: str) -> Iin:
    """IIN and BIN end in the same check digit."""
    try:
        return parse_iin(text)
    except IinInvalid:
        raise Rejected(Finding.CERTIFICATE_IIN) from None


def _one(name: x509.Name, oid: x509.ObjectIdentifier, *, required: bool = False) -> str:
    """The single value of an attribute: of two, different readers would each believe another, so two are refused."""
    values = [attribute.value for attribute in name if attribute.oid == oid]
    if len(values) > 1 or (required and not values) or any(isinstance(value, bytes) for value in values):
        raise Rejected(Finding.CERTIFICATE_SUBJECT)
    return str(values[0]) if values else ""
