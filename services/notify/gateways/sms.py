"""SMS by Twilio's official client. An attempt whose answer did not come is looked up before anything is sent again."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from services.notify.domain.sending import Accepted, Outcome, Refused, TryAgain, Unknown

log = structlog.get_logger("sms")

TIMEOUT_SECONDS = 10.0
LOOK_BACK_MESSAGES = 50
UNSERVABLE = {
    21211: "sms_number_invalid",
    21214: "sms_number_unreachable",
    21217: "sms_number_invalid",
    21408: "sms_country_not_served",
    21610: "sms_unsubscribed",
    21612: "sms_number_unreachable",
    21614: "sms_not_mobile",
    21635: "sms_not_mobile",
}
"""Twilio's codes that say: this number cannot be served, whenever it is tried (twilio.com/docs/api/errors)."""
NEVER_LEFT = frozenset({"failed", "undelivered", "canceled"})


@dataclass(frozen=True, slots=True)
class SmsAccount:
    """The account at the provider. `sender`: a number, a sender's name, or a messaging service (MG...)."""

    url: str
    account_sid: str
    auth_token: str = field(repr=False)
    sender: str


class Sms:
    """Hands short messages to the provider."""

    def __init__(self, account: SmsAccount) -> None:
        self._account = account
        self._client: Client | None = None

    async def send(self, number: str, body: str, *, repeat: bool) -> Outcome:
        """One attempt; a repeat first asks whether an earlier one was taken after all."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                if repeat and (taken := await self._taken_before(number, body)) is not None:
                    return Accepted(taken)
        except (TwilioException, aiohttp.ClientError, TimeoutError, OSError):
            return TryAgain("sms_unreachable")
        return await self._create(number, body)

    async def _create(self, number: str, body: str) -> Outcome:
        sender = self._account.sender
        origin = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                created = await self._open().messages.create_async(to=number, body=body, **origin)
        except TwilioRestException as error:
            return _outcome(error)
        except aiohttp.ClientConnectorError:
            return TryAgain("sms_unreachable")
        except (TwilioException, aiohttp.ClientError, TimeoutError, OSError):
            return Unknown("sms_no_answer")
        return Accepted(str(created.sid))

    async def _taken_before(self, number: str, body: str) -> str | None:
        """The provider's id of the message with these words to this number; its code makes the words its own."""
        for sent in await self._open().messages.list_async(to=number, limit=LOOK_BACK_MESSAGES):
            if sent.body == body and str(sent.status) not in NEVER_LEFT:
                return str(sent.sid)
        return None

    def _open(self) -> Client:
        """The client; it reads no environment."""
        if self._client is None:
            account = self._account
            self._client = Client(
                account.account_sid, account.auth_token, http_client=_Transport(), environment={"none": ""}
            )
            self._client.api.base_url = account.url
        return self._client


class _Transport(AsyncHttpClient):  # type: ignore[misc]
    """The library's requests over aiohttp. The library's own transport logs addresses that hold numbers; this one logs nothing."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger(__name__), True, TIMEOUT_SECONDS)

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        """One request on a connection of its own."""
        limit = aiohttp.ClientTimeout(total=timeout or TIMEOUT_SECONDS)
        login = {"Authorization": aiohttp.encode_basic_auth(*auth)} if auth is not None else {}
        async with (
            aiohttp.ClientSession(timeout=limit, headers=login) as session,
            session.request(
                method, url, params=params, data=data, headers=headers, allow_redirects=allow_redirects
            ) as answer,
        ):
            return Response(answer.status, await answer.text(), answer.headers)


def _outcome(error: TwilioRestException) -> Outcome:
    """What to do about the provider's answer; the text of the error holds the number and is left behind."""
    log.warning("sms.not_taken", status=error.status, provider_code=error.code)
    if (reason := UNSERVABLE.get(error.code or 0)) is not None:
        return Refused(reason)
    if error.status >= 500:
        return Unknown("sms_provider_broken")
    return TryAgain("sms_throttled" if error.status == 429 else "sms_provider_refused")
