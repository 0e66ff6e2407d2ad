"""A real mail server and a Twilio that takes messages, for the gateways; contacts as auth would answer them."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import uvicorn
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from deploy.local.stack import Stack
from doubles.mailbox.config import mail_home
from doubles.mailbox.letters import Letter, Mailboxes
from doubles.twilio.account import Account
from doubles.twilio.api import make_app
from services.chassis.testing import settings_from
from services.notify.settings import NotifySettings

Serve = Callable[[FastAPI], Awaitable[str]]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves an application on a free port for one test and returns its address."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(app: FastAPI) -> str:
            listener = socket.socket()
            stack.callback(listener.close)
            listener.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
            running = asyncio.create_task(server.serve(sockets=[listener]))

            async def stop() -> None:
                server.should_exit = True
                await running

            stack.push_async_callback(stop)
            while not server.started:
                await asyncio.sleep(0.01)
            return f"http://127.0.0.1:{listener.getsockname()[1]}"

        yield start


@dataclass(frozen=True)
class MailCity:
    """A postfix of this test run and the mailboxes it fills."""

    port: int
    boxes: Mailboxes

    async def letters(self, address: str, count: int = 1, seconds: float = 10.0) -> list[Letter]:
        """The letters of an address once there are `count` of them."""
        until = time.monotonic() + seconds
        while len(found := self.boxes.letters_of(address)) < count:
            assert time.monotonic() < until, f"{len(found)} of {count} letters came"
            await asyncio.sleep(0.05)
        return found


@pytest.fixture(scope="session")
def mail_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailCity]:
    """The mail server, started once a run."""
    folder: Path = tmp_path_factory.mktemp("mail-city")
    port = free_port()
    words = ["--run-dir", str(folder), "--port", str(port), "--serve"]
    server = subprocess.Popen([sys.executable, "-m", "doubles.mailbox.postfix", *words])
    try:
        until = time.monotonic() + 15
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield MailCity(port, Mailboxes(mail_home(folder) / "mailboxes"))
    finally:
        server.terminate()
        server.wait(10)


@dataclass
class AuthCity:
    """auth as notify meets it: tokens for services and the contacts of guardians. It can be away."""

    url: str = ""
    away: bool = False
    asked: int = 0
    contacts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def family(self, child_id: str) -> tuple[str, str]:
        """Two guardians: a mother who reads Kazakh with e-mail and phone, a father who reads Russian with both."""
        mark = child_id[:8]
        mother, father = f"ana-{mark}@pochta.test", f"ake-{mark}@pochta.test"
        number = f"{int(mark, 16) % 10**7:07d}"
        self.contacts[child_id] = [
            {"person_id": person(f"m{mark}"), "language": "kk", "emails": [mother], "phones": [f"+7701{number}"]},
            {"person_id": person(f"f{mark}"), "language": "ru", "emails": [father], "phones": [f"+7702{number}"]},
        ]
        return mother, father

    def guardians(self, child_id: str) -> tuple[str, ...]:
        """The person ids of a child's guardians."""
        return tuple(each["person_id"] for each in self.contacts[child_id])

    def phones(self, child_id: str) -> tuple[str, ...]:
        """The phone numbers of a child's guardians."""
        return tuple(number for each in self.contacts[child_id] for number in each["phones"])


def person(name: str) -> str:
    """An id for a person of a test."""
    return str(uuid5(NAMESPACE_URL, name))


@pytest.fixture
async def auth_city(serve: Serve) -> AuthCity:
    """auth of this test."""
    city, app = AuthCity(), FastAPI()

    @app.post("/service-tokens")
    def token() -> Response:
        city.asked += 1
        if city.away:
            return Response(status_code=503)
        return JSONResponse({"access_token": "t", "expires_at": datetime(2100, 1, 1, tzinfo=UTC).isoformat()})

    @app.get("/children/{child_id}:contacts")
    def contacts(child_id: str) -> Response:
        city.asked += 1
        if city.away:
            return Response(status_code=503)
        return JSONResponse(city.contacts.get(child_id, []))

    @app.get("/persons/{person_id}:contacts")
    def own_contacts(person_id: str) -> Response:
        city.asked += 1
        if city.away:
            return Response(status_code=503)
        known = {each["person_id"]: each for family in city.contacts.values() for each in family}
        return JSONResponse([known[person_id]] if person_id in known else [])

    @app.get("/confirmations/{confirmation_id}")
    def confirmation(confirmation_id: str) -> Response:
        city.asked += 1
        if city.away:
            return Response(status_code=503)
        found = city.codes.get(confirmation_id)
        return JSONResponse(found) if found else JSONResponse({"code": "NO_SUCH_CONFIRMATION"}, 404)

    city.url = await serve(app)
    return city


@pytest.fixture
def account() -> Account:
    """The account at the SMS provider."""
    return Account(lambda: datetime(2026, 11, 24, 2, 0, tzinfo=UTC))


@pytest.fixture
async def notify_settings(
    stack: Stack, mail_city: MailCity, auth_city: AuthCity, account: Account, serve: Serve
) -> NotifySettings:
    """The settings of a notify whose neighbours are those of this test."""
    return settings_from(
        NotifySettings,
        stack.environment("notify"),
        auth_url=auth_city.url,
        smtp_host="127.0.0.1",
        smtp_port=mail_city.port,
        smtp_security="none",
        mail_from="no-reply@zholdama.example",
        mail_from_name="Zholdama",
        twilio_url=await serve(make_app(account, "AC1", "token")),
        twilio_account_sid="AC1",
        twilio_auth_token="token",
        sms_from="+77270000000",
        cabinet_url="https://zholdama.example/",
        sms_link="zholdama.kz",
        support_contact="1308",
    )
