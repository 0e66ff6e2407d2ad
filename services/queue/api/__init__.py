"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import Clock
from services.chassis.errors import Forbidden
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.queue.api.answers import CardAnswer, FoundAnswer, JournalRow, card, found, row
from services.queue.domain.application import Privilege
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    PersonId,
    PrivilegeClass,
    PrivilegeKind,
    QueueType,
)
from services.queue.usecases import asking, filing
from services.queue.usecases.desk import Desk

STATUSES: Mapping[str, int] = {
    "NO_SUCH_APPLICATION": HTTPStatus.NOT_FOUND,
    "NO_SUCH_PAIR": HTTPStatus.NOT_FOUND,
    "ALREADY_IN_QUEUE": HTTPStatus.CONFLICT,
    "NUMBER_TAKEN": HTTPStatus.CONFLICT,
    "TOO_OLD": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CATEGORY_REQUIRED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CHOICE_IN_PROGRESS": HTTPStatus.CONFLICT,
    "NOT_IN_QUEUE": HTTPStatus.CONFLICT,
}

ANYBODY = "service:queue"
"""The reader of what was told without a session."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PrivilegeBody(_Body):
    """A right that the family claims; it counts only when it is confirmed (R17)."""

    kind: PrivilegeKind
    rank: PrivilegeClass


class FilingBody(_Body):
    """`statement` is auth's: whose child it is, when it was born, who may act for it."""

    statement: str
    queue_type: QueueType
    category: Category | None = None
    privilege: PrivilegeBody | None = None


class SearchBody(_Body):
    """`statement` is auth's: which child bears the identity number that was asked for."""

    statement: str
    application_number: str = Field(pattern=r"^[^\x00-\x1f]{1,40}$")


def doors(desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> APIRouter:
    """The doors of the waiting list."""
    router = APIRouter(tags=["applications"])
    _of_the_family(router, desk, tokens, reads, clock)
    _of_anybody(router, desk, tokens, reads, clock)
    return router


def _of_the_family(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    person_in_session = Annotated[Person, Depends(tokens.person)]

    async def own(person: Person, application_id: str, now: datetime) -> asking.Seen:
        asked = (PersonId(person.person_id), ApplicationId(application_id))
        return await asking.card(desk.reading, desk.rules(now), *asked, now)

    async def shown(seen: asking.Seen, person: Person) -> CardAnswer:
        await reads.by_guardian(person, [seen.application.child_id], "card", clock.now())
        return card(seen)

    @router.post("/applications", status_code=HTTPStatus.CREATED)
    async def file(body: FilingBody, person: person_in_session) -> CardAnswer:
        said = await tokens.statement(body.statement, "filing")
        if said["sub"] != person.person_id:
            raise Forbidden("the statement is about another guardian")
        now = clock.now()
        stored = await filing.file(desk, PersonId(person.person_id), _asked(body, said), now)
        return await shown(await asking.just_filed(desk.reading, desk.rules(now), stored, now), person)

    @router.get("/applications")
    async def journal(person: person_in_session) -> list[JournalRow]:
        now = clock.now()
        seen = await asking.journal(desk.reading, desk.rules(now), PersonId(person.person_id), now)
        await reads.by_guardian(person, sorted({each.application.child_id for each in seen}), "journal", now)
        return [row(each) for each in seen]

    @router.get("/applications/{application_id}")
    async def one(application_id: str, person: person_in_session) -> CardAnswer:
        return await shown(await own(person, application_id, clock.now()), person)

    @router.post("/applications/{application_id}:remove")
    async def leave(application_id: str, person: person_in_session) -> CardAnswer:
        now = clock.now()
        await filing.leave(desk, PersonId(person.person_id), ApplicationId(application_id), now)
        return await shown(await own(person, application_id, now), person)


def _of_anybody(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    @router.post("/search")
    async def search(body: SearchBody) -> FoundAnswer:
        said, now = await tokens.statement(body.statement, "search"), clock.now()
        pair = (ChildId(said["sub"]), body.application_number.strip().upper())
        seen = await asking.by_pair(desk.reading, desk.rules(now), *pair, now)
        await reads.by_other(ANYBODY, [seen.application.child_id], "search", now)
        return found(seen)


def _asked(body: FilingBody, said: Mapping[str, str]) -> filing.Asked:
    claimed = Privilege(body.privilege.kind, body.privilege.rank) if body.privilege else None
    born = date.fromisoformat(said["birth_date"])
    return filing.Asked(ChildId(said["child_id"]), born, body.queue_type, body.category, claimed)
