"""The door that is asked most: where does the child stand now."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.queue.domain.words import ApplicationId, PersonId
from services.queue.usecases.desk import Desk
from services.queue.usecases.position import Numbers


class PositionAnswer(BaseModel):
    """The number, the number within the privilege (0 for none), and between which numbers the turns may move it."""

    application_id: str
    number: int | None
    number_in_privilege: int
    number_range: dict[str, int] | None = Field(description="`from` and `to`")
    rules: str


def position_door(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    """Adds the door."""
    numbers = Numbers(desk.reading)

    @router.get("/applications/{application_id}/position", response_model=PositionAnswer)
    async def position(application_id: str, person: Annotated[Person, Depends(tokens.person)]) -> Response:
        now = clock.now()
        rules = desk.rules(now)
        asked = (PersonId(person.person_id), ApplicationId(application_id))
        child_id, at = await numbers.of(*asked, rules.calendar.local_day(now))
        await reads.by_guardian(person, [child_id], "position", now)
        said = {
            "application_id": application_id,
            "number": at.number if at else None,
            "number_in_privilege": at.number_in_privilege if at else 0,
            "number_range": {"from": at.lowest, "to": at.highest} if at else None,
            "rules": rules.version,
        }
        return Response(orjson.dumps(said), media_type="application/json")
