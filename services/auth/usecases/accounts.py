"""Contacts, language and consent of a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.person import Account, Contacts, Language, ensure_consent
from services.auth.domain.refusals import NoSuchContact
from services.auth.store import Reading, Store
from services.chassis.aggregates import Stored, retry_stale


@dataclass(frozen=True, slots=True)
class Reachable:
    """How one guardian is reached."""

    person_id: PersonId
    language: Language
    contacts: Contacts


@retry_stale
async def give_contacts(
    store: Store, person_id: PersonId, contacts: Contacts, language: Language, consent: bool, now: datetime
) -> Account:
    """The person's own word: contacts, language and consent. The first consent's time is kept (R3).

    What was proven stays so while it stands in the contacts.
    """
    ensure_consent(consent)
    found = await store.vault.accounts.get(person_id)
    consented_at = (found.state.consented_at if found else None) or now
    proven = contacts.with_proofs_of(await store.vault.contacts(found.state) if found else Contacts())
    account = await _account(store, person_id, proven, language, consented_at)
    return await _kept(store, found, account, now)


@retry_stale
async def confirm(store: Store, person_id: PersonId, address: str, now: datetime) -> None:
    """An address is proven. Raises NoSuchContact for one that is no longer the person's."""
    found = await store.vault.accounts.get(person_id)
    if found is None:
        raise NoSuchContact
    proven = (await store.vault.contacts(found.state)).with_proof_of(address)
    sealed = await store.vault.sealed_contacts(person_id, proven)
    await _kept(store, found, replace(found.state, contacts=sealed), now)


@retry_stale
async def take_over_contacts(
    store: Store, person_id: PersonId, contacts: Contacts, language: Language, now: datetime
) -> None:
    """Contacts from a paper that was imported: never over what is already known, and no consent."""
    found = await store.vault.accounts.get(person_id)
    if contacts == Contacts() or (found is not None and await store.vault.contacts(found.state) != Contacts()):
        return
    language = found.state.language if found else language
    await _kept(store, found, await _account(store, person_id, contacts, language, None), now)


@retry_stale
async def choose_language(store: Store, person_id: PersonId, language: Language, now: datetime) -> None:
    """The language a person reads in; one who has not left contacts yet may choose it too."""
    found = await store.vault.accounts.get(person_id)
    known = found.state if found else await _account(store, person_id, Contacts(), language, None)
    if found is None or known.language is not language:
        await _kept(store, found, replace(known, language=language), now)


async def reachable_guardians(reading: Reading, child_id: ChildId) -> list[Reachable]:
    """All guardians with anything to reach them by, at this moment; an unknown child has none."""
    found = await reading.guardianships.get(child_id)
    guardians = list(found.state.guardians) if found else []
    return await reachable(reading, guardians)


async def reachable(reading: Reading, person_ids: list[PersonId]) -> list[Reachable]:
    """Those of the persons who have left anything to reach them by, in the order asked for."""
    accounts = await reading.vault.accounts.find({"_id": {"$in": person_ids}}, limit=len(person_ids) or 1)
    by_id = {stored.id: stored.state for stored in accounts}
    known = [by_id[person_id] for person_id in person_ids if person_id in by_id]
    found_at = [Reachable(each.person_id, each.language, await reading.vault.contacts(each)) for each in known]
    return [each for each in found_at if each.contacts != Contacts()]


async def _account(
    store: Store, person_id: PersonId, contacts: Contacts, language: Language, consented_at: datetime | None
) -> Account:
    sealed = await store.vault.sealed_contacts(person_id, contacts)
    return Account(person_id, sealed, language, bool(contacts.emails), consented_at)


async def _kept(store: Store, found: Stored[Account] | None, account: Account, now: datetime) -> Account:
    await store.vault.accounts.keep(account.person_id, found, account, at=now)
    return account
