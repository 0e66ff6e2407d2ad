"""One request of one browser: its language, its session (renewed when it is about to end), and its page."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from itertools import islice, takewhile
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from web.desk import Desk
from web.session import Session
from web.upstream import Away, Refused
from web.upstream.auth import Admitted
from web.view.words import Lang, Words

HOPS_AT_MOST = 10
USER_AGENT_AT_MOST = 1024


class SignInFirst(Exception):
    """The page needs a session, and there is none any more. `lost`: there was one."""

    def __init__(self, *, lost: bool) -> None:
        super().__init__("sign in first")
        self.lost = lost


class ContactsFirst(Exception):
    """First login: an e-mail address is required before anything else (R3)."""


@dataclass
class Visit:
    """A browser's request for a page in a language."""

    desk: Desk
    request: Request
    lang: Lang
    session: Session | None

    @property
    def words(self) -> Words:
        """The texts of the visitor's language."""
        return Words(self.lang)

    @property
    def token(self) -> str:
        """The access token. SignInFirst when nobody is in session."""
        if self.session is None:
            raise SignInFirst(lost=False)
        return self.session.access_token

    def page(self, name: str, status: int = 200, **context: Any) -> Response:
        """A page from a template."""
        return self.desk.renderer.page(
            self.request, self.lang, name, status, signed_in=self.session is not None, **context
        )

    def go(self, path: str) -> Response:
        """The next page, asked for anew, so that going back or reloading repeats nothing."""
        return RedirectResponse(f"/{self.lang}/{path.lstrip('/')}", 303)

    def keep(self, session: Session | None) -> None:
        """The session that the browser is to keep from now on; None ends it."""
        self.session = session
        self.request.state.session = session


def admitted(told: Admitted) -> Session:
    """The session of tokens just given."""
    return Session(told.access_token, told.refresh_token, told.expires_at, told.email_required)


class Visitors:
    """FastAPI dependencies: anybody, somebody in session, somebody who has told how to be reached."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def anybody(self, request: Request, lang: Lang) -> Visit:
        """Whoever comes; a session that can be renewed is. While it cannot, the page is shown as to a stranger."""
        visit = Visit(self._desk, request, lang, self._desk.cookies.read(request))
        try:
            await self._renewed(visit)
        except Away:
            visit.session = None
        return visit

    async def newcomer(self, request: Request, lang: Lang) -> Visit:
        """Somebody in session, also before the e-mail address is given."""
        visit = Visit(self._desk, request, lang, self._desk.cookies.read(request))
        had_one = visit.session is not None
        await self._renewed(visit)
        if visit.session is None:
            raise SignInFirst(lost=had_one)
        return visit

    async def parent(self, request: Request, lang: Lang) -> Visit:
        """Somebody in session who can be reached."""
        visit = await self.newcomer(request, lang)
        if visit.session is not None and visit.session.email_required:
            raise ContactsFirst
        return visit

    async def _renewed(self, visit: Visit) -> None:
        """Renews a token that is about to end, once a request. Away when it has ended and auth cannot say more."""
        session, now = visit.session, self._desk.clock.now()
        if session is None or not session.wants_renewal(now):
            return
        try:
            visit.keep(admitted(await self._desk.auth.renew(session.refresh_token)))
        except Refused as refusal:
            if refusal.status == HTTPStatus.UNAUTHORIZED:
                visit.keep(None)
            elif session.is_over(now):
                raise Away("auth") from refusal
        except Away:
            if session.is_over(now):
                raise


def browser_of(request: Request) -> str:
    """Who asks, as X-Forwarded-For tells it: what proxies before us wrote down, then the address that spoke to us.

    Auth believes of it what its own trusted proxies wrote. What stands before something that is no address is left out.
    """
    told = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    peer = request.client.host if request.client else ""
    hops = takewhile(_is_address, [*([peer] if peer else []), *reversed(told)])
    return ", ".join(reversed([*islice(hops, HOPS_AT_MOST)]))


def user_agent_of(request: Request) -> str:
    """What the browser says of itself, cut to what auth takes."""
    return request.headers.get("user-agent", "")[:USER_AGENT_AT_MOST]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


async def keep_session(request: Request, call: Callable[[Request], Awaitable[Response]], desk: Desk) -> Response:
    """Around every request: gives the browser the session it is to keep, when that has changed."""
    response = await call(request)
    if hasattr(request.state, "session"):
        desk.cookies.write(response, request.state.session)
    return response


def sign_in_path(lang: Lang, request: Request, *, lost: bool) -> str:
    """Where one signs in and comes back from."""
    back = request.url.path if request.method == "GET" else f"/{lang}/applications"
    return f"/{lang}/login?next={quote(back)}" + ("&lost=1" if lost else "")


def safe_next(lang: Lang, path: str) -> str:
    """A path of ours to go on to, in the visitor's language; the journal for anything else."""
    inside = path.removeprefix(f"/{lang}/")
    plain = inside != path and all(part.replace("-", "").isalnum() for part in inside.split("/") if part)
    return inside if plain and not inside.startswith("/") else "applications"
