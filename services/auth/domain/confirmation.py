"""An address is proven by a code that was sent to it.

The code is not stored: it follows from the confirmation's id and a key that stands outside the database, so that it can be
sent again after a failure and read by nobody. Only the code asked for last is worth anything.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.auth.domain.ids import ConfirmationId, PersonId
from services.auth.domain.person import Channel
from services.auth.domain.refusals import CodeExpired, CodeTriedTooOften, TooManyRequests

TRIES_AT_MOST = 5
PAUSE = timedelta(minutes=1)
"""So long after a code no other one is sent to the same address: the first may be on its way."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """One code that was asked for; `contact` is a keyed digest of the person's address and tells neither."""

    confirmation_id: ConfirmationId
    person_id: PersonId
    contact: str
    channel: Channel
    asked_at: datetime
    expires_at: datetime
    tries: int = 0

    def sendable(self, now: datetime) -> bool:
        """Whether the code is still worth anything."""
        return now < self.expires_at and self.tries < TRIES_AT_MOST


def ensure_not_too_soon(last: Confirmation | None, now: datetime) -> None:
    """Raises TooManyRequests while the last code to this address may be on its way."""
    if last is not None and now < last.asked_at + PAUSE:
        raise TooManyRequests(last.asked_at + PAUSE - now)


def tried(confirmation: Confirmation, now: datetime) -> Confirmation:
    """With one try more, which is to be written before the code is compared. Raises CodeExpired, CodeTriedTooOften."""
    if now >= confirmation.expires_at:
        raise CodeExpired
    if confirmation.tries >= TRIES_AT_MOST:
        raise CodeTriedTooOften
    return replace(confirmation, tries=confirmation.tries + 1)
