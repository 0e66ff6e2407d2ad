"""The doors of the own sessions."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.gate import Gate
from services.auth.domain.authorisation import Action
from services.auth.domain.ids import PersonId, SessionId
from services.auth.domain.iin import parse_iin
from services.auth.usecases import sessions
from services.auth.usecases.desk import Desk
from services.chassis.clock import Clock
from services.chassis.security import Person


class OpenSession(BaseModel):
    """One of the own sessions. `browser` is a hint such as `Chrome, Windows`, or empty; `current`: the one that asks."""

    session_id: str
    opened_at: datetime
    last_used_at: datetime
    ends_at: datetime
    browser: str
    current: bool


class WhoseBody(BaseModel):
    """Whose sessions staff end."""

    iin: Annotated[str, Field(max_length=12)]


class EndedAnswer(BaseModel):
    """How many sessions were ended."""

    ended: int


def doors(desk: Desk, gate: Gate, clock: Clock) -> APIRouter:
    """Sessions are seen and ended."""
    router = APIRouter(tags=["sessions"])

    @router.get("/sessions")
    async def own(person: Annotated[Person, Depends(gate.person(Action.LIST_SESSIONS))]) -> list[OpenSession]:
        alive = await sessions.living(desk.reading, PersonId(person.person_id), clock.now())
        return [
            OpenSession(
                session_id=each.session_id,
                opened_at=each.opened_at,
                last_used_at=each.last_used_at,
                ends_at=each.ends_at,
                browser=each.browser,
                current=each.session_id == person.session_id,
            )
            for each in alive
        ]

    @router.post("/sessions/{session_id}:end", status_code=HTTPStatus.NO_CONTENT)
    async def end(session_id: str, person: Annotated[Person, Depends(gate.person(Action.END_SESSION))]) -> None:
        await sessions.end(desk.store, PersonId(person.person_id), SessionId(session_id), clock.now())

    @router.post("/sessions:end-all", status_code=HTTPStatus.NO_CONTENT)
    async def end_all(person: Annotated[Person, Depends(gate.person(Action.END_ALL_SESSIONS))]) -> None:
        """Logs the person out everywhere, here too."""
        await sessions.end_all(desk.store, PersonId(person.person_id), clock.now())

    @router.post("/persons:end-sessions")
    async def end_all_of(
        body: WhoseBody, person: Annotated[Person, Depends(gate.person(Action.END_SESSIONS_OF))]
    ) -> EndedAnswer:
        """Logs another person out everywhere: a key or a telephone was lost."""
        iin, by = parse_iin(body.iin), PersonId(person.person_id)
        return EndedAnswer(ended=await sessions.end_all_of(desk.store, iin, by, clock.now()))

    return router
