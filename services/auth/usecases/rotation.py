"""Rotation of the vault's keys: everything sealed is sealed anew with the newest key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.auth.domain.person import Account, Person, Sealed
from services.auth.domain.signature import Signature
from services.auth.store import Store
from services.chassis.aggregates import Aggregates
from services.chassis.errors import Stale

_PAGE = 200


async def rotate(store: Store, now: datetime) -> dict[str, int]:
    """Seals anew what an older key has sealed and returns how many documents of which collection.

    It may be stopped and begun again, and runs beside the service: a document that changes meanwhile is taken up once more.
    """

    def renewed(sealed: Sealed, belongs_to: str) -> Sealed:
        return store.sealing.seal(store.sealing.open(sealed, belongs_to), belongs_to)

    def person(known: Person) -> Person:
        return replace(known, identity=renewed(known.identity, f"persons/{known.person_id}"))

    def account(known: Account) -> Account:
        return replace(known, contacts=renewed(known.contacts, f"accounts/{known.person_id}"))

    def signature(known: Signature) -> Signature:
        return replace(known, evidence=renewed(known.evidence, f"signatures/{known.signature_id}"))

    newest = store.sealing.newest
    return {
        "persons": await _each(store.vault.persons, "identity", newest, person, now),
        "accounts": await _each(store.vault.accounts, "contacts", newest, account, now),
        "signatures": await _each(store.signatures, "evidence", newest, signature, now),
    }


async def _each(
    aggregates: Aggregates[Any], field: str, newest: str, renewed: Callable[[Any], Any], now: datetime
) -> int:
    count = 0
    while found := await aggregates.find({f"{field}.key_id": {"$ne": newest}}, limit=_PAGE):
        for stored in found:
            try:
                await aggregates.save(stored, renewed(stored.state), at=now)
            except Stale:
                continue
            count += 1
    return count
