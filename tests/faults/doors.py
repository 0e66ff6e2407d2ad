"""The public doors of the city as a patient parent's browser meets them: what is not answered is asked again."""

import asyncio
import json
import time
from typing import Any

import httpx
from websockets.asyncio.client import connect

ANSWER_SECONDS = 35.0
PAUSE_SECONDS = 0.4
COMMON = "kz.gov.pki.knca.commonUtils"


class NeverAnswered(Exception):
    """A door gave no answer within the patience of a story."""


class Refused(Exception):
    """A door said no, for good."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


class Doors:
    """HTTP to every service and double of one instance. `until`: when patience ends, in monotonic seconds."""

    def __init__(self, client: httpx.AsyncClient, addresses: dict[str, str], until: float) -> None:
        self._client = client
        self._addresses = addresses
        self.until = until

    async def ask(
        self, method: str, service: str, path: str, *, body: Any = None, token: str | None = None
    ) -> httpx.Response:
        """Asks until there is an answer that is not "try later"; Refused carries the code of a no."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        while time.monotonic() < self.until:
            try:
                answer = await self._client.request(
                    method, self._addresses[service] + path, json=body, headers=headers, timeout=ANSWER_SECONDS
                )
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_SECONDS)
                continue
            if answer.status_code < 400:
                return answer
            if answer.status_code < 500:
                raise Refused(answer.status_code, _code(answer))
            await asyncio.sleep(PAUSE_SECONDS)
        raise NeverAnswered(f"{method} {service}")

    async def sign(self, handle: str, kind: str, xml: str) -> str:
        """The person's NCALayer signs; `kind` is AUTHENTICATION or SIGNATURE."""
        address = self._addresses["ncalayer"].replace("http://", "ws://")
        async with connect(f"{address}/{handle}", max_size=None) as socket:
            await socket.recv()
            order = {"module": COMMON, "method": "signXml", "args": ["PKCS12", kind, xml, "", ""]}
            await socket.send(json.dumps(order))
            answer = json.loads(await socket.recv())
        return str(answer["responseObject"])

    async def letters(self, address: str) -> list[dict[str, Any]]:
        """A mailbox."""
        found: list[dict[str, Any]] = (await self.ask("POST", "mailbox", "/inbox", body={"address": address})).json()
        return found

    async def messages(self, phone: str) -> list[dict[str, Any]]:
        """A phone's screen."""
        found: list[dict[str, Any]] = (await self.ask("POST", "twilio", "/inbox", body={"phone": phone})).json()
        return found


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("code", ""))
    except ValueError:
        return ""
