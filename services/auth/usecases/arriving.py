"""What is remembered of a login, and what the person is told because of it."""

from datetime import datetime

from services.auth import events
from services.auth.domain import familiar
from services.auth.domain.address import network_of
from services.auth.domain.familiar import Familiar
from services.auth.domain.ids import PersonId
from services.auth.domain.session import Session
from services.auth.store import Store
from services.chassis.aggregates import retry_stale


@retry_stale
async def arrived(
    store: Store, opened: Session, address: str | None, key_until: datetime | None, now: datetime
) -> None:
    """Remembers browser, network and key, each only as a keyed digest or a date; says so when a place is new."""
    person_id = opened.person_id
    found = await store.familiar.get(person_id)
    before = found.state if found else Familiar(person_id)
    browser = store.look_up.familiar(person_id, f"browser/{opened.browser}") if opened.browser else None
    network = store.look_up.familiar(person_id, f"network/{network_of(address)}") if address else None
    after, new = familiar.arrived(before, browser, network)
    if key_until is not None:
        after = familiar.key_seen(after, key_until)
    if after != before:
        facts = (events.signed_in_from_new_place(opened),) if new else ()
        await store.familiar.keep(person_id, found, after, at=now, facts=facts, due=after.due)


@retry_stale
async def remind(store: Store, id: str, now: datetime) -> None:
    """Says once that a person's newest login key runs out; of one that has run out already, and to a person who was
    erased, nothing is said."""
    found = await store.familiar.get(id)
    if found is None or found.state.due is None or now < found.state.due:
        return
    person = await store.vault.persons.get(id)
    gone = person is not None and person.state.erased is not None
    until = None if gone else familiar.key_ending(found.state, now)
    facts = (events.certificate_expiring(PersonId(id), until),) if until is not None else ()
    await store.familiar.save(found, familiar.told(found.state), at=now, facts=facts)
