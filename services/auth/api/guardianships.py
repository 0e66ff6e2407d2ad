"""The doors of guardians: the other parent asks to join, the first answers, staff link and unlink from a paper."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.auth.api.cards import Id
from services.auth.api.gate import Gate
from services.auth.api.persons import ChildBody, StatementAnswer
from services.auth.api.refused import Telling
from services.auth.domain.application import application_number
from services.auth.domain.authorisation import Action
from services.auth.domain.guardianship import REQUEST_LIFE, UnlinkReason
from services.auth.domain.ids import ChildId, JoinRequestId, PersonId
from services.auth.domain.iin import parse_iin
from services.auth.usecases import clerks, joining, unlinking
from services.auth.usecases.desk import Desk
from services.auth.usecases.guardians import ChildNamed
from services.auth.usecases.joining import Asked
from services.auth.usecases.tokens import STATEMENT_LIFE
from services.chassis.clock import Clock
from services.chassis.security import Person

IinText = Annotated[str, Field(max_length=12)]


class JoinBody(BaseModel):
    """What the other parent knows of the application."""

    application_number: Annotated[str, Field(max_length=32)]
    child_iin: IinText


class JoinAnswer(BaseModel):
    """The question was taken; whether the pair was right is not told. Unanswered, a right one is over at `expires_at`."""

    expires_at: datetime


class AskerAnswer(BaseModel):
    """Who asks, by name."""

    surname: str
    given: str
    patronymic: str


class RequestAnswer(BaseModel):
    """A request that this guardian may answer."""

    request_id: str
    child_id: str
    asker: AskerAnswer
    asked_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, asked: Asked) -> Self:
        """For a guardian of the child."""
        name = AskerAnswer(surname=asked.asker.surname, given=asked.asker.given, patronymic=asked.asker.patronymic)
        return cls(
            request_id=asked.request_id,
            child_id=asked.child_id,
            asker=name,
            asked_at=asked.asked_at,
            expires_at=asked.expires_at,
        )


class PaperBody(BaseModel):
    """The paper that staff have before them."""

    number: Annotated[str, Field(max_length=100)]
    issued_on: date


class LinkBody(BaseModel):
    """Who is to be a guardian of whom."""

    child_iin: IinText
    guardian_iin: IinText
    paper: PaperBody


class ClerksFilingBody(LinkBody):
    """For which child a clerk asks a statement; `child` is needed only for one nobody has filed for yet."""

    child: ChildBody | None = None


class LinkAnswer(BaseModel):
    """The ids of both."""

    child_id: str
    person_id: str


class UnlinkBody(BaseModel):
    """Who is to be a guardian no longer, and why."""

    person_id: Id
    reason: UnlinkReason
    paper: PaperBody


def doors(desk: Desk, gate: Gate, clock: Clock) -> APIRouter:
    """All about guardians."""
    router = APIRouter(prefix="/guardianships", tags=["guardians"], route_class=Telling)
    outer = APIRouter(tags=["guardians"], route_class=Telling)
    _of_parents(router, desk, gate, clock)
    _of_staff(router, outer, desk, gate, clock)

    @outer.post("/guardianships:join", status_code=HTTPStatus.ACCEPTED)
    async def join(
        body: JoinBody, request: Request, person: Annotated[Person, Depends(gate.person(Action.ASK_TO_JOIN))]
    ) -> JoinAnswer:
        number, child_iin, now = application_number(body.application_number), parse_iin(body.child_iin), clock.now()
        await joining.join(desk, PersonId(person.person_id), number, child_iin, gate.stranger(request), now)
        return JoinAnswer(expires_at=now + REQUEST_LIFE)

    outer.include_router(router)
    return outer


def _of_parents(router: APIRouter, desk: Desk, gate: Gate, clock: Clock) -> None:
    @router.get("/requests")
    async def requests(
        person: Annotated[Person, Depends(gate.person(Action.LIST_REQUESTS))],
    ) -> list[RequestAnswer]:
        waiting = await joining.waiting(desk.reading, PersonId(person.person_id), clock.now())
        return [RequestAnswer.of(each) for each in waiting]

    @router.post("/requests/{request_id}:confirm", status_code=HTTPStatus.NO_CONTENT)
    async def confirm(request_id: str, person: Annotated[Person, Depends(gate.person(Action.CONFIRM_REQUEST))]) -> None:
        await joining.confirm(desk.store, PersonId(person.person_id), JoinRequestId(request_id), clock.now())

    @router.post("/requests/{request_id}:refuse", status_code=HTTPStatus.NO_CONTENT)
    async def refuse(request_id: str, person: Annotated[Person, Depends(gate.person(Action.REFUSE_REQUEST))]) -> None:
        await joining.refuse(desk.store, PersonId(person.person_id), JoinRequestId(request_id), clock.now())


def _of_staff(router: APIRouter, outer: APIRouter, desk: Desk, gate: Gate, clock: Clock) -> None:
    @outer.post("/guardianships:link")
    async def link(body: LinkBody, person: Annotated[Person, Depends(gate.person(Action.LINK_GUARDIAN))]) -> LinkAnswer:
        now, by = clock.now(), PersonId(person.person_id)
        shown = unlinking.paper(body.paper.number, body.paper.issued_on, now)
        child_iin, guardian_iin = parse_iin(body.child_iin), parse_iin(body.guardian_iin)
        child_id, guardian_id = await unlinking.link_by_paper(desk.store, child_iin, guardian_iin, shown, by, now)
        return LinkAnswer(child_id=child_id, person_id=guardian_id)

    @outer.post("/statements/clerk-filing")
    async def filing(
        body: ClerksFilingBody, person: Annotated[Person, Depends(gate.person(Action.STATE_CLERKS_FILING))]
    ) -> StatementAnswer:
        now = clock.now()
        shown = unlinking.paper(body.paper.number, body.paper.issued_on, now)
        named = ChildNamed(**body.child.model_dump()) if body.child else None
        family = clerks.Family(parse_iin(body.child_iin), parse_iin(body.guardian_iin), shown, named)
        statement = await clerks.filing_statement(desk, PersonId(person.person_id), family, now)
        return StatementAnswer(statement=statement, expires_at=now + STATEMENT_LIFE)

    @router.post("/{child_id}:unlink", status_code=HTTPStatus.NO_CONTENT)
    async def unlink(
        child_id: str, body: UnlinkBody, person: Annotated[Person, Depends(gate.person(Action.UNLINK_GUARDIAN))]
    ) -> None:
        now, by = clock.now(), PersonId(person.person_id)
        shown = unlinking.paper(body.paper.number, body.paper.issued_on, now)
        guardian_id = PersonId(body.person_id)
        await unlinking.unlink(desk.store, ChildId(child_id), guardian_id, body.reason, shown, by, now)
