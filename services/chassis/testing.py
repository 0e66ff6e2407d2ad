"""For tests of services: an identity that signs tokens, a service served in the test's own process, facts said by others.

Everything here speaks to the real engines; what is imitated is the identity service's key only.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx
import jwt
from aiokafka import AIOKafkaConsumer
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI
from pydantic import ValidationError

from contracts import EVENTS
from contracts.envelope import Fact
from services.chassis.clock import Clock, RealClock
from services.chassis.kafka import open_broker, publish_entry
from services.chassis.security import AUDIENCE, ISSUER, Keys
from services.chassis.service import Frame, Parts, build
from services.chassis.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)
T = TypeVar("T")


class Identity(Keys):
    """Signs tokens as the identity service does, and is the key set that checks them."""

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__("http://identity.invalid")
        self._clock = clock or RealClock()
        self._key = rsa.generate_private_key(65537, 2048)
        self._kid = "test"
        self._public = jwt.PyJWK(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True), "RS256")

    async def get(self, kid: str) -> jwt.PyJWK | None:
        """The one key."""
        return self._public if kid == self._kid else None

    def token(self, typ: str, subject: str, **claims: Any) -> str:
        """A token of a kind, valid for five minutes of business time."""
        now = self._clock.now()
        body = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "typ": typ,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
        }
        return jwt.encode(body | claims, self._key, "RS256", headers={"kid": self._kid})

    def person(self, person_id: str, *roles: str, **claims: Any) -> dict[str, str]:
        """The Authorization header of a person in session."""
        session = {"sid": str(uuid5(NAMESPACE_URL, person_id)), "roles": list(roles)}
        return {"Authorization": f"Bearer {self.token('access', person_id, **(session | claims))}"}

    def service(self, name: str) -> dict[str, str]:
        """The Authorization header of a service."""
        return {"Authorization": f"Bearer {self.token('service', f'service:{name}')}"}


def settings_from(kind: type[S], environment: Mapping[str, str], **more: Any) -> S:
    """The settings that a process with this environment would read."""
    prefix = str(kind.model_config.get("env_prefix", ""))
    own = {name.removeprefix(prefix).lower(): value for name, value in environment.items() if name.startswith(prefix)}
    return kind.model_validate({**own, **more})


@dataclass(frozen=True)
class Served:
    """A service running in this process and an HTTP client at its door."""

    frame: Frame
    parts: Parts
    app: FastAPI
    client: httpx.AsyncClient


@asynccontextmanager
async def served(frame: Frame, compose: Callable[[Frame], Parts]) -> AsyncIterator[Served]:
    """Runs a service until the block ends; it is ready when the block begins."""
    parts = compose(frame)
    app = build(frame, parts)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        frame.running(parts),
        httpx.AsyncClient(transport=transport, base_url="http://service.invalid") as client,
    ):

        async def ready() -> bool:
            return (await client.get("/readyz")).status_code == 200

        await eventually(ready, 20)
        yield Served(frame, parts, app, client)


class Speaker:
    """Another service saying facts, with that service's own credentials on the broker."""

    def __init__(self, service: str, environment: Mapping[str, str]) -> None:
        self._service = service
        self.broker = open_broker(settings_from(ServiceSettings, environment), service)

    async def __aenter__(self) -> "Speaker":
        """Connects."""
        await self.broker.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Disconnects."""
        await self.broker.stop()

    async def say(self, fact: Fact, sequence: int = 1, *, at: datetime | None = None, times: int = 1) -> None:
        """Says a fact as its `sequence`-th about its subject; `times` repeats the very same message."""
        entry = {
            "id": str(uuid4()),
            "sequence": sequence,
            "type": fact.type,
            "topic": fact.topic,
            "key": fact.key(),
            "subject": fact.subject(),
            "source": f"/zholdama/{self._service}",
            "time": at or RealClock().now(),
            "traceparent": "",
            "data": fact.model_dump_json(),
        }
        for _ in range(times):
            await publish_entry(self.broker, entry)


class Overheard(NamedTuple):
    """A fact as a topic said it."""

    id: str
    at: datetime
    fact: Fact
    sequence: int


class Ears:
    """Everything that the topics say, from their beginning; what cannot be read is another test's business."""

    def __init__(self, kafka: Mapping[str, str], *topics: str) -> None:
        self.facts: list[Overheard] = []
        self._consumer = AIOKafkaConsumer(
            *topics,
            bootstrap_servers=kafka["bootstrap.servers"],
            security_protocol=kafka["security.protocol"],
            sasl_mechanism=kafka["sasl.mechanism"],
            sasl_plain_username=kafka["sasl.username"],
            sasl_plain_password=kafka["sasl.password"],
            auto_offset_reset="earliest",
        )

    async def _listen(self) -> None:
        async for message in self._consumer:
            headers = dict(message.headers)
            try:
                event = EVENTS[headers["ce_type"].decode()]
                fact = event.fact.model_validate_json(message.value)
                said_at = datetime.fromisoformat(headers["ce_time"].decode())
                heard = Overheard(headers["ce_id"].decode(), said_at, fact, int(headers["ce_sequence"]))
            except (KeyError, ValueError, ValidationError):
                continue
            self.facts.append(heard)

    async def __aenter__(self) -> "Ears":
        """Begins to listen."""
        await self._consumer.start()
        self._task = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops listening."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._consumer.stop()

    def said(self, kind: type[Fact], **about: object) -> list[Any]:
        """Facts of a kind about something, each once."""
        once = {each.id: each.fact for each in self.facts if isinstance(each.fact, kind)}
        return [fact for fact in once.values() if all(getattr(fact, name) == value for name, value in about.items())]

    async def wait(self, n: int, kind: type[Fact], **about: object) -> list[Any]:
        """The facts once there are `n` of them; fails when there are more a moment later."""

        async def enough() -> bool:
            return len(self.said(kind, **about)) >= n

        if n:
            await eventually(enough, 30)
        await asyncio.sleep(0.3)
        found = self.said(kind, **about)
        if len(found) != n:
            raise AssertionError([fact.model_dump() for fact in found])
        return found


async def eventually(check: Callable[[], Awaitable[T]], seconds: float = 30.0) -> T:
    """The first true answer of `check`; AssertionError when there is none in time."""
    until = time.monotonic() + seconds
    while True:
        answer = await check()
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"did not become true in {seconds} s")
        await asyncio.sleep(0.03)


def invented_iin(born: str, serial: int, century_and_sex: int = 5) -> str:
    """A test IIN with a valid check digit: `born` as YYMMDD; the next serial is taken where none exists."""
    while True:
        digits = [int(digit) for digit in f"{born}{century_and_sex}{serial:04d}"]
        rest = sum(digit * weight for digit, weight in zip(digits, range(1, 12), strict=True)) % 11
        if rest == 10:
            weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
            rest = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if rest < 10:
            return "".join(map(str, digits)) + str(rest)
        serial += 1
