"""Rotation of the vault's keys: the keys of persons, and what no person's key seals, are sealed anew with the newest key."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.auth.domain.ids import PersonId
from services.auth.domain.person import NO_KEY, SUBJECTS_KEY, Account, Person
from services.auth.domain.signature import Signature
from services.auth.store import Store
from services.chassis.aggregates import Aggregates, retry_stale

_PAGE = 200
_SEALED_BY_THE_VAULT = {"$nin": [SUBJECTS_KEY, NO_KEY]}


async def rotate(store: Store, now: datetime) -> dict[str, int]:
    """Seals anew what an older key has sealed and returns how many documents of which collection.

    A record older than the persons' own keys is given one and sealed with it; what is sealed so already costs its key alone.
    It may be stopped and begun again, and runs beside the service: a document that changes meanwhile is taken up once more.
    """
    newest = store.sealing.newest

    async def person(known: Person) -> Person:
        if known.key is None:
            return store.vault.resealed(known, store.vault.identity(known))
        return replace(known, key=store.sealing.rewrapped(known.key, known.person_id))

    async def account(known: Account) -> Account:
        return replace(known, contacts=await store.vault.sealed_contacts(known.person_id, await contacts(known)))

    async def signature(known: Signature) -> Signature:
        subjects = [known.person_id, PersonId(known.child_id) if known.child_id else None]
        content, place = await store.evidence_of(known), f"signatures/{known.signature_id}"
        sealed_for, evidence = await store.vault.sealed_for(subjects, content, place)
        if evidence.key_id == known.evidence.key_id:
            return known
        return replace(known, evidence=evidence, sealed_for=sealed_for)

    contacts, unwrapped = store.vault.contacts, {"erased": {"$exists": False}, "key.key_id": {"$ne": newest}}
    return {
        "persons": await _all(store.vault.persons, unwrapped, person, now),
        "accounts": await _all(store.vault.accounts, {"contacts.key_id": _SEALED_BY_THE_VAULT}, account, now),
        "signatures": await _all(store.signatures, {"evidence.key_id": _SEALED_BY_THE_VAULT}, signature, now),
    }


async def _all(
    aggregates: Aggregates[Any],
    query: Mapping[str, Any],
    renewed: Callable[[Any], Awaitable[Any]],
    now: datetime,
) -> int:
    """In the order of ids, so that what is left as it is (no person's own, sealed by the newest key) is met once."""
    count, beyond = 0, ""
    while found := await aggregates.find({**query, "_id": {"$gt": beyond}}, limit=_PAGE, sort=[("_id", 1)]):
        for stored in found:
            count += await _one(aggregates, stored.id, renewed, now)
        beyond = found[-1].id
    return count


@retry_stale
async def _one(
    aggregates: Aggregates[Any], document_id: str, renewed: Callable[[Any], Awaitable[Any]], now: datetime
) -> bool:
    stored = await aggregates.get(document_id)
    after = None if stored is None else await renewed(stored.state)
    if stored is None or after == stored.state:
        return False
    await aggregates.save(stored, after, at=now)
    return True
