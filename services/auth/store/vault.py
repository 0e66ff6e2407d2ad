"""Persons and their accounts: sealed on the way in, opened on the way out, nowhere readable in between."""

import json
from datetime import date
from typing import Any

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Account, Contacts, Identity, Person, Sealed
from services.auth.store.sealing import LookUp, Sealing
from services.chassis.aggregates import Aggregates, Stored
from services.chassis.mongo import Database, Index

IIN_INDEX = "one_person_per_iin"
INDEXES = (Index("persons", ("iin_lookup",), IIN_INDEX, unique=True),)


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

    def identity(self, person: Person) -> Identity:
        """The person as known; raises SealBroken."""
        told = self._open(person.identity, f"persons/{person.person_id}")
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

    def contacts(self, account: Account) -> Contacts:
        """Contacts as given; raises SealBroken."""
        told = self._open(account.contacts, f"accounts/{account.person_id}")
        return Contacts(tuple(told["emails"]), tuple(told["phones"]))

    def _open(self, sealed: Sealed, belongs_to: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._sealing.open(sealed, belongs_to))
        return told


class Vault(VaultReads):
    """The same collections for whoever also writes."""

    def __init__(self, database: Database, sealing: Sealing, look_up: LookUp) -> None:
        super().__init__(database, sealing, look_up)
        self.persons: Aggregates[Person] = database.aggregates("persons", Person)
        self.accounts: Aggregates[Account] = database.aggregates("accounts", Account)

    def sealed(self, person_id: PersonId, identity: Identity) -> Person:
        """The person as stored."""
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
        return Person(person_id, self._look_up.of(identity.iin), self._seal(told, f"persons/{person_id}"))

    def sealed_contacts(self, person_id: PersonId, contacts: Contacts) -> Sealed:
        """Contacts as stored."""
        told = {"emails": contacts.emails, "phones": contacts.phones}
        return self._seal(told, f"accounts/{person_id}")

    def _seal(self, told: dict[str, Any], belongs_to: str) -> Sealed:
        return self._sealing.seal(json.dumps(told, ensure_ascii=False).encode(), belongs_to)
