"""The doors through which a person enters and leaves."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.auth.api.gate import Gate
from services.auth.api.refused import Telling
from services.auth.domain.authorisation import Action
from services.auth.domain.browser import browser_hint
from services.auth.domain.ids import ChallengeId, SessionId
from services.auth.domain.key import KeyKind
from services.auth.signature.document import MAX_BYTES
from services.auth.signature.holder import KeyFacts
from services.auth.usecases import login
from services.auth.usecases.desk import Desk
from services.auth.usecases.login import Admitted, Answer
from services.chassis.clock import Clock
from services.chassis.security import Person

Binding = Annotated[str, Field(min_length=16, max_length=256)]
"""A secret of the asking browser, random and long, that never leaves it but to this service."""
SignedXml = Annotated[str, Field(min_length=1, max_length=MAX_BYTES)]


class ChallengeBody(BaseModel):
    """Asks for a challenge."""

    purpose: Literal["login"]
    binding: Binding


class ChallengeAnswer(BaseModel):
    """The document to sign."""

    challenge_id: str
    xml: str
    expires_at: datetime


class SessionBody(BaseModel):
    """Answers a challenge. `user_agent` is what the browser says of itself; a site that asks for it passes it on here."""

    challenge_id: Annotated[str, Field(min_length=1, max_length=64)]
    binding: Binding
    signed_xml: SignedXml
    user_agent: Annotated[str, Field(max_length=1024)] | None = None


class RefreshBody(BaseModel):
    """Asks for the next tokens."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=256)]


class KeyBody(BaseModel):
    """A document just signed, to see the key it was signed with."""

    signed_xml: SignedXml


class KeyAnswer(BaseModel):
    """The key as shown to its owner; `serial` in hexadecimal, `kind` AUTH, SIGN or UNKNOWN."""

    owner: str
    not_before: datetime
    not_after: datetime
    serial: str
    issuer: str
    algorithm: str
    kind: KeyKind

    @classmethod
    def of(cls, key: KeyFacts) -> Self:
        """For its owner."""
        return cls(
            owner=key.owner,
            not_before=key.not_before,
            not_after=key.not_after,
            serial=key.serial,
            issuer=key.issuer,
            algorithm=key.algorithm,
            kind=key.kind,
        )


class SessionAnswer(BaseModel):
    """A session's tokens; the key is told at login only."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    person_id: str
    email_required: bool
    key: KeyAnswer | None = None

    @classmethod
    def of(cls, admitted: Admitted) -> Self:
        """What the browser keeps."""
        return cls(
            access_token=admitted.access_token,
            refresh_token=admitted.refresh_token,
            expires_at=admitted.expires_at,
            person_id=admitted.person_id,
            email_required=admitted.email_required,
            key=KeyAnswer.of(admitted.key) if admitted.key else None,
        )


def doors(desk: Desk, gate: Gate, clock: Clock) -> APIRouter:
    """Challenges, keys and sessions."""
    router = APIRouter(tags=["login"], route_class=Telling)

    @router.post("/challenges", status_code=HTTPStatus.CREATED)
    async def challenge(body: ChallengeBody, request: Request) -> ChallengeAnswer:
        asked = await login.ask(desk, body.binding, gate.stranger(request), clock.now())
        return ChallengeAnswer(challenge_id=asked.challenge_id, xml=asked.document, expires_at=asked.expires_at)

    @router.post("/keys:describe")
    async def describe(body: KeyBody) -> KeyAnswer:
        """What the certificate in a signed document says of its key, to whoever holds the document.

        Nothing is verified, kept or logged, and the answer opens no door: neither the signature, nor the issuer, nor
        whether the key is still good. A document that login would not read is refused as login refuses it.
        """
        return KeyAnswer.of(login.described(body.signed_xml))

    @router.post("/sessions", status_code=HTTPStatus.CREATED)
    async def enter(body: SessionBody, request: Request) -> SessionAnswer:
        said = body.user_agent if body.user_agent is not None else request.headers.get("user-agent", "")
        given = Answer(
            challenge_id=ChallengeId(body.challenge_id),
            binding=body.binding,
            signed_xml=body.signed_xml,
            address=gate.stranger(request),
            browser=browser_hint(said),
        )
        return SessionAnswer.of(await login.answer(desk, given, clock.now()))

    @router.post("/sessions:refresh")
    async def refresh(body: RefreshBody) -> SessionAnswer:
        return SessionAnswer.of(await login.refresh(desk, body.refresh_token, clock.now()))

    @router.post("/sessions:end", status_code=HTTPStatus.NO_CONTENT)
    async def leave(person: Annotated[Person, Depends(gate.person(Action.LEAVE))]) -> None:
        await login.leave(desk, SessionId(person.session_id), clock.now())

    return router
