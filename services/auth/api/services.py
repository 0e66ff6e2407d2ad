"""The doors for other services."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBasic, HTTPBasicCredentials
from pydantic import BaseModel

from services.auth.api.cards import CardsBody, Id, PersonAnswer
from services.auth.api.gate import Gate
from services.auth.api.login import SignedXml
from services.auth.domain.authorisation import Action
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.refusals import ServiceUnknown
from services.auth.domain.signature import Act
from services.auth.usecases import accounts, services, signatures
from services.auth.usecases.accounts import Reachable
from services.auth.usecases.desk import Desk
from services.auth.usecases.signatures import Presented
from services.auth.usecases.tokens import SERVICE_LIFE
from services.chassis.clock import Clock
from services.chassis.reads import Reads


class ServiceTokenAnswer(BaseModel):
    """A service's token."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the kind of a token, not one
    expires_at: datetime


class SignatureBody(BaseModel):
    """A signed document and the one that was issued. `signer_id`: who handed it in, where that is known."""

    purpose: Literal["choice", "removal"]
    child_id: Id
    expected_xml: SignedXml
    signed_xml: SignedXml
    signer_id: Id | None = None


class SignatureAnswer(BaseModel):
    """The verdict. PASSED and FAILED are final; INDETERMINATE may pass when asked again."""

    signature_id: str
    indication: str
    sub_indication: str | None
    finding: str | None
    person_id: str | None
    signed_at_best: datetime


class ContactsAnswer(BaseModel):
    """How one guardian is reached; the first address is the main one."""

    person_id: str
    language: str
    emails: list[str]
    phones: list[str]

    @classmethod
    def of(cls, reachable: Reachable) -> Self:
        """For the moment of sending."""
        return cls(
            person_id=reachable.person_id,
            language=reachable.language,
            emails=list(reachable.contacts.emails),
            phones=list(reachable.contacts.phones),
        )


def doors(desk: Desk, gate: Gate, digests: Mapping[str, str], reads: Reads, clock: Clock) -> APIRouter:
    """What services ask."""
    router = APIRouter(tags=["services"])
    basic = HTTPBasic(auto_error=False)

    @router.get("/.well-known/jwks.json")
    async def keys() -> dict[str, Any]:
        return desk.mint.jwks()

    @router.post("/service-tokens")
    async def service_token(who: Annotated[HTTPBasicCredentials | None, Depends(basic)]) -> ServiceTokenAnswer:
        if who is None:
            raise ServiceUnknown
        services.ensure_service(digests, who.username, who.password)
        now = clock.now()
        return ServiceTokenAnswer(access_token=desk.mint.service(who.username, now), expires_at=now + SERVICE_LIFE)

    @router.post("/signatures")
    async def judge(
        body: SignatureBody, _: Annotated[str, Depends(gate.service(Action.JUDGE_SIGNATURE))]
    ) -> SignatureAnswer:
        presented = Presented(
            act=Act(body.purpose),
            child_id=ChildId(body.child_id),
            expected_xml=body.expected_xml,
            signed_xml=body.signed_xml,
            signer_id=PersonId(body.signer_id) if body.signer_id else None,
        )
        judged = await signatures.judge(desk, presented, clock.now())
        return SignatureAnswer(
            signature_id=judged.signature_id,
            indication=judged.indication,
            sub_indication=judged.sub_indication,
            finding=judged.finding,
            person_id=judged.person_id,
            signed_at_best=judged.best_time,
        )

    @router.get("/children/{child_id}:contacts")
    async def contacts(
        child_id: str, _: Annotated[str, Depends(gate.service(Action.READ_CONTACTS))]
    ) -> list[ContactsAnswer]:
        return [ContactsAnswer.of(each) for each in await accounts.reachable_guardians(desk.reading, ChildId(child_id))]

    @router.get("/persons/{person_id}:contacts")
    async def own_contacts(
        person_id: str, _: Annotated[str, Depends(gate.service(Action.READ_OWN_CONTACTS))]
    ) -> list[ContactsAnswer]:
        return [ContactsAnswer.of(each) for each in await accounts.reachable(desk.reading, [PersonId(person_id)])]

    @router.post("/persons:cards")
    async def cards(
        body: CardsBody, service: Annotated[str, Depends(gate.service(Action.READ_DOCUMENT_CARDS))]
    ) -> list[PersonAnswer]:
        asked = [PersonId(person_id) for person_id in body.person_ids]
        known = [card for card in await services.cards(desk.reading, asked) if not card.identity.erased]
        shown = [card.person_id for card in known]
        await reads.by_other(f"service:{service}", shown, "rendering", clock.now())
        return [PersonAnswer.of(card.person_id, card.identity) for card in known]

    return router
