"""The page's side of NCALayer: asks the program on the person's computer to sign."""

import json
from dataclasses import dataclass
from typing import Any

import websockets

COMMON = "kz.gov.pki.knca.commonUtils"
STORE = "PKCS12"
AUTH_KEY, SIGN_KEY = "AUTHENTICATION", "SIGNATURE"


class NotSigned(Exception):
    """The person cancelled, or the program could not sign; its words."""


@dataclass(frozen=True, slots=True)
class Computer:
    """One person's computer with NCALayer on it; ``url`` is the program's socket."""

    url: str

    async def version(self) -> str:
        """What the program says of itself when a page connects."""
        async with websockets.connect(self.url) as socket:
            return str(json.loads(await socket.recv())["result"]["version"])

    async def key_info(self) -> dict[str, Any]:
        """What the dialog shows of the chosen key."""
        found: dict[str, Any] = await self._call("getKeyInfo", [STORE])
        return found

    async def sign(self, xml: str, key: str) -> str:
        """The signed document. NotSigned when the person cancels or the program cannot."""
        return str(await self._call("signXml", [STORE, key, xml, "", ""]))

    async def _call(self, method: str, args: list[str]) -> Any:
        async with websockets.connect(self.url) as socket:
            await socket.recv()
            await socket.send(json.dumps({"module": COMMON, "method": method, "args": args}))
            answer = json.loads(await socket.recv())
        if answer.get("code") != "200":
            raise NotSigned(answer.get("message", "no reason given"))
        return answer.get("responseObject")
