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
from services.queue.api.family import family_doors
from services.queue.api.ledger import ledger_doors
from services.queue.api.office import office_doors
from services.queue.api.outages import outage_doors
from services.queue.api.position import position_door
from services.queue.api.sentences import words_door
from services.queue.api.turn import turn_doors
from services.queue.domain.application import Privilege
from services.queue.domain.refusals import PrivilegeMisstated
from services.queue.domain.rights import CLASS_OF, claimed
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    PersonId,
    PrivilegeClass,
    PrivilegeKind,
    QueueType,
)
from services.queue.gateways import Auth
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
    "NO_SUCH_STEP": HTTPStatus.CONFLICT,
    "BIRTH_DATE_OUTSIDE": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CLOCK_WENT_BACK": HTTPStatus.SERVICE_UNAVAILABLE,
    "PRIVILEGE_MISSTATED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "PRIVILEGE_NOT_HERE": HTTPStatus.UNPROCESSABLE_ENTITY,
    "PRIVILEGE_EXPIRED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CONCLUSION_EXPIRED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "CATEGORY_DIFFERS": HTTPStatus.UNPROCESSABLE_ENTITY,
    "DATE_IN_THE_FUTURE": HTTPStatus.UNPROCESSABLE_ENTITY,
    "DAY_NOT_AHEAD": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NOT_TWINS": HTTPStatus.UNPROCESSABLE_ENTITY,
    "TOO_LATE_TO_RETURN": HTTPStatus.CONFLICT,
    "SIGNATURE_REQUIRED": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NOTHING_TO_SIGN": HTTPStatus.CONFLICT,
    "SIGNATURE_NOT_GOOD": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NOTHING_TO_APPEAL": HTTPStatus.CONFLICT,
    "APPEAL_OPEN": HTTPStatus.CONFLICT,
    "NO_SUCH_APPEAL": HTTPStatus.NOT_FOUND,
    "APPEAL_ANSWERED": HTTPStatus.CONFLICT,
    "NOT_INVITED": HTTPStatus.CONFLICT,
    "NOT_AN_OUTAGE": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NO_SUCH_SPAN": HTTPStatus.UNPROCESSABLE_ENTITY,
    "NOT_PUBLISHED": HTTPStatus.NOT_FOUND,
}

ANYBODY = "service:queue"
"""The reader of what was told without a session."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PrivilegeBody(_Body):
    """A right that the family claims; it counts only when it is confirmed (R17)."""

    kind: PrivilegeKind
    rank: PrivilegeClass | None = None
    """The class that the family thinks it gives; another than it does is refused."""

    def claimed(self, queue_type: QueueType) -> Privilege | None:
        """As the domain knows it; none where it is no privilege (R18). Refused: PRIVILEGE_MISSTATED."""
        if self.rank is not None and self.rank is not CLASS_OF[self.kind]:
            raise PrivilegeMisstated
        return claimed(self.kind, queue_type)


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


def doors(desk: Desk, tokens: Tokens, reads: Reads, auth: Auth, clock: Clock) -> APIRouter:
    """The doors of the waiting list."""
    router = APIRouter(tags=["applications"])
    _of_the_family(router, desk, tokens, reads, clock)
    _of_anybody(router, desk, tokens, reads, clock)
    position_door(router, desk, tokens, reads, clock)
    router.include_router(family_doors(desk, tokens, reads, auth, clock))
    router.include_router(office_doors(desk, tokens, reads, clock))
    router.include_router(words_door())
    router.include_router(outage_doors(desk, tokens, clock))
    router.include_router(turn_doors(desk, tokens, clock))
    router.include_router(ledger_doors(desk, tokens, reads, clock))
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
        if said["sub"] != person.person_id or said.get("guardian", person.person_id) != person.person_id:
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


def _of_anybody(router: APIRouter, desk: Desk, tokens: Tokens, reads: Reads, clock: Clock) -> None:
    @router.post("/search")
    async def search(body: SearchBody) -> FoundAnswer:
        said, now = await tokens.statement(body.statement, "search"), clock.now()
        pair = (ChildId(said["sub"]), body.application_number.strip().upper())
        seen = await asking.by_pair(desk.reading, desk.rules(now), *pair, now)
        await reads.by_other(ANYBODY, [seen.application.child_id], "search", now)
        return found(seen)


def _asked(body: FilingBody, said: Mapping[str, str]) -> filing.Asked:
    privilege = body.privilege.claimed(body.queue_type) if body.privilege else None
    born = date.fromisoformat(said["birth_date"])
    return filing.Asked(ChildId(said["child_id"]), born, body.queue_type, body.category, privilege)
