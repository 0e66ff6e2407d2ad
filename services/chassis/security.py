"""Who is asking, checked offline by the public keys of the identity service (JWKS).

Tokens are RS256: an opening morning is verification, and RSA-2048 verifies several times faster than Ed25519. Their validity is
counted in business time. Three kinds (`typ`): `access` names a person in session, `service` a service, `statement` is a short
signed sentence about a person that the receiver need not ask for.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
from fastapi import Request

from services.chassis.clock import Clock
from services.chassis.errors import EmailRequired, Forbidden, Retry, Unauthenticated

ISSUER = "zholdama-auth"
AUDIENCE = "zholdama"
LEEWAY = timedelta(seconds=5)
KEYS_AT_MOST_EVERY_SECONDS = 5.0
TIMEOUT_SECONDS = 3.0
VERDICTS = 20_000
"""So many tokens are remembered at most; the one remembered longest gives way."""


@dataclass(frozen=True, slots=True)
class Person:
    """The person in session."""

    person_id: str
    session_id: str
    roles: frozenset[str] = frozenset()
    organisation_id: str | None = None


class Keys:
    """The identity service's public keys, fetched when an unknown one is named, at most every five seconds."""

    def __init__(self, auth_url: str) -> None:
        self._url = f"{auth_url}/.well-known/jwks.json"
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched = -KEYS_AT_MOST_EVERY_SECONDS
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """The key of an id, or None when the identity service does not know it; Retry when it cannot be asked."""
        if kid not in self._keys:
            async with self._lock:
                if kid not in self._keys and time.monotonic() - self._fetched >= KEYS_AT_MOST_EVERY_SECONDS:
                    await self._fetch()
        return self._keys.get(kid)

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                answer = await client.get(self._url)
                answer.raise_for_status()
        except httpx.HTTPError as error:
            raise Retry("AUTH_UNREACHABLE") from error
        self._fetched = time.monotonic()
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(answer.json()).keys if key.key_id}


class Tokens:
    """Checks tokens and gives FastAPI dependencies for the doors of a service."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._verdicts: dict[bytes, dict[str, Any]] = {}

    async def claims(self, token: str, typ: str) -> dict[str, Any]:
        """The claims of a valid token of a kind, else Unauthenticated."""
        now = self._clock.now()
        claims = await self._verdict(token, now)
        if datetime.fromtimestamp(claims["exp"], UTC) <= now - LEEWAY or claims.get("typ") != typ:
            raise Unauthenticated("the token has expired or is of another kind")
        if datetime.fromtimestamp(claims["iat"], UTC) > now + LEEWAY:
            raise Unauthenticated("the token is not valid yet")
        return claims

    async def _verdict(self, token: str, now: datetime) -> dict[str, Any]:
        """The claims of a token that was well signed; remembered by its hash until it ends, so that a session is verified
        once and not with every request. What ends a token early is asked for elsewhere, not here."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verdicts.get(digest)
        if known is not None:
            return known
        claims = await self._verified(token)
        if datetime.fromtimestamp(claims["exp"], UTC) > now - LEEWAY:
            while len(self._verdicts) >= VERDICTS:
                del self._verdicts[next(iter(self._verdicts))]
            self._verdicts[digest] = claims
        return claims

    async def _verified(self, token: str) -> dict[str, Any]:
        try:
            kid = str(jwt.get_unverified_header(token).get("kid", ""))
            key = await self._keys.get(kid)
            if key is None:
                raise Unauthenticated("the token was signed by an unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "require": ["exp", "iat", "sub"],
                },
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated("the token is not valid") from error
        return claims

    async def _access(self, request: Request) -> dict[str, Any]:
        return await self.claims(_bearer(request), "access")

    async def newcomer(self, request: Request) -> Person:
        """A person in session, also one who has not yet given an e-mail address."""
        return _person(await self._access(request))

    async def person(self, request: Request) -> Person:
        """A person in session; EmailRequired until the first login is finished (R3)."""
        claims = await self._access(request)
        if claims.get("email_required"):
            raise EmailRequired("give an e-mail address first")
        return _person(claims)

    def staff(self, *roles: str) -> Callable[[Request], Awaitable[Person]]:
        """A dependency: a person in session who has one of the roles."""

        async def check(request: Request) -> Person:
            person = await self.person(request)
            if not person.roles & set(roles):
                raise Forbidden("this needs another role")
            return person

        return check

    def service(self, *names: str) -> Callable[[Request], Awaitable[str]]:
        """A dependency: one of the named services asks; returns its name."""

        async def check(request: Request) -> str:
            claims = await self.claims(_bearer(request), "service")
            name = str(claims["sub"]).removeprefix("service:")
            if name not in names:
                raise Forbidden("this door is for another service")
            return name

        return check

    async def statement(self, token: str, purpose: str) -> dict[str, Any]:
        """The claims of a statement made for a purpose."""
        claims = await self.claims(token, "statement")
        if claims.get("purpose") != purpose:
            raise Unauthenticated("the statement was made for another purpose")
        return claims


class ServiceToken:
    """This service's own token for asking the identity service, renewed before it ends."""

    def __init__(self, auth_url: str, service: str, secret: str, clock: Clock) -> None:
        self._url = f"{auth_url}/service-tokens"
        self._who = (service, secret)
        self._clock = clock
        self._token: str | None = None
        self._until = datetime(1970, 1, 1, tzinfo=UTC)

    async def header(self, client: httpx.AsyncClient) -> dict[str, str]:
        """The Authorization header; Retry when no token is to be had now."""
        if self._token is None or self._clock.now() >= self._until - timedelta(seconds=30):
            try:
                answer = await client.post(self._url, auth=self._who, timeout=TIMEOUT_SECONDS)
                answer.raise_for_status()
            except httpx.HTTPError as error:
                raise Retry("AUTH_UNREACHABLE") from error
            self._token = str(answer.json()["access_token"])
            self._until = datetime.fromisoformat(answer.json()["expires_at"])
        return {"Authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The token was refused: ask for a new one next time."""
        self._token = None


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("log in first")
    return token


def _person(claims: dict[str, Any]) -> Person:
    return Person(
        person_id=str(claims["sub"]),
        session_id=str(claims.get("sid", "")),
        roles=frozenset(claims.get("roles", ())),
        organisation_id=claims.get("org"),
    )
