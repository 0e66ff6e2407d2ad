"""Out: what an organisation, a place or a ledger says, as a contract."""

from collections.abc import Iterable
from typing import assert_never

from contracts import fields, vacancy
from contracts.envelope import Fact
from services.chassis.aggregates import Stored
from services.vacancy.domain.ledger import Ledger, Opened
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import (
    Held,
    Hold,
    OpenedToAll,
    Place,
    PlaceFact,
    Published,
    Released,
    Taken,
    Vacated,
    Withdrawn,
)


def registered(organisation: Organisation) -> Fact:
    """An organisation entered the system."""
    return vacancy.OrganisationRegisteredV1(**_organisation(organisation))


def organisation_stated(stored: Stored[Organisation]) -> Fact:
    """An organisation as it is."""
    return vacancy.OrganisationStatedV1(**_organisation(stored.state))


def place_stated(stored: Stored[Place]) -> Fact | None:
    """A place as it is; one that was never published is told to nobody before its hour (R22)."""
    return vacancy.PlaceStatedV1(**_place(stored.state)) if stored.state.published_at is not None else None


def publication_stated(stored: Stored[Ledger]) -> Fact | None:
    """A stream's last publication; before the first there is nothing to tell."""
    last = stored.state.last_opened
    return vacancy.PublicationStatedV1(**_opened(stored.state, last)) if last is not None else None


def opened(ledger: Ledger, said: Opened | None) -> list[Fact]:
    """The tokens that a publication sends to the queue."""
    return [] if said is None else [vacancy.OpenedV1(**_opened(ledger, said))]


def of_place(place: Place, organisation: Organisation, said: Iterable[PlaceFact]) -> list[Fact]:
    """What happened to a place. The city hears nothing of holds; that it was taken, it hears without the child."""
    return [fact for each in said for fact in _of_place(place, organisation, each)]


def _of_place(place: Place, organisation: Organisation, said: PlaceFact) -> list[Fact]:
    match said:
        case Published():
            return [vacancy.PublishedV1(**_place(place))]
        case OpenedToAll():
            return [vacancy.OpenedToAllV1(**_place(place))]
        case Held(hold):
            return [vacancy.HeldV1(**_hold(place, organisation, hold))]
        case Released(hold, reason):
            return [vacancy.ReleasedV1(**_hold(place, organisation, hold), reason=reason)]
        case Taken(hold):
            taken = vacancy.TakenV1(**_hold(place, organisation, hold))
            return [taken, vacancy.OccupiedV1(**_place(place))]
        case Withdrawn(withdrawal_id, token_owed):
            return [vacancy.WithdrawnV1(**_place(place), withdrawal_id=withdrawal_id, token_owed=token_owed)]
        case Vacated():
            return [vacancy.VacatedV1(**_place(place))]
    assert_never(said)


def _opened(ledger: Ledger, said: Opened) -> dict[str, object]:
    about = said.publication
    return {"stream_id": ledger.stream_id, "publication_id": about.publication_id, "n": said.n, "day": about.day}


def _organisation(organisation: Organisation) -> dict[str, object]:
    names = vacancy.OrganisationFact.model_fields
    return {name: getattr(organisation, name) for name in names}


def _place(place: Place) -> dict[str, object]:
    return {
        "place_id": place.place_id,
        "organisation_id": place.organisation_id,
        "stream_id": place.stream_id,
        "group_year": place.group_year,
        "language": place.language.value,
        "place_type": place.place_type.value,
        "state": place.state.value,
        "mode": place.mode.value if place.mode else None,
    }


def _hold(place: Place, organisation: Organisation, hold: Hold) -> dict[str, object]:
    return {
        "hold_id": hold.hold_id,
        "place_id": place.place_id,
        "stream_id": place.stream_id,
        "application_id": hold.application_id,
        "child_id": hold.child_id,
        "held_by": hold.held_by,
        "mode": fields.Mode(hold.mode.value),
        "invitation_id": hold.invitation_id,
        "queue_number": hold.queue_number,
        "hold_until": hold.hold_until,
        "place": _card(place, organisation),
    }


def _card(place: Place, organisation: Organisation) -> vacancy.PlaceCard:
    return vacancy.PlaceCard(
        place_id=place.place_id,
        organisation_id=place.organisation_id,
        name_kk=organisation.name_kk,
        name_ru=organisation.name_ru,
        kind_kk=organisation.kind_kk,
        kind_ru=organisation.kind_ru,
        address_kk=organisation.address_kk,
        address_ru=organisation.address_ru,
        district=organisation.district,
        phones=organisation.phones,
        website=organisation.website,
        language=fields.Language(place.language.value),
        place_type=fields.PlaceType(place.place_type.value),
        group_year=place.group_year,
        stream_id=place.stream_id,
    )
