"""Persons: found by their number, recorded when seen for the first time."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from services.auth.domain import refusals
from services.auth.domain.duties import Duties
from services.auth.domain.ids import PersonId
from services.auth.domain.iin import encoded_birth_date
from services.auth.domain.person import Identity, Person, completed
from services.auth.store import Reading, Store
from services.auth.store.vault import IIN_INDEX
from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists, Stale


@retry_stale
async def recognised(store: Store, seen: Identity, now: datetime) -> PersonId:
    """The person's id; a new one is recorded, and to a known one is added what was missing."""
    found = await store.vault.by_iin(seen.iin)
    if found is None:
        return await _recorded(store, seen, now)
    known = store.vault.identity(found.state)
    told = completed(known, seen)
    if told != known:
        await store.vault.persons.save(found, store.vault.resealed(found.state, told), at=now)
    return found.state.person_id


async def _recorded(store: Store, seen: Identity, now: datetime) -> PersonId:
    person_id = PersonId(str(uuid4()))
    born = seen.birth_date or encoded_birth_date(seen.iin)
    try:
        await store.vault.persons.add(person_id, store.vault.sealed(person_id, replace(seen, birth_date=born)), at=now)
    except AlreadyExists as error:
        if error.index != IIN_INDEX:
            raise
        raise Stale(person_id) from error
    return person_id


@retry_stale
async def give_addresses(
    store: Store, person_id: PersonId, address: str | None, residence_address: str | None, now: datetime
) -> None:
    """The person's own word on where they live; None leaves what is known. Raises NoSuchPerson, PersonErased."""
    found = await _found(store, person_id)
    known = store.vault.identity(found.state)
    told = replace(
        known,
        address=known.address if address is None else address,
        residence_address=known.residence_address if residence_address is None else residence_address,
    )
    if told != known:
        await store.vault.persons.save(found, store.vault.resealed(found.state, told), at=now)


async def identity_of(reading: Reading, person_id: PersonId) -> Identity:
    """The person's identity; raises NoSuchPerson, PersonErased."""
    return reading.vault.identity((await _found(reading, person_id)).state)


async def duties_of(reading: Reading, person_id: PersonId) -> Duties:
    """Roles of a person; none for most."""
    found = await reading.duties.get(person_id)
    return found.state if found else Duties(person_id)


async def _found(reading: Reading, person_id: PersonId) -> Stored[Person]:
    found: Stored[Person] | None = await reading.vault.persons.get(person_id)
    if found is None:
        raise refusals.NoSuchPerson
    return found
