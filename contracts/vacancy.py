"""What vacancy says: organisations and their places to the whole city, holds to the services only.

Where two aggregates share the name of a fact, the class begins with its aggregate: `PlaceStatedV1`.
"""

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Fact
from contracts.fields import (
    Code,
    GroupYear,
    Id,
    Language,
    Latitude,
    Longitude,
    Mode,
    Moment,
    Ordinal,
    PlaceState,
    PlaceType,
    StreamId,
)


class OrganisationFact(Fact):
    """The public card of a preschool."""

    topic: ClassVar[str] = "zholdama.vacancy.organisation.v1"

    organisation_id: Id
    name_kk: str
    name_ru: str
    bin: str
    """Business identification number of the organisation."""
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: tuple[str, ...] = ()
    website: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None

    def key(self) -> str:
        """The organisation."""
        return self.organisation_id

    def subject(self) -> str:
        """The organisation."""
        return self.organisation_id


class OrganisationRegisteredV1(OrganisationFact):
    """A preschool entered the system."""

    type: ClassVar[str] = "vacancy.organisation.registered.v1"


class OrganisationStatedV1(OrganisationFact):
    """The preschool as it is, said again for those who came later."""

    type: ClassVar[str] = "vacancy.organisation.stated.v1"


class PlaceFact(Fact):
    """The public state of a place; never the child who holds it."""

    topic: ClassVar[str] = "zholdama.vacancy.place.v1"

    place_id: Id
    organisation_id: Id
    stream_id: StreamId
    """The queue that the place is for: a property of the group, not of a person."""
    group_year: GroupYear
    language: Language
    place_type: PlaceType
    state: PlaceState
    mode: Mode | None = None
    """Whom it is open to; absent while it is open to nobody."""

    def key(self) -> str:
        """The place."""
        return self.place_id

    def subject(self) -> str:
        """The place."""
        return self.place_id


class PublishedV1(PlaceFact):
    """The place was published to the queue (R22)."""

    type: ClassVar[str] = "vacancy.place.published.v1"


class OpenedToAllV1(PlaceFact):
    """The place is in free choice for every child of its stream (R25)."""

    type: ClassVar[str] = "vacancy.place.opened_to_all.v1"


class OccupiedV1(PlaceFact):
    """The place was taken."""

    type: ClassVar[str] = "vacancy.place.occupied.v1"


class WithdrawnV1(PlaceFact):
    """The organisation took a published place back."""

    type: ClassVar[str] = "vacancy.place.withdrawn.v1"

    withdrawal_id: Id
    token_owed: bool
    """Whether queue has to burn a token for it, once per `withdrawal_id`."""


class VacatedV1(PlaceFact):
    """The place became free again and waits for a publication."""

    type: ClassVar[str] = "vacancy.place.vacated.v1"


class PlaceStatedV1(PlaceFact):
    """The place as it is, said again for those who came later."""

    type: ClassVar[str] = "vacancy.place.stated.v1"


class PlaceCard(BaseModel):
    """What the parent saw of the place when choosing it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    place_id: Id
    organisation_id: Id
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: tuple[str, ...] = ()
    website: str | None = None
    language: Language
    place_type: PlaceType
    group_year: GroupYear
    stream_id: StreamId


class HoldFact(Fact):
    """A place kept for one child while its choice is signed."""

    topic: ClassVar[str] = "zholdama.vacancy.hold.v1"

    hold_id: Id
    place_id: Id
    stream_id: StreamId
    application_id: Id
    child_id: Id
    held_by: Id
    """The guardian who said yes."""
    mode: Mode
    invitation_id: Id | None = None
    queue_number: Ordinal | None = None
    """From the invitation; absent in free choice."""
    hold_until: Moment
    place: PlaceCard

    def key(self) -> str:
        """The place."""
        return self.place_id

    def subject(self) -> str:
        """The place."""
        return self.place_id


class HeldV1(HoldFact):
    """The place is held."""

    type: ClassVar[str] = "vacancy.hold.held.v1"


class ReleasedV1(HoldFact):
    """The hold ended without a signature."""

    type: ClassVar[str] = "vacancy.hold.released.v1"

    reason: Code | None = None


class TakenV1(HoldFact):
    """The choice was signed: the place is the child's."""

    type: ClassVar[str] = "vacancy.hold.taken.v1"


class PublicationFact(Fact):
    """The last publication that promised places of a stream to the first of its queue: `n` tokens."""

    topic: ClassVar[str] = "zholdama.vacancy.publication.v1"

    stream_id: StreamId
    publication_id: Id
    n: Ordinal
    day: date
    """The day of the publication in the city's time zone."""

    def key(self) -> str:
        """The stream."""
        return self.stream_id

    def subject(self) -> str:
        """The stream."""
        return self.stream_id


class OpenedV1(PublicationFact):
    """A publication promises `n` places of a stream to the first of its queue: n tokens."""

    type: ClassVar[str] = "vacancy.publication.opened.v1"


class PublicationStatedV1(PublicationFact):
    """The stream's last publication, said again for those who came later; brings no new token."""

    type: ClassVar[str] = "vacancy.publication.stated.v1"
