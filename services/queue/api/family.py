"""The family's doors besides the card: leaving by a signed document, coming back, appeals."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.queue.api.answers import CardAnswer, card
from services.queue.domain.appeal import Against, Appeal, is_late
from services.queue.domain.words import ApplicationId, PersonId
from services.queue.gateways import Auth
from services.queue.usecases import appeals, asking, leaving
from services.queue.usecases.desk import Desk

SIGNED_LIMIT = 256 * 1024


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignedBody(_Body):
    """The document that was given, with the parent's signature in it."""

    signed_xml: str = Field(min_length=1, max_length=SIGNED_LIMIT)


class AppealBody(_Body):
    """What the family appeals against, and why in its own words."""

    against: Against
    words: str | None = Field(default=None, max_length=2000)


class ToSignAnswer(BaseModel):
    """The octets to sign, and until when."""

    xml: str
    expires_at: datetime


class AppealAnswer(BaseModel):
    """An appeal; `answer_due` is the first moment at which the answer is late."""

    appeal_id: str
    application_id: str
    against: str
    state: str
    opened_at: datetime
    answer_due: datetime
    is_late: bool
    freezes_place: bool
    answered_at: datetime | None
    decided_as: str | None
    reason: str | None
    rules: str

    @classmethod
    def of(cls, appeal: Appeal, now: datetime) -> "AppealAnswer":
        """An appeal as it stands now."""
        return cls(
            appeal_id=appeal.appeal_id,
            application_id=appeal.application_id,
            against=appeal.against,
            state=appeal.state,
            opened_at=appeal.opened_at,
            answer_due=appeal.answer_due,
            is_late=is_late(appeal, now),
            freezes_place=appeal.freezes,
            answered_at=appeal.answered_at,
            decided_as=appeal.decided_as,
            reason=appeal.reason,
            rules=appeal.rules,
        )


def family_doors(desk: Desk, tokens: Tokens, reads: Reads, auth: Auth, clock: Clock) -> APIRouter:
    """Doors for the linked guardians of a child; for others there is no such application (R4)."""
    router = APIRouter(tags=["applications"])
    in_session = Annotated[Person, Depends(tokens.person)]

    async def shown(person: Person, application_id: str) -> CardAnswer:
        now, asked = clock.now(), (PersonId(person.person_id), ApplicationId(application_id))
        seen = await asking.card(desk.reading, desk.rules(now), *asked, now)
        await reads.by_guardian(person, [seen.application.child_id], "card", now)
        return card(seen)

    @router.post("/applications/{application_id}:remove")
    async def leave(application_id: str, person: in_session) -> CardAnswer:
        await leaving.leave(desk, PersonId(person.person_id), ApplicationId(application_id), clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}/removal", status_code=HTTPStatus.CREATED)
    async def ask(application_id: str, person: in_session) -> ToSignAnswer:
        """The document of the removal that this guardian may sign; it makes one asked for before worthless."""
        asked = (PersonId(person.person_id), ApplicationId(application_id))
        xml, until = await leaving.ask_to_leave(desk, *asked, clock.now())
        return ToSignAnswer(xml=xml, expires_at=until)

    @router.put("/applications/{application_id}/removal/signature")
    async def sign(application_id: str, body: SignedBody, person: in_session) -> CardAnswer:
        """Leave the queue by the signed document (R12)."""
        asked = (PersonId(person.person_id), ApplicationId(application_id))
        await leaving.sign_removal(desk, auth, *asked, body.signed_xml, clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}:reactivate")
    async def come_back(application_id: str, person: in_session) -> CardAnswer:
        await leaving.come_back(desk, PersonId(person.person_id), ApplicationId(application_id), clock.now())
        return await shown(person, application_id)

    @router.post("/applications/{application_id}/appeals", status_code=HTTPStatus.CREATED)
    async def appeal(application_id: str, body: AppealBody, person: in_session) -> AppealAnswer:
        now, asked = clock.now(), (PersonId(person.person_id), ApplicationId(application_id))
        return AppealAnswer.of(await appeals.open_one(desk, *asked, body.against, body.words, now), now)

    @router.get("/applications/{application_id}/appeals")
    async def appealed(application_id: str, person: in_session) -> list[AppealAnswer]:
        now, asked = clock.now(), (PersonId(person.person_id), ApplicationId(application_id))
        found = await appeals.of_application(desk.reading, *asked)
        if found:
            await reads.by_guardian(person, sorted({each.child_id for each in found}), "appeals", now)
        return [AppealAnswer.of(each, now) for each in found]

    return router
