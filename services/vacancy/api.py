"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.words import (
    ApplicationId,
    Language,
    OrganisationId,
    PersonId,
    PlaceId,
    PlaceType,
    StreamId,
)
from services.vacancy.usecases import choosing, entering, showing
from services.vacancy.usecases.desk import Desk

STATUSES: Mapping[str, int] = {
    "NOT_YOUR_CHILD": HTTPStatus.NOT_FOUND,
    "NO_SUCH_PLACE": HTTPStatus.NOT_FOUND,
    "NO_SUCH_ORGANISATION": HTTPStatus.NOT_FOUND,
    "NOT_YOUR_ORGANISATION": HTTPStatus.FORBIDDEN,
    "PLACE_TAKEN": HTTPStatus.CONFLICT,
    "CHILD_HAS_PLACE": HTTPStatus.CONFLICT,
    "NOT_INVITED": HTTPStatus.CONFLICT,
    "WINDOW_OVER": HTTPStatus.CONFLICT,
    "NOT_IN_QUEUE": HTTPStatus.CONFLICT,
}
STREAM = r"^[a-z][a-z-]{1,30}:[a-z]{3,20}:[A-Z]{3,20}:20[0-9]{2}$"


class FreePlace(BaseModel):
    """A place as everybody may see it; times are UTC."""

    place_id: str
    organisation_id: str
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: tuple[str, ...]
    website: str | None
    latitude: float | None
    longitude: float | None
    language: Language
    place_type: PlaceType
    group_year: int
    stream_id: str
    mode: Literal["PRIORITY", "FREE_CHOICE"]


class OfferedPlace(FreePlace):
    """A place that this child may choose: by its turn until `deadline`, or in free choice as long as it is there."""

    deadline: datetime | None
    queue_number: int | None


class HoldAnswer(BaseModel):
    """A place held for a child; `hold_until` is the first moment at which it is too late to sign."""

    hold_id: str
    place_id: str
    application_id: str
    hold_until: datetime
    mode: Literal["PRIORITY", "FREE_CHOICE"]
    name_kk: str
    name_ru: str
    address_kk: str
    address_ru: str
    language: Language


class OwnPlace(BaseModel):
    """The place that the child holds or has taken."""

    hold_id: str
    place_id: str
    state: str
    hold_until: datetime


class OfferAnswer(BaseModel):
    """What may be chosen now; when nothing may, `nothing_because` is a stable code of why."""

    application_id: str
    places: list[OfferedPlace]
    nothing_because: str | None
    own: OwnPlace | None


class HoldRequest(BaseModel):
    """For which application."""

    model_config = ConfigDict(extra="forbid")

    application_id: UUID


class PlaceRequest(BaseModel):
    """A free place of a group. `place_id` may be given so that a repeat of the request enters one place."""

    model_config = ConfigDict(extra="forbid")

    place_id: UUID | None = None
    organisation_id: UUID
    stream_id: Annotated[str, Field(pattern=STREAM)]
    group_year: Annotated[int, Field(ge=2000, le=2099)]
    language: Language
    place_type: PlaceType = PlaceType.GENERAL_USE

    @model_validator(mode="after")
    def _year_of_the_stream(self) -> Self:
        if not self.stream_id.endswith(f":{self.group_year}"):
            raise ValueError("the stream is of another group year")
        return self


class PlaceAnswer(BaseModel):
    """A place as it was entered; it is shown after the next publication."""

    place_id: str
    state: str


def doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """The doors of this service."""
    router = APIRouter()
    _family_doors(router, desk, tokens, reads, clock)
    _staff_doors(router, desk, tokens, clock)

    @router.get("/bulletin")
    async def bulletin() -> list[FreePlace]:
        """The city's free places, for everybody (R47)."""
        return [FreePlace(**_public(place, organisation)) for place, organisation in await showing.bulletin(desk)]

    return router


def _family_doors(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    @router.get("/places")
    async def places(
        application_id: Annotated[UUID, Query()], person: Annotated[Person, Depends(tokens.person)]
    ) -> OfferAnswer:
        """The places that the child of this application may choose now."""
        now = clock.now()
        offer = await showing.offer(desk, PersonId(person.person_id), ApplicationId(str(application_id)), now)
        await reads.by_guardian(person, (offer.child_id,), "offered_places", now)
        return _offer(str(application_id), offer)

    @router.post("/places/{place_id}/holds", status_code=HTTPStatus.CREATED)
    async def hold(place_id: UUID, body: HoldRequest, person: Annotated[Person, Depends(tokens.person)]) -> HoldAnswer:
        """Yes: the place is held while the choice is signed. The same request again gives the same hold."""
        application_id = ApplicationId(str(body.application_id))
        held = await choosing.hold(
            desk, PersonId(person.person_id), application_id, PlaceId(str(place_id)), clock.now()
        )
        return _held(held)


def _staff_doors(router: APIRouter, desk: Desk, tokens: Tokens, clock: Clock) -> None:
    @router.post("/places", status_code=HTTPStatus.CREATED)
    async def enter(
        body: PlaceRequest,
        response: Response,
        person: Annotated[Person, Depends(tokens.staff("clerk", "officer", "preschool"))],
    ) -> PlaceAnswer:
        """Enter a free place (R21): the department's staff anywhere, a preschool's staff at their own."""
        now = clock.now()
        place = Place(
            place_id=PlaceId(str(body.place_id or uuid4())),
            organisation_id=OrganisationId(str(body.organisation_id)),
            stream_id=StreamId(body.stream_id),
            group_year=body.group_year,
            language=body.language,
            place_type=body.place_type,
            entered_at=now,
        )
        department = person.roles & {"clerk", "officer"}
        only_of = None if department else OrganisationId(person.organisation_id or "")
        if not await entering.enter_place(desk, place, now, only_of=only_of):
            response.status_code = HTTPStatus.OK
        return PlaceAnswer(place_id=place.place_id, state=place.state.value)


def _offer(application_id: str, offer: showing.Offer) -> OfferAnswer:
    own = None
    if offer.own is not None and offer.own.hold is not None:
        hold = offer.own.hold
        own = OwnPlace(
            hold_id=hold.hold_id, place_id=offer.own.place_id, state=offer.own.state.value, hold_until=hold.hold_until
        )
    offered = [
        OfferedPlace(
            **_public(each.place, each.organisation),
            deadline=each.right.invitation.deadline if each.right.invitation else None,
            queue_number=each.right.invitation.queue_number if each.right.invitation else None,
        )
        for each in offer.places
    ]
    return OfferAnswer(application_id=application_id, places=offered, nothing_because=offer.refusal, own=own)


def _held(held: choosing.HeldPlace) -> HoldAnswer:
    return HoldAnswer(
        hold_id=held.hold.hold_id,
        place_id=held.place.place_id,
        application_id=held.hold.application_id,
        hold_until=held.hold.hold_until,
        mode=held.hold.mode.value,
        name_kk=held.organisation.name_kk,
        name_ru=held.organisation.name_ru,
        address_kk=held.organisation.address_kk,
        address_ru=held.organisation.address_ru,
        language=held.place.language,
    )


def _public(place: Place, organisation: Organisation) -> dict[str, object]:
    card = ("name_kk", "name_ru", "kind_kk", "kind_ru", "address_kk", "address_ru", "district", "phones", "website")
    shown = {name: getattr(organisation, name) for name in (*card, "latitude", "longitude")}
    own = ("place_id", "organisation_id", "language", "place_type", "group_year", "stream_id", "mode")
    return shown | {name: getattr(place, name) for name in own}
