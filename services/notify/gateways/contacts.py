"""Who the guardians of a child are and how they are reached, asked of auth at the moment of sending and kept nowhere."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from services.chassis.errors import Retry
from services.notify.domain.message import ChildId, Language, PersonId
from services.notify.domain.sending import Recipient

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


_CONTACTS = TypeAdapter(list[_Contact])


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

    async def of(self, child_id: ChildId) -> tuple[Recipient, ...]:
        """All guardians of a child with main and extra addresses; ContactsUnavailable when they cannot be had now."""
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
                header = await self._authorise(client)
                answer = await client.get(f"{self._url}/children/{child_id}:contacts", headers=header)
        except (httpx.HTTPError, Retry) as error:
            raise ContactsUnavailable("auth_unreachable") from error
        match answer.status_code:
            case 200:
                return _recipients(answer.content)
            case 404:
                return ()
            case 401:
                self._forget()
                raise ContactsUnavailable("auth_token_refused")
            case _:
                raise ContactsUnavailable("auth_refused")


def _recipients(body: bytes) -> tuple[Recipient, ...]:
    try:
        contacts = _CONTACTS.validate_json(body)
    except ValidationError:
        raise ContactsUnavailable("auth_answer_malformed") from None
    return tuple(
        Recipient(PersonId(each.person_id), each.language, _distinct(each.emails), _distinct(each.phones))
        for each in contacts
    )


def _distinct(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Each address once, in the order given: a number that is main and extra gets one SMS."""
    known: dict[str, Any] = dict.fromkeys(addresses)
    return tuple(known)
