"""Who sits before the NCALayer window, which key they choose and what they do with the dialog."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

import httpx

from doubles.nca import keys
from doubles.nca.certificates import Condition, Usage
from doubles.nca.keys import Credential

OTHER = {Usage.AUTH: Usage.SIGN, Usage.SIGN: Usage.AUTH}


class Behaviour(StrEnum):
    """What the person does when the dialog opens."""

    SIGN = "sign"
    CANCEL = "cancel"
    MISTYPED = "wrong_password"
    WRONG_KIND = "wrong_kind"
    """Chooses the other one of their two keys."""
    EXPIRED = "expired"
    """Chooses a key whose certificate has ended."""
    REVOKED = "revoked"
    """Chooses a key whose certificate was revoked."""


_CONDITIONS = {Behaviour.EXPIRED: Condition.EXPIRED, Behaviour.REVOKED: Condition.REVOKED}


class Cancelled(Exception):
    """The person closed the dialog."""


class WrongPassword(Exception):
    """The key store did not open."""


class Stranger(Exception):
    """Nobody of this handle is known to the certification authority."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person who has keys."""

    handle: str
    name: str


class KeySource(Protocol):
    """Where people's keys are had from."""

    async def key(self, handle: str, usage: Usage, condition: Condition) -> Credential:
        """Stranger when nobody has the handle."""
        ...

    async def people(self) -> list[Somebody]:
        """Everybody who has keys."""
        ...


class AuthorityDesk:
    """Keys from the certification authority's double, over HTTP; asked each time, for a person may renew them."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._loaded: dict[str, Credential] = {}

    async def key(self, handle: str, usage: Usage, condition: Condition) -> Credential:
        answer = await self._client.post(f"/people/{handle}/keys/{usage}", params={"condition": condition})
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Stranger(handle)
        told = answer.raise_for_status().json()
        pem = told["key_pem"] + told["certificate_pem"]
        if pem not in self._loaded:
            self._loaded[pem] = keys.load(pem.encode())
        return self._loaded[pem]

    async def people(self) -> list[Somebody]:
        told = (await self._client.get("/people")).raise_for_status().json()
        return [Somebody(each["handle"], each["name"]) for each in told]


@dataclass(slots=True)
class Keyboard:
    """People by handle; whoever has no behaviour of their own signs."""

    source: KeySource
    seated: str | None = None
    """Who sits at this computer: the person of a connection that names nobody."""
    behaviours: dict[str, Behaviour] = field(default_factory=dict)

    def behaviour(self, handle: str) -> Behaviour:
        """What this person does at the next dialogs."""
        return self.behaviours.get(handle, Behaviour.SIGN)

    async def choose(self, handle: str | None, usage: Usage) -> Credential:
        """The key put in by the person of this handle, or by who is seated. Cancelled, WrongPassword, Stranger."""
        handle = handle or self.seated
        if handle is None:
            raise Stranger("nobody sits at the keyboard")
        behaviour = self.behaviour(handle)
        if behaviour is Behaviour.CANCEL:
            raise Cancelled
        if behaviour is Behaviour.MISTYPED:
            raise WrongPassword
        wanted = OTHER[usage] if behaviour is Behaviour.WRONG_KIND else usage
        return await self.source.key(handle, wanted, _CONDITIONS.get(behaviour, Condition.GOOD))
