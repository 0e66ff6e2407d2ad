"""A person: what the vault holds sealed, and how the person can be reached."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.refusals import ConsentRequired, ContactsInvalid, NoSuchContact

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
    ENGLISH = "en"


class Channel(StrEnum):
    """The way to an address."""

    EMAIL = "email"
    SMS = "sms"


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

    @property
    def erased(self) -> bool:
        """True for a person whose key was destroyed: nothing is known any more."""
        return not self.iin


@dataclass(frozen=True, slots=True, repr=False)
class Contacts:
    """Where a person is reached; the first of each list is the main one."""

    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    """Those of both lists that have been proven by a code."""

    def channel_of(self, address: str) -> Channel:
        """The way to one of these addresses; raises NoSuchContact for any other."""
        if address in self.emails:
            return Channel.EMAIL
        if address in self.phones:
            return Channel.SMS
        raise NoSuchContact

    def with_proofs_of(self, before: "Contacts") -> "Contacts":
        """These, with what was proven before and still stands in them: a changed address is to be proven again."""
        proven = tuple(each for each in before.confirmed if each in {*self.emails, *self.phones})
        return replace(self, confirmed=proven)

    def with_proof_of(self, address: str) -> "Contacts":
        """These, with one address proven; raises NoSuchContact. Proving twice is proving once."""
        self.channel_of(address)
        return replace(self, confirmed=tuple(dict.fromkeys((*self.confirmed, address))))


ERASED = Identity(Iin(""), "", "")
"""What is left to tell of a person who was erased."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Encrypted content: readable only with the key of that id and the id of the document it stands in."""

    key_id: str
    box: str


SUBJECTS_KEY = "subject"
"""The key id of what is sealed with the person's own key, which is kept, itself sealed, in the person's record."""
NO_KEY = ""
EMPTY = Sealed(NO_KEY, "")
"""Stands where something was sealed that has been erased."""


class ErasureReason(StrEnum):
    """Why a person is erased."""

    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    RETENTION_OVER = "RETENTION_OVER"
    RECORDED_BY_MISTAKE = "RECORDED_BY_MISTAKE"
    COURT_DECISION = "COURT_DECISION"


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a person was erased; `by` is absent when an operator did it by a command."""

    at: datetime
    reason: ErasureReason
    by: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The vault's record. The look-ups are keyed digests: they find a person and tell nothing.

    `key` seals everything that names this person, wherever it stands; without it none of that can be opened. It is absent in
    records older than such keys, until the vault's keys are rotated, and in those of persons who were erased.
    """

    person_id: PersonId
    iin_lookup: str
    identity: Sealed
    key: Sealed | None = None
    surname_lookup: str | None = None
    erased: Erasure | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """How a person is served: sealed contacts, language, and since when consent is given."""

    person_id: PersonId
    contacts: Sealed
    language: Language
    has_email: bool = False
    consented_at: datetime | None = None


def erased(person: Person, erasure: Erasure) -> Person:
    """The record without its key and look-ups: an id that names nobody, and when and why that is so."""
    return Person(person.person_id, f"erased/{person.person_id}", EMPTY, erased=erasure)


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


def contact(text: str) -> str:
    """One address of either kind as it is kept; raises ContactsInvalid."""
    found = contacts([text], []) if "@" in text else contacts([], [text])
    return (*found.emails, *found.phones)[0]


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
