"""What the cabinet asks of referral: the choice to sign, its outcome, the documents."""

from datetime import date, datetime

import httpx
from pydantic import BaseModel

from web.upstream import Upstream

Text = dict[str, str]


class Choice(BaseModel):
    """A choice; `xml` is what is to be signed, unchanged. `expires_at` is the first moment at which it is too late."""

    hold_id: str
    state: str
    application_id: str
    place_id: str
    xml: str
    question: Text
    expires_at: datetime
    last_refusal: str | None
    referral_id: str | None
    referral_number: str | None


class Referral(BaseModel):
    """A referral in the documents tab; `last_day` is the last day on which it is valid."""

    referral_id: str
    referral_number: str
    state: str
    valid: bool
    mode: str
    issued_at: datetime
    valid_until: datetime
    last_day: date


class Referrals:
    """The doors of referral that the cabinet uses."""

    def __init__(self, upstream: Upstream) -> None:
        self._ask = upstream.ask

    async def choice(self, token: str, hold_id: str, wait: float = 0.0) -> Choice:
        """A choice; with `wait`, once it waits for nothing or after so many seconds."""
        answer = await self._ask("GET", f"/choices/{hold_id}", token, params={"wait": wait}, wait=wait)
        return Choice.model_validate_json(answer.content)

    async def sign(self, token: str, hold_id: str, signed_xml: str) -> None:
        """Hands in the signed choice; how it ends is told by `choice`."""
        await self._ask("PUT", f"/choices/{hold_id}/signature", token, json={"signed_xml": signed_xml})

    async def decline(self, token: str, hold_id: str) -> None:
        """Gives the held place back."""
        await self._ask("POST", f"/choices/{hold_id}:decline", token)

    async def documents(self, token: str, application_id: str) -> list[Referral]:
        """The referrals of an application."""
        answer = await self._ask("GET", f"/applications/{application_id}/documents", token)
        return [Referral.model_validate(each) for each in answer.json()]

    async def document(self, token: str, referral_id: str, kind: str) -> httpx.Response:
        """The signed document itself."""
        return await self._ask("GET", f"/referrals/{referral_id}/document.{kind}", token, wait=10)
