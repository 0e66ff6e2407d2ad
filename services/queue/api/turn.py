"""The door by which a family lets a turn go by: the place goes to somebody else sooner, and its own place stays."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends

from services.chassis.clock import Clock
from services.chassis.security import Person, Tokens
from services.queue.domain.words import ApplicationId, PersonId
from services.queue.usecases import turns
from services.queue.usecases.asking import seen_by
from services.queue.usecases.desk import Desk


def turn_doors(desk: Desk, tokens: Tokens, clock: Clock) -> APIRouter:
    """The doors of a turn."""
    router = APIRouter(tags=["turns"])
    person_in_session = Annotated[Person, Depends(tokens.person)]

    @router.post("/applications/{application_id}:refuse-turn", status_code=HTTPStatus.NO_CONTENT)
    async def refuse(application_id: str, person: person_in_session) -> None:
        """Refuse the turn that came. Refused itself: NOT_INVITED, CHOICE_IN_PROGRESS."""
        stored = await seen_by(desk.reading, PersonId(person.person_id), ApplicationId(application_id))
        await turns.refuse(desk, stored.state.stream_id, stored.state.application_id, clock.now())

    return router
