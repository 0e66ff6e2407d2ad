"""HTTP as a person's browser does it: ask, or be refused with a stable code."""

from dataclasses import dataclass
from typing import Any

import httpx

TIMEOUT = httpx.Timeout(40.0)
"""Seconds; a door may hold a question for 25."""


class Refused(Exception):
    """A service said no: its status, its stable code and its words."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the services and the other organisations listen."""

    auth: str
    queue: str
    vacancy: str
    referral: str
    notify: str
    ncalayer: str
    nca: str
    twilio: str
    mailbox: str


async def ask(client: httpx.AsyncClient, method: str, url: str, *, token: str | None = None, body: Any = None) -> Any:
    """The answer's JSON. Refused for anything but success."""
    answer = await _send(client, method, url, token, body)
    return answer.json() if answer.content else None


async def fetch(client: httpx.AsyncClient, url: str, *, token: str | None = None) -> bytes:
    """The answer's bytes. Refused for anything but success."""
    return (await _send(client, "GET", url, token, None)).content


async def _send(client: httpx.AsyncClient, method: str, url: str, token: str | None, body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await client.request(method, url, json=body, headers=headers)
    if answer.is_success:
        return answer
    try:
        told = answer.json()
    except ValueError:
        told = {}
    code = str(told.get("code", "UNKNOWN"))
    raise Refused(answer.status_code, code, str(told.get("detail") or told.get("title") or answer.reason_phrase))
