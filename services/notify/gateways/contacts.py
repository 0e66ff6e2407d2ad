"""Whom a message goes to and how they are reached, asked of auth at the moment of sending and kept nowhere."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.chassis.errors import Retry
from services.notify.domain.message import Channel, ChildId, Language, Message, PersonId
from services.notify.domain.reach import Reach
from services.notify.domain.sending import Recipient

T = TypeVar("T")

TIMEOUT_SECONDS = 5.0


class ContactsUnavailable(Exception):
    """auth does not answer, or not as agreed. `reason` is a code; the message waits."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Contact(BaseModel):
    """One guardian as auth answers."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    person_id: str
    language: Language
    emails: tuple[str, ...] = Field(default=(), repr=False)
    phones: tuple[str, ...] = Field(default=(), repr=False)


class _Code(BaseModel):
    """A code that proves an address, as auth answers."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    person_id: str
    language: Language
    channel: Channel
    address: str = Field(repr=False)
    code: str = Field(repr=False)


_CONTACTS = TypeAdapter(list[_Contact])
_CODE = TypeAdapter(_Code)


class Contacts:
    """Asks auth. `authorise` gives the header of this service's own token; `forget` throws a refused token away."""

    def __init__(
        self,
        auth_url: str,
        authorise: Callable[[httpx.AsyncClient], Awaitable[dict[str, str]]],
        forget: Callable[[], None],
    ) -> None:
        self._url = auth_url
        self._authorise = authorise
        self._forget = forget

    async def reach(self, message: Message) -> Reach | None:
        """Whom this message goes to now; None when its code is of no use any more.

        Raises ContactsUnavailable when that cannot be had now.
        """
        if message.confirmation_id is not None:
            return await self._code(message.confirmation_id)
        if message.to:
            found = [await self._asked(f"persons/{person_id}:contacts") for person_id in message.to]
            return Reach(tuple(recipient for body in found if body is not None for recipient in _recipients(body)))
        return Reach(await self.of(message.child_id) if message.child_id is not None else ())

    async def of(self, child_id: ChildId) -> tuple[Recipient, ...]:
        """All guardians of a child with main and extra addresses; ContactsUnavailable when they cannot be had now."""
        body = await self._asked(f"children/{child_id}:contacts")
        return () if body is None else _recipients(body)

    async def _code(self, confirmation_id: str) -> Reach | None:
        body = await self._asked(f"confirmations/{confirmation_id}")
        if body is None:
            return None
        told = _parsed(_CODE, body)
        emails = (told.address,) if told.channel is Channel.EMAIL else ()
        phones = (told.address,) if told.channel is Channel.SMS else ()
        return Reach((Recipient(PersonId(told.person_id), told.language, emails, phones),), told.code)

    async def _asked(self, path: str) -> bytes | None:
        """auth's answer, or None when it knows of no such thing."""
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                header = await self._authorise(client)
                answer = await client.get(f"{self._url}/{path}", headers=header)
        except (httpx.HTTPError, Retry) as error:
            raise ContactsUnavailable("auth_unreachable") from error
        match answer.status_code:
            case 200:
                return answer.content
            case 404:
                return None
            case 401:
                self._forget()
                raise ContactsUnavailable("auth_token_refused")
            case _:
                raise ContactsUnavailable("auth_refused")


def _recipients(body: bytes) -> tuple[Recipient, ...]:
    return tuple(
        Recipient(PersonId(each.person_id), each.language, _distinct(each.emails), _distinct(each.phones))
        for each in _parsed(_CONTACTS, body)
    )


def _parsed(adapter: TypeAdapter[T], body: bytes) -> T:
    try:
        return adapter.validate_json(body)
    except ValidationError:
        raise ContactsUnavailable("auth_answer_malformed") from None


def _distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Each address once, in the order given: a number that is main and extra gets one SMS."""
    known: dict[str, Any] = dict.fromkeys(addresses)
    return tuple(known)
