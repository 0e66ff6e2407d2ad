"""The doors of a proof: a code is sent, the person types it in; notify fetches it at the moment of sending."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.gate import Gate
from services.auth.api.refused import Telling
from services.auth.domain.authorisation import Action
from services.auth.domain.ids import ConfirmationId, PersonId
from services.auth.domain.person import Channel, Language
from services.auth.usecases import confirming
from services.auth.usecases.desk import Desk
from services.chassis.clock import Clock
from services.chassis.security import Person

Address = Annotated[str, Field(min_length=1, max_length=254)]


class SendBody(BaseModel):
    """Which of the own addresses is to be proven, as it stands in the contacts."""

    address: Address


class SentAnswer(BaseModel):
    """A code is on its way; until when it is good."""

    channel: Channel
    expires_at: datetime


class ConfirmBody(BaseModel):
    """The code as it was received."""

    address: Address
    code: Annotated[str, Field(min_length=1, max_length=16)]


class CodeAnswer(BaseModel):
    """What is to be sent, and to whom."""

    person_id: str
    language: Language
    channel: Channel
    address: str
    code: str


def doors(desk: Desk, gate: Gate, clock: Clock) -> APIRouter:
    """All about codes."""
    router = APIRouter(tags=["confirmations"], route_class=Telling)

    @router.post("/me/contacts:send-code", status_code=HTTPStatus.ACCEPTED)
    async def send(body: SendBody, person: Annotated[Person, Depends(gate.person(Action.SEND_CODE))]) -> SentAnswer:
        asked = await confirming.ask(desk, PersonId(person.person_id), body.address, clock.now())
        return SentAnswer(channel=asked.channel, expires_at=asked.expires_at)

    @router.post("/me/contacts:confirm", status_code=HTTPStatus.NO_CONTENT)
    async def confirm(
        body: ConfirmBody, person: Annotated[Person, Depends(gate.person(Action.CONFIRM_CONTACT))]
    ) -> None:
        code = "".join(body.code.split())
        await confirming.confirm(desk.store, PersonId(person.person_id), body.address, code, clock.now())

    @router.get("/confirmations/{confirmation_id}")
    async def to_send(confirmation_id: str, _: Annotated[str, Depends(gate.service(Action.READ_CODE))]) -> CodeAnswer:
        found = await confirming.to_send(desk.reading, ConfirmationId(confirmation_id), clock.now())
        return CodeAnswer(
            person_id=found.person_id,
            language=found.language,
            channel=found.channel,
            address=found.address,
            code=found.code,
        )

    return router
