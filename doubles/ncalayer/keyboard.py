"""Who sits before the NCALayer window, which key they choose and what they do with the dialog."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import httpx

from doubles.nca import keys
from doubles.nca.certificates import Usage
from doubles.nca.keys import Credential

OTHER = {Usage.AUTH: Usage.SIGN, Usage.SIGN: Usage.AUTH}


class Behaviour(StrEnum):
    """What the person does when the dialog opens."""

    SIGN = "sign"
    CANCEL = "cancel"
    MISTYPED = "wrong_password"
    WRONG_KIND = "wrong_kind"
    """Chooses the other one of their two keys."""


class Cancelled(Exception):
    """The person closed the dialog."""


class WrongPassword(Exception):
    """The key store did not open."""


class Stranger(Exception):
    """Nobody of this handle is known to the certification authority."""


class KeySource(Protocol):
    """Where a person's keys are had from."""

    async def key(self, handle: str, usage: Usage) -> Credential:
        """Stranger when nobody has the handle."""
        ...


class AuthorityDesk:
    """Keys from the certification authority's double, over HTTP; asked each time, for a person may renew them."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._loaded: dict[str, Credential] = {}

    async def key(self, handle: str, usage: Usage) -> Credential:
        answer = await self._client.post(f"/people/{handle}/keys/{usage}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Stranger(handle)
        told = answer.raise_for_status().json()
        pem = told["key_pem"] + told["certificate_pem"]
        if pem not in self._loaded:
            self._loaded[pem] = keys.load(pem.encode())
        return self._loaded[pem]


@dataclass(slots=True)
class Keyboard:
    """People by handle; whoever has no behaviour of their own signs."""

    source: KeySource
    behaviours: dict[str, Behaviour] = field(default_factory=dict)

    async def choose(self, handle: str, usage: Usage) -> Credential:
        """The key that the person at this handle puts in. Cancelled, WrongPassword, Stranger."""
        behaviour = self.behaviours.get(handle, Behaviour.SIGN)
        if behaviour is Behaviour.CANCEL:
            raise Cancelled
        if behaviour is Behaviour.MISTYPED:
            raise WrongPassword
        return await self.source.key(handle, OTHER[usage] if behaviour is Behaviour.WRONG_KIND else usage)
