"""Organisations and places enter the system; a repeat with the same id changes nothing."""

from datetime import datetime

from services.chassis.errors import AlreadyExists
from services.vacancy import events
from services.vacancy.domain.ledger import Ledger
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.refusals import NoSuchOrganisation, NotYourOrganisation
from services.vacancy.domain.words import OrganisationId, StreamId
from services.vacancy.usecases.desk import Desk


async def register_organisation(desk: Desk, organisation: Organisation, now: datetime) -> bool:
    """Enter a preschool; False when it is known."""
    try:
        fact = events.registered(organisation)
        await desk.store.organisations.add(organisation.organisation_id, organisation, at=now, facts=(fact,))
    except AlreadyExists:
        return False
    return True


async def enter_place(desk: Desk, place: Place, now: datetime, *, only_of: OrganisationId | None = None) -> bool:
    """Enter a free place; it waits for the next publication (R22). False when it is known.

    A preschool's own staff enter places of their preschool only (`only_of`). Refused: NO_SUCH_ORGANISATION,
    NOT_YOUR_ORGANISATION.
    """
    if only_of is not None and place.organisation_id != only_of:
        raise NotYourOrganisation
    if await desk.store.organisation(place.organisation_id) is None:
        raise NoSuchOrganisation
    await open_ledger(desk, place.stream_id, now)
    try:
        await desk.store.places.add(place.place_id, place, at=now)
    except AlreadyExists:
        return False
    return True


async def open_ledger(desk: Desk, stream_id: StreamId, now: datetime) -> None:
    """The ledger of a stream, with its daily publication due from now on."""
    if await desk.store.ledgers.get(stream_id) is not None:
        return
    ledger = Ledger(stream_id)
    try:
        await desk.store.ledgers.add(stream_id, ledger, at=now, due=desk.next_look(ledger, now))
    except AlreadyExists:
        return
