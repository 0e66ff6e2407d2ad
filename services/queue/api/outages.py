"""The door of the department for outages: what a family could not help is given back to it."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.chassis.clock import Clock
from services.chassis.security import Person, Tokens
from services.queue.domain.outages import Outage, OutageCause
from services.queue.domain.words import OutageId, PersonId
from services.queue.usecases import outages
from services.queue.usecases.desk import Desk


class OutageBody(BaseModel):
    """An outage with its own zone in both times. `outage_id` may be given so that a repeat enters one record."""

    model_config = ConfigDict(extra="forbid")

    outage_id: UUID | None = None
    began_at: AwareDatetime
    ended_at: AwareDatetime
    cause: OutageCause


class OutageAnswer(BaseModel):
    """A record; `applied_at` is empty until every window of that time has been prolonged."""

    outage_id: str
    began_at: datetime
    ended_at: datetime
    cause: str
    recorded_at: datetime
    entered_by: str | None
    policy: str
    applied_at: datetime | None


def outage_doors(desk: Desk, tokens: Tokens, clock: Clock) -> APIRouter:
    """The doors for the department's officers."""
    router = APIRouter(tags=["outages"])
    officer = Annotated[Person, Depends(tokens.staff("officer"))]

    @router.post("/outages", status_code=HTTPStatus.CREATED)
    async def enter(body: OutageBody, person: officer) -> OutageAnswer:
        """Record an outage: windows of that time are prolonged by the rule."""
        outage_id, by = OutageId(str(body.outage_id or uuid4())), PersonId(person.person_id)
        span = (body.began_at, body.ended_at)
        return _answer(await outages.enter(desk, outage_id, by, span, body.cause, clock.now()))

    @router.get("/outages")
    async def listed(_: officer) -> list[OutageAnswer]:
        """The records, latest first."""
        return [_answer(each) for each in await outages.listed(desk)]

    return router


def _answer(outage: Outage) -> OutageAnswer:
    return OutageAnswer(
        outage_id=outage.outage_id,
        began_at=outage.began_at,
        ended_at=outage.ended_at,
        cause=outage.cause,
        recorded_at=outage.recorded_at,
        entered_by=outage.entered_by,
        policy=outage.policy,
        applied_at=outage.applied_at,
    )
