"""What the cabinet asks of auth about a person's own matters: sessions, proven addresses, who acts for a child, who looked."""

from datetime import datetime

from pydantic import BaseModel

from web.upstream import Upstream


class OpenSession(BaseModel):
    """One of the own sessions; `browser` is a hint such as `Chrome, Windows`, or empty; `current`: the one that asks."""

    session_id: str
    opened_at: datetime
    last_used_at: datetime
    ends_at: datetime
    browser: str
    current: bool


class Asker(BaseModel):
    """Who asks to act for a child too, by name."""

    surname: str
    given: str
    patronymic: str = ""

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic."""
        return " ".join(part for part in (self.surname, self.given, self.patronymic) if part)


class JoinRequest(BaseModel):
    """A request of another parent that the person in session may answer."""

    request_id: str
    child_id: str
    asker: Asker
    asked_at: datetime
    expires_at: datetime


class Look(BaseModel):
    """One look at a child's record. `reader`: you, guardian, staff or service; `body`: family, department, preschool, system."""

    at: datetime
    service: str
    why: str
    reader: str
    body: str
    role: str | None = None


class Own:
    """The doors of auth to a person's own matters."""

    def __init__(self, upstream: Upstream) -> None:
        self._ask = upstream.ask

    async def sessions(self, token: str) -> list[OpenSession]:
        """The own sessions that live."""
        return [OpenSession.model_validate(each) for each in (await self._ask("GET", "/sessions", token)).json()]

    async def end_session(self, token: str, session_id: str) -> None:
        """Ends one of them."""
        await self._ask("POST", f"/sessions/{session_id}:end", token)

    async def end_all_sessions(self, token: str) -> None:
        """Ends all of them, the one that asks too."""
        await self._ask("POST", "/sessions:end-all", token)

    async def join(self, token: str, application_number: str, child_iin: str, browser: str = "") -> datetime:
        """Asks the guardians of a child; until when a right question waits. It is never told whether it was right."""
        body = {"application_number": application_number, "child_iin": child_iin}
        answer = await self._ask("POST", "/guardianships:join", token, json=body, on_behalf_of=browser)
        return datetime.fromisoformat(answer.json()["expires_at"])

    async def requests(self, token: str) -> list[JoinRequest]:
        """The requests that wait for an answer of the person in session."""
        answer = await self._ask("GET", "/guardianships/requests", token)
        return [JoinRequest.model_validate(each) for each in answer.json()]

    async def answer_request(self, token: str, request_id: str, *, confirmed: bool) -> None:
        """Says yes or no; the same answer twice is one answer."""
        await self._ask("POST", f"/guardianships/requests/{request_id}:{'confirm' if confirmed else 'refuse'}", token)

    async def looks(self, token: str, child_id: str) -> list[Look]:
        """Who looked at a child's record."""
        answer = await self._ask("GET", f"/children/{child_id}/reads", token)
        return [Look.model_validate(each) for each in answer.json()]

    async def send_code(self, token: str, address: str) -> None:
        """Has a code sent to one of the own addresses."""
        await self._ask("POST", "/me/contacts:send-code", token, json={"address": address})

    async def confirm(self, token: str, address: str, code: str) -> None:
        """Proves one of the own addresses by the code that came to it."""
        await self._ask("POST", "/me/contacts:confirm", token, json={"address": address, "code": code})
