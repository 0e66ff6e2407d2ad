"""Persons: found by their number, recorded when seen for the first time."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from services.auth.domain import refusals
from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.domain.iin import encoded_birth_date
from services.auth.domain.person import Duties, Identity, Person, Role
from services.auth.store import Store
from services.auth.store.vault import IIN_INDEX
from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists, Stale


@retry_stale
async def recognised(store: Store, seen: Identity, now: datetime) -> PersonId:
    """The person's id; a new one is recorded, and one known by number alone gets the name told now.

    A name already known stays: what a paper said and what a certificate says may differ, and only a clerk decides.
    """
    found = await store.vault.by_iin(seen.iin)
    if found is None:
        return await _recorded(store, seen, now)
    known = store.vault.identity(found.state)
    if not known.named and seen.named:
        told = replace(seen, birth_date=known.birth_date or seen.birth_date)
        await store.vault.persons.save(found, store.vault.sealed(found.state.person_id, told), at=now)
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


async def identity_of(store: Store, person_id: PersonId) -> Identity:
    """The person's identity; raises NoSuchPerson."""
    found: Stored[Person] | None = await store.vault.persons.get(person_id)
    if found is None:
        raise refusals.NoSuchPerson
    return store.vault.identity(found.state)


async def duties_of(store: Store, person_id: PersonId) -> Duties:
    """Roles of a person; none for most."""
    found = await store.duties.get(person_id)
    return found.state if found else Duties(person_id)


@retry_stale
async def grant(
    store: Store, person_id: PersonId, role: Role, organisation_id: OrganisationId | None, now: datetime
) -> Duties:
    """Gives a role; giving it twice changes nothing but the organisation, when one is named."""
    found = await store.duties.get(person_id)
    known = found.state if found else Duties(person_id)
    roles = known.roles if role in known.roles else (*known.roles, role)
    duties = replace(known, roles=roles, organisation_id=organisation_id or known.organisation_id)
    if found is None or duties != known:
        await store.duties.keep(person_id, found, duties, at=now)
    return duties
