"""Contacts, language and consent of a person."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.person import Account, Contacts, Language, ensure_consent
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
    """The person's own word: contacts, language and consent. The first consent's time is kept (R3)."""
    ensure_consent(consent)
    found = await store.vault.accounts.get(person_id)
    consented_at = (found.state.consented_at if found else None) or now
    account = _account(store, person_id, contacts, language, consented_at)
    return await _kept(store, found, account, now)


@retry_stale
async def take_over_contacts(
    store: Store, person_id: PersonId, contacts: Contacts, language: Language, now: datetime
) -> None:
    """Contacts from a paper that was imported: never over what is already known, and no consent."""
    found = await store.vault.accounts.get(person_id)
    if contacts == Contacts() or (found is not None and store.vault.contacts(found.state) != Contacts()):
        return
    language = found.state.language if found else language
    await _kept(store, found, _account(store, person_id, contacts, language, None), now)


@retry_stale
async def choose_language(store: Store, person_id: PersonId, language: Language, now: datetime) -> None:
    """The language a person reads in; one who has not left contacts yet may choose it too."""
    found = await store.vault.accounts.get(person_id)
    known = found.state if found else _account(store, person_id, Contacts(), language, None)
    if found is None or known.language is not language:
        await _kept(store, found, replace(known, language=language), now)


async def reachable_guardians(reading: Reading, child_id: ChildId) -> list[Reachable]:
    """All guardians with anything to reach them by, at this moment; an unknown child has none."""
    found = await reading.guardianships.get(child_id)
    guardians = list(found.state.guardians) if found else []
    accounts = await reading.vault.accounts.find({"_id": {"$in": guardians}}, limit=len(guardians) or 1)
    by_id = {stored.id: stored.state for stored in accounts}
    known = [by_id[person_id] for person_id in guardians if person_id in by_id]
    found_at = [Reachable(each.person_id, each.language, reading.vault.contacts(each)) for each in known]
    return [each for each in found_at if each.contacts != Contacts()]


def _account(
    store: Store, person_id: PersonId, contacts: Contacts, language: Language, consented_at: datetime | None
) -> Account:
    sealed = store.vault.sealed_contacts(person_id, contacts)
    return Account(person_id, sealed, language, bool(contacts.emails), consented_at)


async def _kept(store: Store, found: Stored[Account] | None, account: Account, now: datetime) -> Account:
    await store.vault.accounts.keep(account.person_id, found, account, at=now)
    return account
