"""The services behind the cabinet, as far as its pages ask them: a table of answers, and a record of what was asked.

One small HTTP server on a free port stands for all of them; a service's address is the server's with its name as path.
"""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from cryptography.fernet import Fernet
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from services.chassis.clock import Setting, real_now, write_setting
from web.app import make_app
from web.settings import WebSettings

BASE = "https://cabinet.test"
BEGINNING = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
ACCESS_LIFE = timedelta(minutes=5)
LOOK_AGAIN_SECONDS = 0.03

ME: dict[str, Any] = {
    "person_id": "parent-1",
    "iin": "870513400018",
    "surname": "Сәрсенова",
    "given": "Айгүл",
    "patronymic": "Маратқызы",
    "birth_date": "1987-05-13",
    "email_required": False,
    "language": "kk",
    "emails": ["aigul@example.kz"],
    "phones": [],
    "children": [
        {
            "person_id": "child-1",
            "iin": "210513600001",
            "surname": "Сәрсенов",
            "given": "Алихан",
            "patronymic": "",
            "birth_date": "2021-05-13",
        }
    ],
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as a service received it."""

    door: str
    json: Any
    token: str
    address: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refuse:
    """A refusal as a service answers it."""

    status: int
    code: str
    more: Mapping[str, Any] = field(default_factory=dict)


Answer = Any
"""JSON, a Response, a Refuse, or a function of what was asked that gives one of them."""


@dataclass
class Office:
    """Answers by door (`GET /queue/applications`); a service in `away` cannot be asked."""

    clock_file: Path
    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)
    now: datetime = BEGINNING

    def url(self, service: str) -> str:
        """Where a service is."""
        return f"{self.address}/{service}"

    def doors(self) -> list[str]:
        """What was asked, in order."""
        return [each.door for each in self.asked]

    def last(self, door: str) -> Asked:
        """The last question at a door."""
        return next(each for each in reversed(self.asked) if each.door == door)

    async def move(self, by: timedelta) -> None:
        """Moves the clock that the cabinet reads."""
        self.now += by
        self._set_clock()
        await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def begin(self) -> None:
        """As before anything was asked: a person is known, the journal is empty, nobody is away."""
        self.answers.clear()
        self.answers |= {"GET /auth/me": ME, "GET /queue/applications": [], "GET /vacancy/bulletin": []}
        self.away.clear()
        self.asked.clear()
        if self.now != BEGINNING:
            await self.move(BEGINNING - self.now)

    def _set_clock(self) -> None:
        write_setting(self.clock_file, Setting(real_now(), self.now, 0.0))

    def tokens(self, n: int, *, email_required: bool = False) -> dict[str, Any]:
        """The n-th tokens of a session."""
        return {
            "access_token": f"access-{n}",
            "refresh_token": f"refresh-{n}",
            "expires_at": (self.now + ACCESS_LIFE).isoformat(),
            "person_id": ME["person_id"],
            "email_required": email_required,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One question."""
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        await (await self._answered(request))(scope, receive, send)

    async def _answered(self, request: Request) -> Response:
        body = await request.body()
        path = request.url.path
        asked = Asked(
            door=f"{request.method} {path}",
            json=json.loads(body) if body else None,
            token=request.headers.get("authorization", "").removeprefix("Bearer "),
            address=str(request.url),
            headers=dict(request.headers),
        )
        self.asked.append(asked)
        if path.split("/")[1] in self.away:
            return _refused(Refuse(503, "TRY_LATER"))
        answer = self.answers.get(asked.door, Refuse(404, "NO_SUCH_DOOR"))
        if isinstance(answer, Callable) and not isinstance(answer, Response):  # type: ignore[arg-type]
            answer = answer(asked)
        if isinstance(answer, Refuse):
            return _refused(answer)
        return answer if isinstance(answer, Response) else JSONResponse(answer)


def _refused(refuse: Refuse) -> Response:
    return JSONResponse({"code": refuse.code, "status": refuse.status, **refuse.more}, refuse.status)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """An application behind a free port, until the block ends; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="warning", ws="none", access_log=False, proxy_headers=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@asynccontextmanager
async def open_office(folder: Path) -> AsyncIterator[Office]:
    """The services, until the block ends."""
    office = Office(folder / "clock.json")
    office._set_clock()
    await office.begin()
    async with served(office) as office.address:
        yield office


def settings_of(office: Office, **more: Any) -> WebSettings:
    """Settings of a cabinet before these services; all of them seal with one key."""
    folder = office.clock_file.parent
    secrets = folder / "secrets"
    secrets.mkdir(exist_ok=True)
    if not (secrets / "cookie_keys").exists():
        (secrets / "cookie_keys").write_text(Fernet.generate_key().decode())
    told: dict[str, Any] = {
        "profile": "test",
        "port": 1,
        **{f"{name}_url": office.url(name) for name in ("auth", "queue", "vacancy", "referral")},
        "secrets_dir": secrets,
        "vendor_dir": folder,
        "clock_file": office.clock_file,
    }
    return WebSettings(**(told | more))


@asynccontextmanager
async def open_cabinet(settings: WebSettings) -> AsyncIterator[FastAPI]:
    """A cabinet, until the block ends."""
    app = make_app(settings)
    async with app.router.lifespan_context(app):
        yield app
    await asyncio.sleep(0)  # the connections' last word, while there is a loop to hear it


def open_window(cabinet: FastAPI) -> httpx.AsyncClient:
    """A browser without JavaScript before a cabinet: keeps cookies, says where its forms come from."""
    transport = httpx.ASGITransport(app=cabinet)
    return httpx.AsyncClient(transport=transport, base_url=BASE, headers={"origin": BASE})


async def enter(browser: httpx.AsyncClient, office: Office, lang: str = "kk", *, email_required: bool = False) -> None:
    """Logs the parent in."""
    office.answers["POST /auth/challenges"] = {
        "challenge_id": "challenge-1",
        "xml": "<login/>",
        "expires_at": (office.now + timedelta(minutes=2)).isoformat(),
    }
    office.answers["POST /auth/sessions"] = office.tokens(1, email_required=email_required)
    (await browser.post(f"/{lang}/login/challenge")).raise_for_status()
    form = {"challenge_id": "challenge-1", "signed_xml": "<login><signature/></login>"}
    entered = await browser.post(f"/{lang}/login", data=form)
    assert entered.status_code == 303, entered.text
