"""The office's doors: a clerk files in a guardian's name, reviews, enters papers; an officer lifts and answers appeals.

Every look at a child's record is told before the answer leaves.
"""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import Clock
from services.chassis.errors import Forbidden
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.queue.api.answers import CardAnswer, card
from services.queue.api.family import AppealAnswer
from services.queue.domain.actions import office_actions
from services.queue.domain.appeal import AppealId
from services.queue.domain.rights import Document, Source, claimed
from services.queue.domain.statuses import Actor
from services.queue.domain.words import ApplicationId, Category, ChildId, PersonId, PrivilegeKind, QueueType
from services.queue.usecases import appeals, asking, filing, leaving, office
from services.queue.usecases.desk import Desk
from services.queue.usecases.office import Officer

REASON = r"^[A-Z][A-Z_]{1,39}$"
"""Reasons are codes of the office's own list, never free text."""

NUMBER = r"^[0-9A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі№ ./-]{1,60}$"


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ReasonBody(_Body):
    """Why, as a code."""

    reason: str = Field(pattern=REASON)


class StopBody(ReasonBody):
    """`until`: the last day in the stop list."""

    until: date


class PaperBody(ReasonBody):
    """A family's written wish: number and date of the paper, no scan."""

    paper_number: str = Field(pattern=NUMBER)
    paper_date: date


class DocumentBody(_Body):
    """A document by its number and date; `valid_until` where it bears a last day."""

    number: str = Field(pattern=NUMBER)
    issued_on: date
    valid_until: date | None = None
    source: Source = Source.PAPER

    def document(self) -> Document:
        """As the domain knows it."""
        return Document(self.number, self.issued_on, self.valid_until, self.source)


class PrivilegeBody(DocumentBody):
    """The document of a privilege."""

    kind: PrivilegeKind


class ConclusionBody(DocumentBody):
    """A conclusion of the consultation; its category must be the one the application stands in."""

    category: Category | None = None


class ClerksFilingBody(_Body):
    """`statement` is auth's and names the clerk: whose child it is, when it was born, who is its guardian."""

    statement: str
    queue_type: QueueType
    category: Category | None = None
    privilege: PrivilegeKind | None = None
    service_centre_number: str | None = Field(default=None, pattern=NUMBER)


class TwinsBody(_Body):
    """The applications of children born together."""

    application_ids: list[str] = Field(min_length=2, max_length=8)


class DecisionBody(ReasonBody):
    """The answer to an appeal."""

    granted: bool


class OfficeCardAnswer(CardAnswer):
    """The card as the office sees it."""

    office_actions: list[str]


def office_doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """The doors of the education department's office."""
    router = APIRouter(prefix="/office", tags=["office"])
    shown = _Shown(desk, reads, clock)
    _of_filing(router, desk, tokens, shown, clock)
    _of_papers(router, desk, tokens, shown, clock)
    _of_appeals(router, desk, tokens, reads, clock)
    return router


class _Shown:
    """Answers with a card, after the look was told."""

    def __init__(self, desk: Desk, reads: Reads, clock: Clock) -> None:
        self._desk, self._reads, self._clock = desk, reads, clock

    async def __call__(self, person: Person, application_id: str) -> OfficeCardAnswer:
        desk, now = self._desk, self._clock.now()
        seen = await asking.for_office(desk.reading, desk.rules(now), ApplicationId(application_id), now)
        await self._reads.by_other(person.person_id, [seen.application.child_id], "office", now)
        told = [each.value for each in office_actions(seen.application)]
        return OfficeCardAnswer(**card(seen).model_dump(), office_actions=told)


def _of_filing(router: APIRouter, desk: Desk, tokens: Tokens, shown: _Shown, clock: Clock) -> None:
    clerk = Annotated[Person, Depends(tokens.staff("clerk", "officer"))]

    @router.post("/applications", status_code=HTTPStatus.CREATED)
    async def file(body: ClerksFilingBody, person: clerk) -> OfficeCardAnswer:
        """A clerk files for a family without a key of its own."""
        said = await tokens.statement(body.statement, "filing")
        if said["sub"] != person.person_id or "guardian" not in said or said["guardian"] == person.person_id:
            raise Forbidden("the statement must name this clerk and the child's guardian")
        asked, now = _asked(body, said), clock.now()
        stored = await filing.file(desk, PersonId(said["guardian"]), asked, now, by=Actor.CLERK)
        return await shown(person, stored.id)

    @router.get("/applications/{application_id}")
    async def one(application_id: str, person: clerk) -> OfficeCardAnswer:
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:review")
    async def begin(application_id: str, person: clerk) -> OfficeCardAnswer:
        await office.begin_review(desk, _who(person), ApplicationId(application_id), clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:accept")
    async def accept(application_id: str, person: clerk) -> OfficeCardAnswer:
        await office.accept(desk, _who(person), ApplicationId(application_id), clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:refuse")
    async def refuse(application_id: str, body: ReasonBody, person: clerk) -> OfficeCardAnswer:
        await office.refuse(desk, _who(person), ApplicationId(application_id), body.reason, clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:remove")
    async def remove(application_id: str, body: PaperBody, person: clerk) -> OfficeCardAnswer:
        """Removal at a family's written wish."""
        story, by = f"paper:{body.paper_number}:{body.paper_date.isoformat()}", _who(person).by
        await leaving.removed(desk, ApplicationId(application_id), clock.now(), by=by, reason=body.reason, story=story)
        return await shown(person, application_id)


def _of_papers(router: APIRouter, desk: Desk, tokens: Tokens, shown: _Shown, clock: Clock) -> None:
    clerk = Annotated[Person, Depends(tokens.staff("clerk", "officer"))]
    officer = Annotated[Person, Depends(tokens.staff("officer"))]

    @router.put("/applications/{application_id}/privilege")
    async def confirm(application_id: str, body: PrivilegeBody, person: clerk) -> OfficeCardAnswer:
        about = (ApplicationId(application_id), body.kind, body.document(), clock.now())
        await office.confirm_privilege(desk, _who(person), *about)
        return await shown(person, application_id)

    @router.post("/applications/{application_id}/privilege:withdraw")
    async def withdraw(application_id: str, body: ReasonBody, person: clerk) -> OfficeCardAnswer:
        await office.withdraw_privilege(desk, _who(person), ApplicationId(application_id), body.reason, clock.now())
        return await shown(person, application_id)

    @router.put("/applications/{application_id}/conclusion")
    async def conclude(application_id: str, body: ConclusionBody, person: clerk) -> OfficeCardAnswer:
        about = (ApplicationId(application_id), body.document(), body.category, clock.now())
        await office.enter_conclusion(desk, _who(person), *about)
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:stop")
    async def stop(application_id: str, body: StopBody, person: clerk) -> OfficeCardAnswer:
        about = (ApplicationId(application_id), body.reason, body.until, clock.now())
        await office.stop(desk, _who(person), *about)
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:lift")
    async def lift(application_id: str, body: ReasonBody, person: officer) -> OfficeCardAnswer:
        await office.lift(desk, _who(person), ApplicationId(application_id), body.reason, clock.now())
        return await shown(person, application_id)

    @router.post("/twins")
    async def twins(body: TwinsBody, person: clerk) -> dict[str, str]:
        ids = [ApplicationId(each) for each in body.application_ids]
        return {"twins": await office.link_twins(desk, _who(person), ids, clock.now())}


def _of_appeals(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    officer = Annotated[Person, Depends(tokens.staff("officer"))]

    @router.get("/appeals")
    async def waiting(person: officer) -> list[AppealAnswer]:
        """Those that wait for an answer, the most urgent first."""
        now, found = clock.now(), await appeals.waiting(desk.reading)
        if found:
            await reads.by_other(person.person_id, sorted({each.child_id for each in found}), "appeals", now)
        return [AppealAnswer.of(each, now) for each in found]

    @router.post("/appeals/{appeal_id}:decide")
    async def decide(appeal_id: str, body: DecisionBody, person: officer) -> AppealAnswer:
        now, by = clock.now(), PersonId(person.person_id)
        answered = await appeals.answer(
            desk, AppealId(appeal_id), granted=body.granted, by=by, role="officer", reason=body.reason, now=now
        )
        await reads.by_other(person.person_id, [answered.child_id], "appeals", now)
        return AppealAnswer.of(answered, now)


def _who(person: Person) -> Officer:
    return Officer(Actor.OFFICER if "officer" in person.roles else Actor.CLERK)


def _asked(body: ClerksFilingBody, said: Mapping[str, str]) -> filing.Asked:
    return filing.Asked(
        child_id=ChildId(said["child_id"]),
        birth_date=date.fromisoformat(said["birth_date"]),
        queue_type=body.queue_type,
        category=body.category,
        privilege=claimed(body.privilege, body.queue_type) if body.privilege else None,
        service_centre_number=body.service_centre_number,
    )
