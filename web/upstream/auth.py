"""What the cabinet asks of auth: challenges, sessions, keys, names."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from web.upstream import Upstream


class Challenge(BaseModel):
    """The document to sign at login."""

    challenge_id: str
    xml: str
    expires_at: datetime


class Key(BaseModel):
    """A key as shown to its owner (guide figures 3, 4 and 11)."""

    owner: str
    not_before: datetime
    not_after: datetime
    serial: str
    issuer: str
    algorithm: str
    kind: str = "UNKNOWN"


class Admitted(BaseModel):
    """The tokens of a session."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    email_required: bool


class Access(BaseModel):
    """A new access token of the same session."""

    access_token: str
    expires_at: datetime
    email_required: bool


class Card(BaseModel):
    """A person as named in auth's vault. What the reader may not know is empty."""

    person_id: str
    iin: str = ""
    surname: str = ""
    given: str = ""
    patronymic: str = ""
    birth_date: date | None = None
    address: str | None = None
    residence_address: str | None = None

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic."""
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


class Me(Card):
    """The person in session and the children to act for."""

    email_required: bool
    language: str | None = None
    emails: list[str] = []
    phones: list[str] = []
    confirmed: list[str] = []
    """Those of the addresses that were proven by a code."""
    children: list[Card] = []
    guardians: dict[str, list[str]] = {}
    """Of each child everybody who may act for it."""


class Auth:
    """The doors of auth that the cabinet uses."""

    def __init__(self, upstream: Upstream) -> None:
        self._ask = upstream.ask

    async def challenge(self, binding: str, browser: str = "") -> Challenge:
        """A document to sign, for this browser only; `browser` is its address, for auth's limit."""
        body = {"purpose": "login", "binding": binding}
        answer = await self._ask("POST", "/challenges", json=body, on_behalf_of=browser)
        return Challenge.model_validate_json(answer.content)

    async def describe_key(self, signed_xml: str) -> Key:
        """The key that signed; shown, not judged."""
        answer = await self._ask("POST", "/keys:describe", json={"signed_xml": signed_xml})
        return Key.model_validate_json(answer.content)

    async def enter(
        self, challenge_id: str, binding: str, signed_xml: str, browser: str = "", user_agent: str = ""
    ) -> Admitted:
        """A session for whoever answered the challenge; `user_agent` is what the browser says of itself."""
        body = {"challenge_id": challenge_id, "binding": binding, "signed_xml": signed_xml, "user_agent": user_agent}
        answer = await self._ask("POST", "/sessions", json=body, wait=10, on_behalf_of=browser)
        return Admitted.model_validate_json(answer.content)

    async def renew(self, refresh_token: str) -> Admitted:
        """The next tokens of a session."""
        answer = await self._ask("POST", "/sessions:refresh", json={"refresh_token": refresh_token})
        return Admitted.model_validate_json(answer.content)

    async def leave(self, token: str) -> None:
        """Ends the session."""
        await self._ask("POST", "/sessions:end", token)

    async def me(self, token: str) -> Me:
        """The person in session."""
        return Me.model_validate_json((await self._ask("GET", "/me", token)).content)

    async def cards(self, token: str, person_ids: list[str]) -> dict[str, Card]:
        """Those of the persons whom the person in session may know, by id."""
        if not person_ids:
            return {}
        answer = await self._ask("POST", "/me/cards", token, json={"person_ids": person_ids})
        return {card.person_id: card for card in (Card.model_validate(each) for each in answer.json())}

    async def give_contacts(self, token: str, contacts: dict[str, Any]) -> Access:
        """Says how the person is reached, and consents."""
        answer = await self._ask("PUT", "/me/contacts", token, json=contacts)
        return Access.model_validate_json(answer.content)

    async def speak(self, token: str, language: str) -> None:
        """Remembers the language of the person in session."""
        await self._ask("PUT", "/me/language", token, json={"language": language})

    async def search_statement(self, child_iin: str, browser: str = "") -> str:
        """A statement about the child of an IIN, for the search without login; it tells nothing by itself.

        `browser` is the address of whoever asks: auth bounds how often one may.
        """
        answer = await self._ask("POST", "/statements/search", json={"child_iin": child_iin}, on_behalf_of=browser)
        return str(answer.json()["statement"])
