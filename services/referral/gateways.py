"""The one neighbour that referral asks: auth, for verdicts on signatures and for the cards printed in a document.

Both questions may be asked again at will; when auth is away the asker waits and nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.chassis.errors import Retry
from services.chassis.security import ServiceToken
from services.referral.domain.refusals import SignedDocumentUnreadable
from services.referral.domain.words import Indication, PersonId, SignatureId

log = structlog.get_logger("referral.auth")

PURPOSE = "choice"
REFUSED_TO_READ = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What auth says of one signed document."""

    indication: Indication
    reason: str | None
    signature_id: SignatureId | None
    signed_by: PersonId | None


class _Verdict(BaseModel):
    model_config = ConfigDict(extra="ignore")

    indication: Indication
    sub_indication: str | None = None
    finding: str | None = None
    signature_id: str | None = None
    person_id: str | None = None


class _Problem(BaseModel):
    model_config = ConfigDict(extra="ignore")

    code: str = Field(pattern=r"^[A-Z][A-Z0-9_]{0,63}$")


class Card(BaseModel):
    """A person as the vault of auth knows them; held in memory for one rendering."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    person_id: str
    surname: str = ""
    given: str = ""
    patronymic: str = ""
    iin: str
    birth_date: date | None = None


_CARDS = TypeAdapter(list[Card])


class Auth:
    """auth, asked with this service's own token and in bounded time."""

    def __init__(self, url: str, token: ServiceToken, timeout_seconds: float) -> None:
        self._token = token
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout_seconds)

    async def judge(self, expected: bytes, signed: bytes, child_id: str, signer_id: str) -> Judgement:
        """The verdict on a signed choice handed in by `signer_id`; Retry when none is to be had now.

        What auth refuses to read it will never judge: that is a verdict too, with auth's own code.
        """
        answer = await self._post(
            "/signatures",
            {
                "purpose": PURPOSE,
                "expected_xml": expected.decode(),
                "signed_xml": signed.decode(),
                "child_id": child_id,
                "signer_id": signer_id,
            },
        )
        if answer.status_code in REFUSED_TO_READ:
            code = _code(answer)
            log.warning("referral.auth.refused_to_read", status=answer.status_code, code=code)
            return Judgement(Indication.FAILED, code, None, None)
        try:
            verdict = _Verdict.model_validate(_content(answer))
        except ValidationError as error:
            raise Retry("AUTH_NOT_UNDERSTOOD") from error
        return Judgement(
            verdict.indication,
            verdict.finding or verdict.sub_indication,
            SignatureId(verdict.signature_id) if verdict.signature_id else None,
            PersonId(verdict.person_id) if verdict.person_id else None,
        )

    async def cards(self, person_ids: Sequence[str]) -> dict[str, Card]:
        """The cards of persons by their ids, all of them; Retry when they are not to be had now."""
        answer = _content(await self._post("/persons:cards", {"person_ids": list(dict.fromkeys(person_ids))}))
        try:
            found = _CARDS.validate_python(answer["cards"] if isinstance(answer, dict) else answer)
        except (ValidationError, KeyError):
            # The answer holds names: neither it nor the validation error may reach a log.
            raise Retry("AUTH_NOT_UNDERSTOOD") from None
        cards = {card.person_id: card for card in found}
        if set(person_ids) - set(cards):
            raise Retry("PERSON_UNKNOWN_TO_AUTH")
        return cards

    async def _post(self, path: str, body: dict[str, Any]) -> httpx.Response:
        try:
            answer = await self._client.post(path, json=body, headers=await self._token.header(self._client))
        except httpx.HTTPError as error:
            raise Retry("AUTH_UNREACHABLE") from error
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._token.forget()
        return answer


def _content(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise Retry(f"AUTH_ANSWERED_{answer.status_code}")
    try:
        return answer.json()
    except ValueError:
        raise Retry("AUTH_NOT_UNDERSTOOD") from None


def _code(answer: httpx.Response) -> str:
    """The stable code of a refusal; `SIGNED_DOCUMENT_UNREADABLE` where it bears none."""
    try:
        return _Problem.model_validate_json(answer.content).code
    except ValidationError:
        return SignedDocumentUnreadable.code
