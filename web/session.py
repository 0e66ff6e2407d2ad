"""The session of a browser: the tokens that auth gave, sealed in a cookie that only this service can open.

No table of sessions is kept here: two replicas serve the same parent, and a stopped one loses nothing.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.fernet import InvalidToken, MultiFernet
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "zholdama_session"
BROWSER_COOKIE = "zholdama_browser"
COOKIE_LIFE = timedelta(hours=12)
RENEW_BEFORE = timedelta(seconds=60)
"""A token with less left is renewed before it is used."""


@dataclass(frozen=True, slots=True)
class Session:
    """A person in session; `expires_at` is the end of the access token, not of the session."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    email_required: bool

    def wants_renewal(self, now: datetime) -> bool:
        """Whether the access token is to be renewed before its next use."""
        return self.expires_at - now < RENEW_BEFORE

    def is_over(self, now: datetime) -> bool:
        """Whether the access token can no longer be used."""
        return self.expires_at <= now


class Cookies:
    """Seals sessions and opens them again."""

    def __init__(self, seals: MultiFernet, *, secure: bool) -> None:
        self._seals = seals
        self._secure = secure

    def read(self, request: Request) -> Session | None:
        """The session that the browser brought, or None when there is none that we sealed."""
        sealed = request.cookies.get(COOKIE, "")
        try:
            told = json.loads(self._seals.decrypt(sealed, ttl=int(COOKIE_LIFE.total_seconds())))
            return Session(**(told | {"expires_at": datetime.fromisoformat(told["expires_at"])}))
        except (InvalidToken, ValueError, TypeError, KeyError):
            return None

    def write(self, response: Response, session: Session | None) -> None:
        """Gives the browser its session; None takes it away."""
        if session is None:
            response.delete_cookie(COOKIE, httponly=True, secure=self._secure, samesite="lax")
            return
        told = asdict(session) | {"expires_at": session.expires_at.isoformat()}
        self._set(response, COOKIE, self._seals.encrypt(json.dumps(told).encode()).decode())

    def browser(self, response: Response, secret: str) -> None:
        """Gives the browser the secret that binds a challenge to it."""
        self._set(response, BROWSER_COOKIE, secret)

    def _set(self, response: Response, name: str, value: str) -> None:
        response.set_cookie(
            name,
            value,
            max_age=int(COOKIE_LIFE.total_seconds()),
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )
