"""What the doors answer, and how a place becomes an answer; times are UTC, texts are keyed kk, ru, en."""

from datetime import datetime

from pydantic import BaseModel

from contracts.fields import Category, QueueType
from services.vacancy.api import labels
from services.vacancy.api.labels import Label
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.words import Language, Mode, PlaceType
from services.vacancy.usecases import choosing, showing


class GroupCard(BaseModel):
    """Whom a place is for: the stream it belongs to and the language of its group."""

    stream_id: str
    queue_type: QueueType
    queue_type_text: Label
    category: Category | None
    category_text: Label | None
    group_year: int
    language: Language
    language_text: Label
    mode: Mode
    mode_text: Label


class FreePlace(GroupCard):
    """A place as everybody may see it (figure 9)."""

    place_id: str
    organisation_id: str
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    district_text: Label
    phones: tuple[str, ...]
    website: str | None
    latitude: float | None
    longitude: float | None
    place_type: PlaceType
    place_type_text: Label


class OfferedPlace(FreePlace):
    """A place that this child may choose: by its turn until `deadline`, or in free choice as long as it is there."""

    deadline: datetime | None
    queue_number: int | None


class FreeGroup(GroupCard):
    """How many places alike a preschool has: `places` of one queue, language and mode."""

    organisation_id: str
    name_kk: str
    name_ru: str
    district: str
    district_text: Label
    places: int


class HoldAnswer(BaseModel):
    """A place held for a child; `hold_until` is the first moment at which it is too late to sign."""

    hold_id: str
    place_id: str
    application_id: str
    hold_until: datetime
    mode: Mode
    name_kk: str
    name_ru: str
    address_kk: str
    address_ru: str
    language: Language
    language_text: Label


class OwnPlace(BaseModel):
    """The place that the child holds or has taken; `application_id` is the one it was chosen with."""

    hold_id: str
    place_id: str
    application_id: str
    state: str
    hold_until: datetime
    place: FreePlace


class OfferAnswer(BaseModel):
    """What may be chosen now.

    When nothing may, `nothing_because` says why: CHILD_HAS_PLACE (see `own`), NOT_IN_QUEUE (the application does not
    stand in the queue or may not be invited now), NO_PLACES (none of this queue is free), NOT_INVITED (there are places,
    the turn has not come), WINDOW_OVER (there are places, the time to choose has passed or the turn was used).
    """

    application_id: str
    places: list[OfferedPlace]
    nothing_because: showing.Nothing | None
    own: OwnPlace | None


class PlaceAnswer(BaseModel):
    """A place as it was entered; it is shown after the next publication."""

    place_id: str
    state: str


class WithdrawnAnswer(BaseModel):
    """A place that was taken back."""

    place_id: str
    state: str
    withdrawal_id: str | None


def offer(application_id: str, offer: showing.Offer) -> OfferAnswer:
    """The list of figure 9."""
    offered = [
        OfferedPlace(
            **_place(each.place, each.organisation),
            deadline=each.right.invitation.deadline if each.right.invitation else None,
            queue_number=each.right.invitation.queue_number if each.right.invitation else None,
        )
        for each in offer.places
    ]
    own = _own(*offer.own) if offer.own is not None else None
    return OfferAnswer(application_id=application_id, places=offered, nothing_because=offer.nothing, own=own)


def held(held: choosing.HeldPlace) -> HoldAnswer:
    """The answer to a yes."""
    return HoldAnswer(
        hold_id=held.hold.hold_id,
        place_id=held.place.place_id,
        application_id=held.hold.application_id,
        hold_until=held.hold.hold_until,
        mode=held.hold.mode,
        name_kk=held.organisation.name_kk,
        name_ru=held.organisation.name_ru,
        address_kk=held.organisation.address_kk,
        address_ru=held.organisation.address_ru,
        language=held.place.language,
        language_text=labels.LANGUAGE[held.place.language],
    )


def free_place(place: Place, organisation: Organisation) -> FreePlace:
    """A free place for everybody."""
    return FreePlace(**_place(place, organisation))


def free_group(group: showing.Group) -> FreeGroup:
    """Places alike for everybody."""
    organisation = group.organisation
    return FreeGroup(
        **_group(group.like),
        organisation_id=organisation.organisation_id,
        name_kk=organisation.name_kk,
        name_ru=organisation.name_ru,
        district=organisation.district,
        district_text=labels.district(organisation.district),
        places=group.places,
    )


def _own(place: Place, organisation: Organisation) -> OwnPlace | None:
    hold = place.hold
    if hold is None:
        return None
    return OwnPlace(
        hold_id=hold.hold_id,
        place_id=place.place_id,
        application_id=hold.application_id,
        state=place.state.value,
        hold_until=hold.hold_until,
        place=free_place(place, organisation),
    )


def _place(place: Place, organisation: Organisation) -> dict[str, object]:
    card = ("name_kk", "name_ru", "kind_kk", "kind_ru", "address_kk", "address_ru", "district", "phones", "website")
    shown = {name: getattr(organisation, name) for name in (*card, "latitude", "longitude")}
    own = {name: getattr(place, name) for name in ("place_id", "organisation_id", "place_type")}
    texts = {
        "place_type_text": labels.PLACE_TYPE[place.place_type],
        "district_text": labels.district(organisation.district),
    }
    return _group(place) | shown | own | texts


def _group(place: Place) -> dict[str, object]:
    _, queue_type, category, _ = place.stream_id.split(":")
    of_type = QueueType(queue_type.upper())
    known = Category(category) if category in Category.__members__ else None
    return {
        "stream_id": place.stream_id,
        "queue_type": of_type,
        "queue_type_text": labels.QUEUE_TYPE[of_type],
        "category": known,
        "category_text": labels.CATEGORY[known] if known else None,
        "group_year": place.group_year,
        "language": place.language,
        "language_text": labels.LANGUAGE[place.language],
        "mode": place.mode,
        "mode_text": labels.MODE[place.mode] if place.mode else None,
    }
