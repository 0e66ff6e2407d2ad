"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.vacancy.api import answers
from services.vacancy.api.answers import FreeGroup, FreePlace, HoldAnswer, OfferAnswer
from services.vacancy.api.staff import staff_doors
from services.vacancy.domain.words import ApplicationId, PersonId, PlaceId
from services.vacancy.store import Reading
from services.vacancy.usecases import choosing, showing
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
    "PLACE_PROMISED": HTTPStatus.CONFLICT,
    "CANNOT_BE_WITHDRAWN": HTTPStatus.CONFLICT,
}


class HoldRequest(BaseModel):
    """For which application."""

    model_config = ConfigDict(extra="forbid")

    application_id: UUID


def doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """The doors of this service."""
    router = APIRouter()
    _family_doors(router, desk, tokens, reads, clock)
    staff_doors(router, desk, tokens, clock)
    _public_doors(router, desk.reading)
    return router


def _family_doors(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    @router.get("/places")
    async def places(
        application_id: Annotated[UUID, Query()], person: Annotated[Person, Depends(tokens.person)]
    ) -> OfferAnswer:
        """The places that the child of this application may choose now."""
        now = clock.now()
        asked = (PersonId(person.person_id), ApplicationId(str(application_id)))
        offer = await showing.offer(desk.reading, *asked, now)
        await reads.by_guardian(person, (offer.child_id,), "offered_places", now)
        return answers.offer(str(application_id), offer)

    @router.post("/places/{place_id}/holds", status_code=HTTPStatus.CREATED)
    async def hold(place_id: UUID, body: HoldRequest, person: Annotated[Person, Depends(tokens.person)]) -> HoldAnswer:
        """Yes: the place is held while the choice is signed. The same request again gives the same hold."""
        application_id = ApplicationId(str(body.application_id))
        held = await choosing.hold(
            desk, PersonId(person.person_id), application_id, PlaceId(str(place_id)), clock.now()
        )
        return answers.held(held)


def _public_doors(router: APIRouter, reading: Reading) -> None:
    @router.get("/bulletin")
    async def bulletin() -> list[FreePlace]:
        """The city's free places, one by one, for everybody (R47)."""
        return [answers.free_place(place, organisation) for place, organisation in await showing.bulletin(reading)]

    @router.get("/bulletin/groups")
    async def groups() -> list[FreeGroup]:
        """The city's free places counted by preschool, queue, language and mode, for everybody (R47)."""
        return [answers.free_group(group) for group in await showing.groups(reading)]
