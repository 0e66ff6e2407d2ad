"""Persons and their accounts: sealed on the way in, opened on the way out, nowhere readable in between.

Everything about a person is sealed with the person's own key. It stands in the person's record, itself sealed with a key of
the vault, and nowhere else: once it is gone, nothing of that person can be opened, wherever it stands.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import ERASED, NO_KEY, SUBJECTS_KEY, Account, Contacts, Identity, Person, Sealed
from services.auth.domain.refusals import PersonErased
from services.auth.domain.surname import FoldedSurname, folded
from services.auth.store.sealing import LookUp, Sealing, SubjectSealing
from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index

IIN_INDEX = "one_person_per_iin"
INDEXES = (
    Index("persons", ("iin_lookup",), IIN_INDEX, unique=True),
    Index("persons", ("surname_lookup", "_id"), "persons_of_a_surname"),
)


class VaultReads:
    """The collections `persons` and `accounts` for whoever only asks."""

    def __init__(self, database: Database, sealing: Sealing, look_up: LookUp) -> None:
        self.persons = database.reads("persons", Person)
        self.accounts = database.reads("accounts", Account)
        self._sealing = sealing
        self._look_up = look_up

    async def by_iin(self, iin: Iin) -> Stored[Person] | None:
        """The person with this number, or None."""
        found = await self.persons.find({"iin_lookup": self._look_up.of(iin)}, limit=1)
        return found[0] if found else None

    async def id_or_nobody(self, iin: Iin) -> PersonId:
        """The id of the person with this number, or for a number unknown here an id that names nobody.

        Both cost the same work, and asked again both are the same: an answer does not tell whether the number is known.
        """
        nobody = self._look_up.nobody(iin)
        found = await self.persons.ids({"iin_lookup": self._look_up.of(iin)}, limit=1)
        return PersonId(found[0] if found else nobody)

    async def by_ids(self, person_ids: list[PersonId]) -> list[Stored[Person]]:
        """Those of the persons that exist."""
        return await self.persons.find({"_id": {"$in": list(person_ids)}}, limit=len(person_ids) or 1)

    async def by_surname(self, surname: FoldedSurname, beyond: PersonId, *, limit: int) -> list[Stored[Person]]:
        """Persons of this surname in the order of their ids, from the one after `beyond` on."""
        query = {"surname_lookup": self._look_up.surname(surname), "_id": {"$gt": beyond}}
        return await self.persons.find(query, limit=limit, sort=[("_id", 1)])

    def identity(self, person: Person) -> Identity:
        """The person as known; raises PersonErased, SealBroken."""
        told = json.loads(self._opened(person, person.identity, f"persons/{person.person_id}"))
        born = date.fromisoformat(told["birth_date"]) if told["birth_date"] else None
        return Identity(
            iin=Iin(told["iin"]),
            surname=told["surname"],
            given=told["given"],
            patronymic=told["patronymic"],
            birth_date=born,
            address=told.get("address", ""),
            residence_address=told.get("residence_address", ""),
        )

    def card(self, person: Person) -> Identity:
        """The same, and of a person who was erased that this is so; raises SealBroken."""
        return ERASED if person.erased else self.identity(person)

    async def contacts(self, account: Account) -> Contacts:
        """Contacts as given; none of a person who was erased. Raises SealBroken."""
        if account.contacts.key_id == NO_KEY:
            return Contacts()
        try:
            box = await self.opened(account.person_id, account.contacts, f"accounts/{account.person_id}")
        except PersonErased:
            return Contacts()
        told = json.loads(box)
        return Contacts(tuple(told["emails"]), tuple(told["phones"]), tuple(told.get("confirmed", ())))

    async def opened(self, person_id: PersonId | None, sealed: Sealed, belongs_to: str) -> bytes:
        """Content that is sealed for this person, or with a key of the vault; raises PersonErased, SealBroken."""
        found = await self.persons.get(person_id) if person_id and sealed.key_id == SUBJECTS_KEY else None
        return self._opened(found.state if found else None, sealed, belongs_to)

    def _opened(self, person: Person | None, sealed: Sealed, belongs_to: str) -> bytes:
        if sealed.key_id == NO_KEY or (person is not None and person.erased):
            raise PersonErased
        own = self._own(person) if sealed.key_id == SUBJECTS_KEY else None
        return (own or self._sealing).open(sealed, belongs_to)

    def _own(self, person: Person | None) -> SubjectSealing | None:
        return self._sealing.with_key(person.key, person.person_id) if person and person.key else None


class Vault(VaultReads):
    """The same collections for whoever also writes."""

    def __init__(self, database: Database, sealing: Sealing, look_up: LookUp) -> None:
        super().__init__(database, sealing, look_up)
        self.persons: Aggregates[Person] = database.aggregates("persons", Person)
        self.accounts: Aggregates[Account] = database.aggregates("accounts", Account)

    def sealed(self, person_id: PersonId, identity: Identity) -> Person:
        """A new person as stored, with a key of the own."""
        return self.resealed(Person(person_id, "", Sealed(NO_KEY, "")), identity)

    def resealed(self, known: Person, identity: Identity) -> Person:
        """A known person as stored, sealed with the own key; raises SealBroken."""
        key = known.key or self._sealing.new_key(known.person_id)
        born = identity.birth_date.isoformat() if identity.birth_date else None
        told = {
            "iin": identity.iin,
            "surname": identity.surname,
            "given": identity.given,
            "patronymic": identity.patronymic,
            "birth_date": born,
            "address": identity.address,
            "residence_address": identity.residence_address,
        }
        surname = folded(identity.surname)
        return replace(
            known,
            iin_lookup=self._look_up.of(identity.iin),
            identity=self._sealing.with_key(key, known.person_id).seal(_text(told), f"persons/{known.person_id}"),
            key=key,
            surname_lookup=self._look_up.surname(surname) if surname else None,
        )

    async def sealed_contacts(self, person_id: PersonId, contacts: Contacts) -> Sealed:
        """Contacts as stored; raises PersonErased."""
        found = await self.persons.get(person_id)
        if found is not None and found.state.erased:
            raise PersonErased
        own = self._own(found.state if found else None)
        told = {"emails": contacts.emails, "phones": contacts.phones, "confirmed": contacts.confirmed}
        return (own or self._sealing).seal(_text(told), f"accounts/{person_id}")

    async def sealed_for(
        self, candidates: list[PersonId | None], content: bytes, belongs_to: str
    ) -> tuple[PersonId | None, Sealed]:
        """Sealed with the own key of the first of these who has one, and who that is; else with a key of the vault."""
        for person_id in candidates:
            found = await self.persons.get(person_id) if person_id else None
            own = self._own(found.state if found else None)
            if found is not None and own is not None:
                return found.state.person_id, own.seal(content, belongs_to)
        return None, self._sealing.seal(content, belongs_to)


def _text(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
