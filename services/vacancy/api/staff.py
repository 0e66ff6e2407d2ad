"""Doors of the department and of preschools: places are entered and taken back (R21)."""

import re
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from contracts import fields
from services.chassis.clock import Clock
from services.chassis.errors import Forbidden
from services.chassis.security import Person, Tokens
from services.vacancy.api.answers import PlaceAnswer, WithdrawnAnswer
from services.vacancy.domain.place import Place
from services.vacancy.domain.words import Language, OrganisationId, PersonId, PlaceId, PlaceType, StreamId
from services.vacancy.usecases import entering, withdrawing
from services.vacancy.usecases.desk import Desk

_TWELVE_DIGITS = re.compile(r"\d{12}")


def _names_nobody(text: str) -> str:
    if _TWELVE_DIGITS.search(text):
        raise ValueError("a number of twelve digits may be somebody's")
    return text


Reason = Annotated[str, Field(min_length=3, max_length=300), AfterValidator(_names_nobody)]
"""Why, in words; it stays in this service and names no child."""


class PlaceRequest(BaseModel):
    """A free place of a group. `place_id` may be given so that a repeat of the request enters one place."""

    model_config = ConfigDict(extra="forbid")

    place_id: UUID | None = None
    organisation_id: UUID
    stream_id: fields.StreamId
    group_year: fields.GroupYear
    language: Language
    place_type: PlaceType = PlaceType.GENERAL_USE

    @model_validator(mode="after")
    def _year_of_the_stream(self) -> Self:
        if not self.stream_id.endswith(f":{self.group_year}"):
            raise ValueError("the stream is of another group year")
        return self


class WithdrawRequest(BaseModel):
    """Why a place is taken back; an officer may insist where it is promised to a family of the queue."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason
    insist: bool = False


def staff_doors(router: APIRouter, desk: Desk, tokens: Tokens, clock: Clock) -> None:
    """Adds them."""
    staff = Annotated[Person, Depends(tokens.staff("clerk", "officer", "preschool"))]

    @router.post("/places", status_code=HTTPStatus.CREATED)
    async def enter(body: PlaceRequest, response: Response, person: staff) -> PlaceAnswer:
        """Enter a free place: the department's staff anywhere, a preschool's staff at their own."""
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
        if not await entering.enter_place(desk, place, now, only_of=_bound_to(person)):
            response.status_code = HTTPStatus.OK
        return PlaceAnswer(place_id=place.place_id, state=place.state.value)

    @router.post("/places/{place_id}:withdraw")
    async def withdraw(place_id: UUID, body: WithdrawRequest, person: staff) -> WithdrawnAnswer:
        """Take a free place back. The same request again changes nothing."""
        if body.insist and "officer" not in person.roles:
            raise Forbidden("only an officer of the department may insist")
        asked = withdrawing.Asked(
            place_id=PlaceId(str(place_id)),
            by=PersonId(person.person_id),
            reason=body.reason,
            insisted=body.insist,
            only_of=_bound_to(person),
        )
        place = await withdrawing.withdraw(desk, asked, clock.now())
        gone_by = place.withdrawal.withdrawal_id if place.withdrawal else None
        return WithdrawnAnswer(place_id=place.place_id, state=place.state.value, withdrawal_id=gone_by)


def _bound_to(person: Person) -> OrganisationId | None:
    """The preschool whose places alone this person may touch; None for the department's staff."""
    return None if person.roles & {"clerk", "officer"} else OrganisationId(person.organisation_id or "")
