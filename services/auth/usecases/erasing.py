"""Erasure: the key of a person is destroyed, and with it everything that names the person, wherever it stands."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import structlog

from services.auth import events
from services.auth.domain import guardianship
from services.auth.domain.familiar import Familiar
from services.auth.domain.guardianship import Basis, Change, Guardianship
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import EMPTY, NO_KEY, SUBJECTS_KEY, Erasure, ErasureReason, erased
from services.auth.domain.refusals import HoldsRoles, NoSuchPerson, OnlyGuardian
from services.auth.store import Store
from services.auth.usecases.people import duties_of
from services.auth.usecases.sessions import end_all
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")

_PAGE = 100
_NOBODYS = ""
"""Stands where the digest of an address stood."""


@retry_stale
async def erase(
    store: Store, person_id: PersonId, reason: ErasureReason, now: datetime, by: PersonId | None = None
) -> None:
    """Ends the sessions, takes the person off the children, forgets what is familiar, and destroys the key.

    Erasing twice is erasing once. Raises NoSuchPerson, HoldsRoles, OnlyGuardian. The key goes last, in one write with the
    look-ups: until then all can be repeated and a repeat finishes what was begun; afterwards nothing can be opened.
    """
    found = await store.vault.persons.get(person_id)
    if found is None:
        raise NoSuchPerson
    if (await duties_of(store, person_id)).roles:
        raise HoldsRoles
    if found.state.erased is None:
        wards = await _wards(store, person_id)
        await end_all(store, person_id, now)
        for child_id in wards:
            await _take_off(store, child_id, person_id, by, now)
        await _forget_contacts(store, person_id, now)
        await _forget_confirmations(store, person_id, now)
        await _forget_familiar(store, person_id, now)
        await _forget_older_evidence(store, person_id, now)
        await store.vault.persons.save(found, erased(found.state, Erasure(now, reason, by)), at=now)
        log.info("auth.person.erased", person_id=person_id, reason=reason, by=by)


async def erase_by_iin(store: Store, iin: Iin, reason: ErasureReason, now: datetime) -> PersonId:
    """The same for an operator who has the number; raises as `erase` does."""
    found = await store.vault.by_iin(iin)
    if found is None:
        raise NoSuchPerson
    await erase(store, found.state.person_id, reason, now)
    return found.state.person_id


async def _wards(store: Store, person_id: PersonId) -> list[ChildId]:
    """The children to be taken off. Raises OnlyGuardian, before anything is written.

    A child who was erased needs nobody to act for it: two ids that name nobody may stay together, and a family whose
    retention is over can be erased whole, the children first.
    """
    wards: list[ChildId] = []
    async for ward in _guarded(store, person_id):
        child = await store.vault.persons.get(ward.child_id)
        if child is None or child.state.erased is None:
            _ensure_others(ward)
            wards.append(ward.child_id)
    return wards


async def _guarded(store: Store, person_id: PersonId) -> AsyncIterator[Guardianship]:
    beyond = ""
    while page := await store.guardianships.find(
        {"guardians": person_id, "_id": {"$gt": beyond}}, limit=_PAGE, sort=[("_id", 1)]
    ):
        for stored in page:
            yield stored.state
        beyond = page[-1].id


def _ensure_others(ward: Guardianship) -> None:
    if len(ward.guardians) == 1:
        raise OnlyGuardian


@retry_stale
async def _take_off(store: Store, child_id: ChildId, person_id: PersonId, by: PersonId | None, now: datetime) -> None:
    """Ends one link and says so; one that is ended already stays so. Raises OnlyGuardian when the others have just gone."""
    found = await store.guardianships.get(child_id)
    if found is None or person_id not in found.state.guardians:
        return
    _ensure_others(found.state)
    after = guardianship.unlinked(found.state, Change(now, person_id, linked=False, basis=Basis.ERASURE, by=by))
    await store.guardianships.save(found, after, at=now, facts=(events.unlinked(after, person_id),))


async def _forget_contacts(store: Store, person_id: PersonId, now: datetime) -> None:
    found = await store.vault.accounts.get(person_id)
    if found is not None:
        await store.vault.accounts.save(found, replace(found.state, contacts=EMPTY, has_email=False), at=now)


async def _forget_confirmations(store: Store, person_id: PersonId, now: datetime) -> None:
    """No code is worth anything any more, and the digest of its address is gone."""
    kept = {"person_id": person_id, "contact": {"$ne": _NOBODYS}}
    while found := await store.confirmations.all.find(kept, limit=_PAGE):
        for stored in found:
            over = replace(stored.state, contact=_NOBODYS, expires_at=min(stored.state.expires_at, now))
            await store.confirmations.all.save(stored, over, at=now)


async def _forget_familiar(store: Store, person_id: PersonId, now: datetime) -> None:
    """Browsers, networks and the key's end, with the moment at which that end would have been told."""
    found = await store.familiar.get(person_id)
    if found is not None and found.state != Familiar(person_id):
        await store.familiar.save(found, Familiar(person_id), at=now)


async def _forget_older_evidence(store: Store, person_id: PersonId, now: datetime) -> None:
    """Evidence from before persons had keys of their own is taken out: the vault's key would still open it."""
    older = {"person_id": person_id, "evidence.key_id": {"$nin": [SUBJECTS_KEY, NO_KEY]}}
    while found := await store.signatures.find(older, limit=_PAGE):
        for stored in found:
            await store.signatures.save(stored, replace(stored.state, evidence=EMPTY), at=now)
