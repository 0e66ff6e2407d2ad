"""The one neighbour that queue asks: auth, for the verdict on a signed removal.

The question may be asked again at will; when auth is away the parent tries again and nothing is lost.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from services.chassis.errors import Retry
from services.chassis.security import ServiceToken

PURPOSE = "removal"
TIMEOUT_SECONDS = 10.0
REFUSED_TO_READ = frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What auth says of a signed removal: whether it is good, and under which id the evidence is kept."""

    is_good: bool
    signature_id: str | None = None


class _Verdict(BaseModel):
    model_config = ConfigDict(extra="ignore")

    indication: Literal["PASSED", "FAILED", "INDETERMINATE"]
    signature_id: str


class Auth:
    """auth, asked with this service's own token and in bounded time."""

    def __init__(self, url: str, token: ServiceToken) -> None:
        self._url = url
        self._token = token

    async def judge(self, expected: str, signed: str, child_id: str, signer_id: str) -> Judgement:
        """The verdict on a removal handed in by `signer_id`; Retry when none is to be had now."""
        body = {
            "purpose": PURPOSE,
            "expected_xml": expected,
            "signed_xml": signed,
            "child_id": child_id,
            "signer_id": signer_id,
        }
        answer = await self._ask(body)
        if answer.status_code in REFUSED_TO_READ:
            return Judgement(is_good=False)
        if not answer.is_success:
            raise Retry(f"AUTH_ANSWERED_{answer.status_code}")
        try:
            verdict = _Verdict.model_validate_json(answer.content)
        except ValidationError as error:
            raise Retry("AUTH_NOT_UNDERSTOOD") from error
        if verdict.indication == "INDETERMINATE":
            raise Retry("SIGNATURE_UNDECIDED")
        return Judgement(verdict.indication == "PASSED", verdict.signature_id)

    async def _ask(self, body: dict[str, str]) -> httpx.Response:
        try:
            async with httpx.AsyncClient(base_url=self._url, timeout=TIMEOUT_SECONDS) as client:
                answer = await client.post("/signatures", json=body, headers=await self._token.header(client))
        except httpx.HTTPError as error:
            raise Retry("AUTH_UNREACHABLE") from error
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            self._token.forget()
        return answer
