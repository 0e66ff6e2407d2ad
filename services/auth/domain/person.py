"""A person: what the vault holds sealed, and how the person can be reached."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.refusals import ConsentRequired, ContactsInvalid

_MAX_EMAIL = 254
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f<>(),;:\\\"\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]{2,})+"
)
_PHONE = re.compile(r"\+[1-9][0-9]{9,14}")
_PHONE_FILLING = re.compile(r"[ ()\-]")
_MAX_POSTAL_ADDRESS = 300


class Language(StrEnum):
    """The language a person is written to in."""

    KAZAKH = "kk"
    RUSSIAN = "ru"


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """Who a person is. Leaves the vault only towards the person, the guardians and the rendering of a referral.

    It has no readable form of its own, so that no log and no error text can show one by accident.
    """

    iin: Iin
    surname: str
    given: str
    patronymic: str = ""
    birth_date: date | None = None
    address: str = ""
    """Where the person is registered."""
    residence_address: str = ""
    """Where the person lives in fact."""

    @property
    def named(self) -> bool:
        """False for a person recorded by number alone, until a certificate tells the name."""
        return bool(self.surname or self.given)


@dataclass(frozen=True, slots=True, repr=False)
class Contacts:
    """Where a person is reached; the first of each list is the main one."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted content: readable only with the key of that id and the id of the document it stands in."""

    key_id: str
    box: str


@dataclass(frozen=True, slots=True)
class Person:
    """The vault's record. `iin_lookup` is a keyed digest: it finds a person and tells nothing."""

    person_id: PersonId
    iin_lookup: str
    identity: Sealed


@dataclass(frozen=True, slots=True)
class Account:
    """How a person is served: sealed contacts, language, and since when consent is given."""

    person_id: PersonId
    contacts: Sealed
    language: Language
    has_email: bool = False
    consented_at: datetime | None = None


def email_required(account: Account | None) -> bool:
    """True until the person has agreed and left an e-mail address (R3)."""
    return account is None or not account.has_email or account.consented_at is None


def completed(known: Identity, seen: Identity) -> Identity:
    """What is known, with what was missing in it.

    A name already known stays: what a paper said and what a certificate says may differ, and only a clerk decides. So does
    an address: the person's own word must outlast a list that is imported again.
    """
    told = known
    if not known.named and seen.named:
        born = known.birth_date or seen.birth_date
        told = replace(known, surname=seen.surname, given=seen.given, patronymic=seen.patronymic, birth_date=born)
    return replace(
        told,
        address=known.address or seen.address,
        residence_address=known.residence_address or seen.residence_address,
    )


def postal_address(text: str) -> str:
    """An address in one line, or the empty text; raises ContactsInvalid."""
    line = " ".join(text.split())
    if len(line) > _MAX_POSTAL_ADDRESS or not line.isprintable():
        raise ContactsInvalid
    return line


def contacts(emails: list[str], phones: list[str]) -> Contacts:
    """Contacts from what was typed; raises ContactsInvalid. Doubles are dropped, phones written as +77010000000."""
    tidy_emails = [email.strip() for email in emails]
    tidy_phones = [phone_number(phone) for phone in phones]
    if any(len(email) > _MAX_EMAIL or not _EMAIL.fullmatch(email) for email in tidy_emails):
        raise ContactsInvalid
    return Contacts(tuple(dict.fromkeys(tidy_emails)), tuple(dict.fromkeys(tidy_phones)))


def phone_number(text: str) -> str:
    """A number as +77010000000; the local 8 of Kazakhstan becomes +7. Raises ContactsInvalid."""
    digits = _PHONE_FILLING.sub("", text.strip())
    if len(digits) == 11 and digits.startswith("8"):
        digits = f"+7{digits[1:]}"
    if not _PHONE.fullmatch(digits):
        raise ContactsInvalid
    return digits


def ensure_consent(consent: bool) -> None:
    """Raises ConsentRequired."""
    if not consent:
        raise ConsentRequired
