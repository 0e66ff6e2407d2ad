"""A session and the chain of its refresh tokens.

A refresh token is not stored: it is computed from the session's seed, its place in the chain (the generation) and a key
that stands outside the database. So the token that follows a given one is always the same token, and a browser whose
answer was lost on the way may ask again without losing its session.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.auth.domain.ids import PersonId, SessionId
from services.auth.domain.refusals import RefreshTokenReused, SessionEnded

REPEAT_GRACE = timedelta(seconds=30)
"""How long a refresh token may be shown again after its first use and still gets the same successor."""

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """One login. `generation` counts the refresh tokens given out so far, from 0; `browser` is a hint for the person."""

    session_id: SessionId
    person_id: PersonId
    seed: str
    opened_at: datetime
    ends_at: datetime
    generation: int = 0
    rotated_at: datetime | None = None
    ended_at: datetime | None = None
    browser: str = ""

    @property
    def last_used_at(self) -> datetime:
        """When its tokens were last renewed."""
        return self.rotated_at or self.opened_at


@dataclass(frozen=True, slots=True)
class Presented:
    """A refresh token taken apart; nothing in it is believed before `refreshed` has compared the proof."""

    session_id: SessionId
    generation: int
    proof: str


def refresh_token(session: Session, key: bytes) -> str:
    """The refresh token of the session's present generation: `<session id>.<generation>.<proof>`."""
    return f"{session.session_id}.{session.generation}.{_proof(session, session.generation, key)}"


def parse_refresh_token(token: str) -> Presented:
    """Raises SessionEnded for a text that cannot be a refresh token."""
    session_id, _, rest = token.partition(".")
    generation, _, proof = rest.partition(".")
    if not session_id or not proof or not (generation.isascii() and generation.isdigit()) or len(generation) > 9:
        raise SessionEnded
    return Presented(SessionId(session_id), int(generation), proof)


def refreshed(session: Session, presented: Presented, key: bytes, *, now: datetime) -> Session:
    """The session after this refresh: rotated, or unchanged when the last token is repeated within the grace time.

    Raises SessionEnded for a wrong proof or an ended session, RefreshTokenReused when an older token comes back: then two
    parties hold the chain and the caller must end the session.
    """
    if not hmac.compare_digest(presented.proof, _proof(session, presented.generation, key)):
        raise SessionEnded
    if session.ended_at is not None or now >= session.ends_at:
        raise SessionEnded
    if presented.generation == session.generation:
        return replace(session, generation=session.generation + 1, rotated_at=now)
    repeated = presented.generation == session.generation - 1
    if repeated and session.rotated_at is not None and now - session.rotated_at <= REPEAT_GRACE:
        return session
    raise RefreshTokenReused


def ended(session: Session, *, now: datetime) -> Session:
    """The session as ended; ending it twice keeps the first time."""
    return session if session.ended_at is not None else replace(session, ended_at=now)


def _proof(session: Session, generation: int, key: bytes) -> str:
    if len(key) < _KEY_BYTES:
        raise ValueError("the refresh key is too short")
    mac = hmac.new(key, f"{session.session_id}|{session.seed}|{generation}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
