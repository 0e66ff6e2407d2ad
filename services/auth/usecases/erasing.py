"""Erasure: the key of a person is destroyed, and with it everything that names the person, wherever it stands."""

from dataclasses import replace
from datetime import datetime

import structlog

from services.auth.domain.ids import PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import EMPTY, NO_KEY, SUBJECTS_KEY, Erasure, ErasureReason, erased
from services.auth.domain.refusals import HoldsRoles, NoSuchPerson
from services.auth.store import Store
from services.auth.usecases.people import duties_of
from services.auth.usecases.sessions import end_all
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")

_PAGE = 100


@retry_stale
async def erase(
    store: Store, person_id: PersonId, reason: ErasureReason, now: datetime, by: PersonId | None = None
) -> None:
    """Ends the sessions and destroys the key; erasing twice is erasing once. Raises NoSuchPerson, HoldsRoles.

    The key goes last, in one write with the look-ups: until then all can be repeated, afterwards nothing can be opened.
    """
    found = await store.vault.persons.get(person_id)
    if found is None:
        raise NoSuchPerson
    if (await duties_of(store, person_id)).roles:
        raise HoldsRoles
    if found.state.erased is None:
        await end_all(store, person_id, now)
        await _forget_contacts(store, person_id, now)
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


async def _forget_contacts(store: Store, person_id: PersonId, now: datetime) -> None:
    found = await store.vault.accounts.get(person_id)
    if found is not None:
        await store.vault.accounts.save(found, replace(found.state, contacts=EMPTY, has_email=False), at=now)


async def _forget_older_evidence(store: Store, person_id: PersonId, now: datetime) -> None:
    """Evidence from before persons had keys of their own is taken out: the vault's key would still open it."""
    older = {"person_id": person_id, "evidence.key_id": {"$nin": [SUBJECTS_KEY, NO_KEY]}}
    while found := await store.signatures.find(older, limit=_PAGE):
        for stored in found:
            await store.signatures.save(stored, replace(stored.state, evidence=EMPTY), at=now)
