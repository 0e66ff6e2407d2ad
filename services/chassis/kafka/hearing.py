"""What a service does when it hears a fact, and a message as it came."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from aiokafka import ConsumerRecord
from pydantic import ValidationError

from contracts import EVENTS
from contracts.envelope import Fact
from services.chassis.errors import Poison
from services.chassis.telemetry import traced

UNKNOWN_TYPE = "unknown_type"
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True, slots=True)
class Told:
    """The envelope of a fact: who said it, about what, as the how-manieth, when (business time)."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    topic: str
    key: str
    traceparent: str = ""


Handler = Callable[[Any, Told], Awaitable[None]]


class Hearing:
    """What a service does when it hears a fact: one handler a type. Facts of the same topic without a handler are passed over."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._handlers: dict[str, tuple[type[Fact], Handler]] = {}

    def on(
        self, *kinds: type[F]
    ) -> Callable[[Callable[[F, Told], Awaitable[None]]], Callable[[F, Told], Awaitable[None]]]:
        """Registers a handler for the given facts."""

        def register(handler: Callable[[F, Told], Awaitable[None]]) -> Callable[[F, Told], Awaitable[None]]:
            for kind in kinds:
                self._handlers[kind.type] = (kind, handler)
            return handler

        return register

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics to read."""
        return tuple(sorted({kind.topic for kind, _ in self._handlers.values()}))

    async def dispatch(self, record: "Heard") -> bool:
        """Handles one message; False when it is none of this service's business. Poison, Park or the handler's error otherwise."""
        told, value = record.told(), record.value
        if told.type not in EVENTS or EVENTS[told.type].topic != told.topic:
            raise Poison(UNKNOWN_TYPE)
        if told.type not in self._handlers:
            return False
        kind, handler = self._handlers[told.type]
        try:
            fact = kind.model_validate_json(value)
        except ValidationError as error:
            raise Poison("invalid_data") from error
        with traced(f"{told.type} process", told.traceparent):
            await handler(fact, told)
        return True


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as it came: where it stood, its headers as text (broken bytes made visible), its value."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Mapping[str, str]
    value: bytes

    def told(self) -> Told:
        """The envelope; Poison when it is not a CloudEvents 1.0 envelope of ours."""
        if self.headers.get("ce_specversion") != "1.0":
            raise Poison("not_a_cloudevent")
        try:
            return Told(
                id=self.headers["ce_id"],
                type=self.headers["ce_type"],
                source=self.headers["ce_source"],
                subject=self.headers["ce_subject"],
                sequence=int(self.headers["ce_sequence"]),
                time=datetime.fromisoformat(self.headers["ce_time"]),
                topic=self.topic,
                key=(self.key or b"").decode(),
                traceparent=self.headers.get("traceparent", ""),
            )
        except (KeyError, ValueError) as error:
            raise Poison("broken_envelope") from error

    @classmethod
    def of(cls, record: ConsumerRecord[bytes, bytes]) -> "Heard":
        """A record of the client library; a header that is null or not UTF-8 does not break it."""
        headers = {name: (value or b"").decode("utf-8", "backslashreplace") for name, value in record.headers or ()}
        return cls(record.topic, record.partition, record.offset, record.key, headers, record.value or b"")
