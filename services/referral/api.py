"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.chassis.clock import Clock
from services.chassis.http import long_poll
from services.chassis.security import Person, Tokens
from services.referral.domain.refusals import NoSuchChoice
from services.referral.usecases import choices, reading, referrals
from services.referral.usecases.desk import Desk

STATUSES: Mapping[str, int] = {
    "NO_SUCH_CHOICE": HTTPStatus.NOT_FOUND,
    "NO_SUCH_REFERRAL": HTTPStatus.NOT_FOUND,
    "HOLD_ENDED": HTTPStatus.CONFLICT,
    "SIGNATURE_BEING_CHECKED": HTTPStatus.CONFLICT,
    "ALREADY_SIGNED": HTTPStatus.CONFLICT,
    "REFERRAL_OVER": HTTPStatus.CONFLICT,
    "SIGNED_DOCUMENT_TOO_LARGE": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "SIGNED_DOCUMENT_UNREADABLE": HTTPStatus.UNPROCESSABLE_ENTITY,
}
MEDIA: Mapping[reading.Kind, str] = {"pdf": "application/pdf", "xml": "application/xml"}


class Texts(BaseModel):
    """One text in both languages."""

    model_config = ConfigDict(from_attributes=True)

    kk: str
    ru: str


class ChoiceAnswer(BaseModel):
    """A choice; `xml` is what is to be signed, unchanged. `expires_at` is the first moment at which it is too late."""

    hold_id: str
    state: str
    application_id: str
    place_id: str
    xml: str
    question: Texts
    expires_at: datetime
    last_refusal: str | None
    referral_id: str | None
    referral_number: str | None


class StateAnswer(BaseModel):
    """How the choice stands after what was asked."""

    hold_id: str
    state: str


class SignatureBody(BaseModel):
    """What NCALayer gave back: the whole signed document, 256 KiB in UTF-8 at most."""

    model_config = ConfigDict(extra="forbid")

    signed_xml: str = Field(min_length=1)


class ReferralAnswer(BaseModel):
    """A referral in the documents tab; `valid_until` is the first moment at which it is no longer valid."""

    referral_id: str
    referral_number: str
    state: str
    valid: bool
    mode: str
    issued_at: datetime
    valid_until: datetime
    last_day: date
    document_sha256: str
    documents: dict[str, str]
    """Addresses of the signed documents by kind."""


class CheckAnswer(BaseModel):
    """What everybody may check; the child's initials and birth year stand only for whoever gives the printed code."""

    referral_number: str
    state: str
    valid: bool
    issued_at: datetime
    last_day: date
    organisation: Texts
    child_initials: str | None = None
    child_birth_year: int | None = None


def doors(desk: Desk, tokens: Tokens, clock: Clock) -> APIRouter:
    """The doors of choices, referrals and their documents."""
    router = APIRouter(tags=["referrals"])
    router.include_router(_choices(desk, tokens, clock))
    router.include_router(_documents(desk, tokens, clock))
    router.include_router(_public(desk, clock))
    return router


def _choices(desk: Desk, tokens: Tokens, clock: Clock) -> APIRouter:
    router = APIRouter()
    in_session = Annotated[Person, Depends(tokens.person)]

    @router.get("/choices/{hold_id}")
    async def choice(hold_id: str, person: in_session, wait: Annotated[float, Query(ge=0, le=30)] = 0) -> ChoiceAnswer:
        async def look() -> tuple[bool, reading.SeenChoice | None]:
            try:
                seen = await reading.choice(desk.reading, hold_id, person.person_id)
            except NoSuchChoice:
                return False, None
            return seen.awaits_nothing, seen

        found = await long_poll(look, wait)
        if found is None:
            raise NoSuchChoice
        await desk.store.reads.by_guardian(person, [found.choice.child_id], "choice", clock.now())
        return _choice(found)

    @router.put("/choices/{hold_id}/signature", status_code=HTTPStatus.ACCEPTED)
    async def signature(hold_id: str, body: SignatureBody, person: in_session) -> StateAnswer:
        signed = await choices.sign(desk, hold_id, person.person_id, body.signed_xml, clock.now())
        return StateAnswer(hold_id=hold_id, state=signed.state)

    @router.post("/choices/{hold_id}:decline")
    async def decline(hold_id: str, person: in_session) -> StateAnswer:
        declined = await choices.decline(desk, hold_id, person.person_id, clock.now())
        return StateAnswer(hold_id=hold_id, state=declined.state)

    return router


def _documents(desk: Desk, tokens: Tokens, clock: Clock) -> APIRouter:
    router = APIRouter()
    in_session = Annotated[Person, Depends(tokens.person)]

    @router.get("/applications/{application_id}/documents")
    async def tab(application_id: str, person: in_session) -> list[ReferralAnswer]:
        now = clock.now()
        seen = await reading.documents(desk.reading, desk.policies, application_id, person.person_id, now)
        child_id = await reading.child_of(desk.reading, application_id)
        await desk.store.reads.by_guardian(person, [child_id], "documents", now)
        return [_referral(each) for each in seen]

    @router.get("/referrals/{referral_id}/document.{kind}")
    async def document(referral_id: str, kind: reading.Kind, request: Request, person: in_session) -> Response:
        referral, kept = await reading.document(desk.reading, referral_id, person.person_id, kind)
        await desk.store.reads.by_guardian(person, [referral.child_id], f"document_{kind}", clock.now())
        headers = {
            "ETag": f'"{kept.sha256}"',
            "Cache-Control": "private, no-cache",
            "Content-Disposition": f'attachment; filename="{referral.referral_number}.{kind}"',
        }
        if headers["ETag"] in request.headers.get("If-None-Match", ""):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(kept.content, media_type=MEDIA[kind], headers=headers)

    @router.post("/referrals/{referral_id}:return")
    async def give_back(referral_id: str, person: in_session) -> ReferralAnswer:
        now = clock.now()
        await referrals.give_back(desk, referral_id, person.person_id, now)
        return _referral(await reading.referral(desk.reading, desk.policies, referral_id, person.person_id, now))

    return router


def _public(desk: Desk, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/check/{referral_number}")
    async def check(referral_number: str, code: Annotated[str, Query(max_length=20)] = "") -> CheckAnswer:
        found = await reading.check(desk.reading, desk.policies, referral_number, code, clock.now())
        referral = found.seen.referral
        return CheckAnswer(
            referral_number=referral.referral_number,
            state=referral.state,
            valid=found.seen.valid,
            issued_at=referral.issued_at,
            last_day=found.seen.last_day,
            organisation=Texts.model_validate(found.organisation),
            child_initials=found.child.initials if found.child else None,
            child_birth_year=found.child.birth_year if found.child else None,
        )

    return router


def _choice(seen: reading.SeenChoice) -> ChoiceAnswer:
    choice, referral = seen.choice, seen.referral
    return ChoiceAnswer(
        hold_id=choice.hold_id,
        state=choice.state,
        application_id=choice.application_id,
        place_id=choice.place_id,
        xml=seen.octets.decode(),
        question=Texts.model_validate(seen.question),
        expires_at=choice.hold_until,
        last_refusal=choice.last_refusal,
        referral_id=referral.referral_id if referral else None,
        referral_number=referral.referral_number if referral else None,
    )


def _referral(seen: reading.SeenReferral) -> ReferralAnswer:
    referral = seen.referral
    return ReferralAnswer(
        referral_id=referral.referral_id,
        referral_number=referral.referral_number,
        state=referral.state,
        valid=seen.valid,
        mode=referral.mode,
        issued_at=referral.issued_at,
        valid_until=referral.valid_until,
        last_day=seen.last_day,
        document_sha256=referral.document_sha256 or "",
        documents={kind: f"/referrals/{referral.referral_id}/document.{kind}" for kind in MEDIA},
    )
