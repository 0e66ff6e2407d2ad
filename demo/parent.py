"""A scripted parent: browser, NCALayer, mailbox and phone. Uses public doors only."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from demo.city import Person
from demo.door import TIMEOUT, Addresses, Refused, ask, fetch
from demo.ncalayer import AUTH_KEY, SIGN_KEY, Computer

T = TypeVar("T")
Json = dict[str, Any]


class Late(Exception):
    """What should have come did not come in time."""


async def until(look: Callable[[], Awaitable[T | None]], what: str, seconds: float = 30.0) -> T:
    """Look again and again until there is something; Late when the time is over."""
    end = time.monotonic() + seconds
    while (found := await look()) is None:
        if time.monotonic() > end:
            raise Late(f"{what} did not come within {seconds:.0f} s")
        await asyncio.sleep(0.05)
    return found


class Parent:
    """One person with a key store, an e-mail address and a phone."""

    def __init__(self, at: Addresses, handle: str, person: Person, email: str, phone: str, language: str) -> None:
        self._at = at
        self.handle = handle
        self.person = person
        self.email = email
        self.phone = phone
        self.language = language
        self.computer = Computer(f"{at.ncalayer.replace('http', 'ws', 1)}/{handle}")
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)
        self._binding = secrets.token_urlsafe(24)
        self._token: str | None = None

    async def close(self) -> None:
        """Close the browser."""
        await self._client.aclose()

    async def get_keys(self) -> None:
        """Go to the certification authority once, as everybody did before: it will make keys at the first signature."""
        told = {
            "iin": self.person.iin,
            "surname": self.person.surname.upper(),
            "given": self.person.given.upper(),
            "patronymic": self.person.patronymic.upper(),
            "handle": self.handle,
        }
        await ask(self._client, "POST", f"{self._at.nca}/people", body=told)

    async def sit_down(self) -> None:
        """Sit down at the computer that everybody shares who opens the site by hand."""
        await ask(self._client, "PUT", f"{self._at.ncalayer}/seat", body={"handle": self.handle})

    # -- the cabinet ----------------------------------------------------------------------------------------------
    async def open_login(self) -> Json:
        """Press "log in": the document to sign."""
        body = {"purpose": "login", "binding": self._binding}
        found: Json = await ask(self._client, "POST", f"{self._at.auth}/challenges", body=body)
        return found

    async def sign_login(self, challenge: Json) -> str:
        """Sign the document with the AUTH key."""
        return await self.computer.sign(challenge["xml"], AUTH_KEY)

    async def enter(self, challenge: Json, signed_xml: str) -> Json:
        """Hand the signed document in; the session with the key's data."""
        body = {"challenge_id": challenge["challenge_id"], "binding": self._binding, "signed_xml": signed_xml}
        session: Json = await ask(self._client, "POST", f"{self._at.auth}/sessions", body=body)
        self._token = session["access_token"]
        return session

    async def log_in(self) -> Json:
        """The whole log-in at once."""
        challenge = await self.open_login()
        return await self.enter(challenge, await self.sign_login(challenge))

    async def give_contacts(self) -> None:
        """E-mail, phone, language, consent."""
        body = {"email": self.email, "phone": self.phone, "language": self.language, "consent": True}
        told = await self._do("PUT", f"{self._at.auth}/me/contacts", body)
        self._token = told["access_token"]

    async def me(self) -> Json:
        """Who is in session and the children."""
        found: Json = await self._do("GET", f"{self._at.auth}/me")
        return found

    async def send_code(self, address: str) -> None:
        """Have a code sent that proves an address."""
        await self._do("POST", f"{self._at.auth}/me/contacts:send-code", {"address": address})

    async def confirm_contact(self, address: str, code: str) -> None:
        """Type the code in."""
        await self._do("POST", f"{self._at.auth}/me/contacts:confirm", {"address": address, "code": code})

    async def ask_to_join(self, application_number: str, child_iin: str) -> None:
        """Ask to be a guardian too, as the other parent does."""
        body = {"application_number": application_number, "child_iin": child_iin}
        await self._do("POST", f"{self._at.auth}/guardianships:join", body)

    async def requests_to_join(self) -> list[Json]:
        """Who asks to be a guardian of one of the person's children."""
        found: list[Json] = await self._do("GET", f"{self._at.auth}/guardianships/requests")
        return found

    async def agree(self, request_id: str) -> None:
        """Say yes to one of them."""
        await self._do("POST", f"{self._at.auth}/guardianships/requests/{request_id}:confirm")

    async def journal(self) -> list[Json]:
        """The applications of the person's children."""
        found: list[Json] = await self._do("GET", f"{self._at.queue}/applications")
        return found

    async def card(self, application_id: str) -> Json:
        """One application."""
        found: Json = await self._do("GET", f"{self._at.queue}/applications/{application_id}")
        return found

    async def places(self, application_id: str) -> list[Json]:
        """What may be chosen for this application now."""
        found = await self._do("GET", f"{self._at.vacancy}/places?application_id={application_id}")
        places: list[Json] = found["places"] if isinstance(found, dict) else found
        return places

    async def hold(self, place_id: str, application_id: str) -> Json:
        """Say yes: the place is kept for this child while the choice is signed."""
        url = f"{self._at.vacancy}/places/{place_id}/holds"
        found: Json = await self._do("POST", url, {"application_id": application_id})
        return found

    async def choice(self, hold_id: str, wait: int = 25) -> Json | None:
        """The choice as it stands; None while referral has not heard of the hold."""
        try:
            found: Json = await self._do("GET", f"{self._at.referral}/choices/{hold_id}?wait={wait}")
        except Refused as refused:
            if refused.status == httpx.codes.NOT_FOUND:
                return None
            raise
        return found

    async def sign_choice(self, choice: Json) -> str:
        """Sign the choice with the SIGN key."""
        return await self.computer.sign(choice["xml"], SIGN_KEY)

    async def send_choice(self, hold_id: str, signed_xml: str) -> Json:
        """Hand the signed choice in."""
        url = f"{self._at.referral}/choices/{hold_id}/signature"
        found: Json = await self._do("PUT", url, {"signed_xml": signed_xml})
        return found

    async def decline(self, hold_id: str) -> Json:
        """Say no after all: the place is open again."""
        found: Json = await self._do("POST", f"{self._at.referral}/choices/{hold_id}:decline")
        return found

    async def documents(self, application_id: str) -> list[Json]:
        """The tab of documents."""
        found: list[Json] = await self._do("GET", f"{self._at.referral}/applications/{application_id}/documents")
        return found

    async def download(self, path: str) -> bytes:
        """A document of the tab, by its address there."""
        return await fetch(self._client, f"{self._at.referral}{path}", token=self._token)

    async def _do(self, method: str, url: str, body: Any = None) -> Any:
        return await ask(self._client, method, url, token=self._token, body=body)

    # -- letters --------------------------------------------------------------------------------------------------
    async def letters(self) -> list[Json]:
        """The mailbox, oldest first."""
        found: list[Json] = await ask(self._client, "POST", f"{self._at.mailbox}/inbox", body={"address": self.email})
        return found

    async def texts(self) -> list[Json]:
        """The phone's screen, oldest first."""
        found: list[Json] = await ask(self._client, "POST", f"{self._at.twilio}/inbox", body={"phone": self.phone})
        return found
