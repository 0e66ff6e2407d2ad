"""Who holds a certificate, and how the key is shown to the person (the fields the parents' guide lists)."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from services.auth.domain.iin import Iin, parse_iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import IinInvalid
from services.auth.domain.verdict import Finding, Rejected

_SERIAL_NUMBER = re.compile(r"IIN([0-9]{12})")


@dataclass(frozen=True, slots=True, repr=False)
class KeyFacts:
    """What a person is shown about the own key; `serial` is hexadecimal."""

    owner: str
    not_before: datetime
    not_after: datetime
    serial: str
    issuer: str
    algorithm: str
    sha256: str


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
        algorithm="RSA",
        sha256=hashlib.sha256(leaf.public_bytes(Encoding.DER)).hexdigest(),
    )


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
