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
from services.auth.signature.certificate import kind_of, loaded
from services.auth.signature.document import parse
from services.auth.signature.shape import shape_of
from services.auth.signature.unreadable import UNREADABLE

_RSA = "RSA"
_SERIAL_NUMBER = re.compile(r"IIN([0-9]{12})")


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


def holder(leaf: x509.Certificate) -> Identity:
    """The person a certificate names. GN is the patronymic; the first name stands only inside CN, after the surname."""
    match = _SERIAL_NUMBER.fullmatch(_one(leaf.subject, NameOID.SERIAL_NUMBER, required=True))
    if match is None:
        raise Rejected(Finding.CERTIFICATE_SUBJECT)
    common_name = _one(leaf.subject, NameOID.COMMON_NAME, required=True)
    surname = _one(leaf.subject, NameOID.SURNAME)
    return Identity(
        iin=_iin(match[1]),
        surname=surname,
        given=common_name.removeprefix(surname).strip(),
        patronymic=_one(leaf.subject, NameOID.GIVEN_NAME),
    )


def key_facts(leaf: x509.Certificate) -> KeyFacts:
    """The key as shown to its owner."""
    return KeyFacts(
        owner=_one(leaf.subject, NameOID.COMMON_NAME),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        serial=f"{leaf.serial_number:x}",
        issuer=_one(leaf.issuer, NameOID.COMMON_NAME),
        algorithm=_RSA
        if isinstance(leaf.public_key(), rsa.RSAPublicKey)
        else leaf.public_key_algorithm_oid.dotted_string,
        kind=kind_of(leaf),
    )


def key_named_in(signed: bytes) -> KeyFacts:
    """The key that a signed document says it was signed with; raises Rejected when document or certificate cannot be read.

    Nothing is verified: neither the signature nor who issued the certificate nor whether it is still good. The answer is
    fit to be shown to whoever holds the document, and for nothing else.
    """
    shape = shape_of(parse(signed))
    try:
        return key_facts(loaded(shape.certificate))
    except UNREADABLE:
        raise Rejected(Finding.CERTIFICATE_MALFORMED) from None


def _iin(text: str) -> Iin:
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
