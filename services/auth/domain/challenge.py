"""The login challenge: a small XML document that a person signs once, in one browser, within two minutes."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from xml.sax.saxutils import escape

from services.auth.domain.ids import ChallengeId
from services.auth.domain.refusals import ChallengeExpired, ChallengeOfAnotherBrowser

LIFETIME = timedelta(seconds=120)
LOGIN_NAMESPACE = "urn:zholdama:login:1"


class Purpose(StrEnum):
    """What a challenge is for. Each purpose has a namespace of its own, so that one answer never serves as another."""

    LOGIN = "login"


@dataclass(frozen=True, slots=True)
class Challenge:
    """One question to one browser; the first answer takes it out of the store.

    `binding_digest` is SHA-256 of the browser's secret, which is not stored.
    """

    challenge_id: ChallengeId
    purpose: Purpose
    binding_digest: str
    document: str
    issued_at: datetime
    expires_at: datetime


def issue(
    *, challenge_id: ChallengeId, nonce: str, purpose: Purpose, binding: str, site: str, now: datetime
) -> Challenge:
    """A new challenge. The site's name and the purpose stand in the document because the signing program cannot show
    the page's origin: what a person reads there is the only guard against signing for somebody else's page.
    """
    expires_at = now + LIFETIME
    return Challenge(
        challenge_id=challenge_id,
        purpose=purpose,
        binding_digest=_digest(binding),
        document=_document(challenge_id, nonce, purpose, site, now, expires_at),
        issued_at=now,
        expires_at=expires_at,
    )


def ensure_answerable(challenge: Challenge, *, binding: str, now: datetime) -> None:
    """In time and from the browser that asked; else raises ChallengeExpired or ChallengeOfAnotherBrowser."""
    if now > challenge.expires_at:
        raise ChallengeExpired
    if not hmac.compare_digest(challenge.binding_digest, _digest(binding)):
        raise ChallengeOfAnotherBrowser


def _document(
    challenge_id: ChallengeId, nonce: str, purpose: Purpose, site: str, issued_at: datetime, expires_at: datetime
) -> str:
    return (
        f'<login xmlns="{LOGIN_NAMESPACE}">'
        f"<purpose>{escape(purpose)}</purpose><site>{escape(site)}</site>"
        f"<challenge>{escape(challenge_id)}</challenge><nonce>{escape(nonce)}</nonce>"
        f"<issued>{issued_at:%Y-%m-%dT%H:%M:%SZ}</issued><expires>{expires_at:%Y-%m-%dT%H:%M:%SZ}</expires>"
        "</login>"
    )


def _digest(binding: str) -> str:
    return hashlib.sha256(binding.encode()).hexdigest()
