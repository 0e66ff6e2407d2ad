"""One place or one ledger is loaded, decided on, and saved with what it says."""

from collections.abc import Callable
from datetime import datetime

from services.chassis.aggregates import retry_stale
from services.vacancy import events
from services.vacancy.domain.ledger import Ledger
from services.vacancy.domain.place import Change, Place
from services.vacancy.domain.words import PlaceId, StreamId
from services.vacancy.usecases.desk import Desk


@retry_stale
async def change_place(desk: Desk, place_id: PlaceId, decide: Callable[[Place], Change], now: datetime) -> None:
    """Apply a decision to a place; one that changes nothing writes nothing, an unknown place is passed over."""
    stored = await desk.store.places.get(place_id)
    if stored is None:
        return
    place, said = decide(stored.state)
    if place is stored.state:
        return
    organisation = await desk.store.organisation(place.organisation_id)
    if organisation is None:
        raise LookupError(f"place {place_id} is of an organisation that is not registered")
    facts = events.of_place(place, organisation, said)
    waits = place.hold is not None and not place.hold.confirmed
    await desk.store.places.save(stored, place, at=now, facts=facts, due=now if waits else None)


@retry_stale
async def change_ledger(desk: Desk, stream_id: StreamId, decide: Callable[[Ledger], Ledger], now: datetime) -> Ledger:
    """Apply a decision to a stream's ledger, one without promises when there is none yet; the ledger after it."""
    stored = await desk.store.ledgers.get(stream_id)
    before = stored.state if stored else Ledger(stream_id)
    after = decide(before)
    if after is not before:
        await desk.store.ledgers.keep(stream_id, stored, after, at=now, due=desk.next_look(after, now))
    return after
