"""Entering: a challenge, its answer, and the session that follows."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog

from services.auth.domain import challenge, session
from services.auth.domain.challenge import Challenge, Purpose
from services.auth.domain.ids import ChallengeId, PersonId, SessionId
from services.auth.domain.person import email_required
from services.auth.domain.refusals import ChallengeUnknownOrUsed, RefreshTokenReused, SessionEnded
from services.auth.domain.session import Session
from services.auth.domain.verdict import Rejected, refusal_of
from services.auth.signature.certificate import Usage
from services.auth.signature.holder import KeyFacts, key_named_in
from services.auth.usecases.arriving import arrived
from services.auth.usecases.desk import Desk
from services.auth.usecases.limiting import ensure_seldom
from services.auth.usecases.people import duties_of, recognised
from services.auth.usecases.signatures import keep_login
from services.auth.usecases.tokens import ACCESS_LIFE
from services.chassis.aggregates import retry_stale

log = structlog.get_logger("auth")

_NONCE_BYTES = 32


@dataclass(frozen=True, slots=True)
class Admitted:
    """A person in session, with what the browser needs to stay so."""

    person_id: PersonId
    access_token: str
    refresh_token: str
    expires_at: datetime
    email_required: bool
    key: KeyFacts | None = None


async def ask(desk: Desk, binding: str, address: str | None, now: datetime) -> Challenge:
    """A new login challenge for one browser; `binding` is that browser's secret. Raises TooManyRequests."""
    await ensure_seldom(desk.store, desk.limits.challenges, address, now)
    issued = challenge.issue(
        challenge_id=ChallengeId(str(uuid4())),
        nonce=secrets.token_urlsafe(_NONCE_BYTES),
        purpose=Purpose.LOGIN,
        binding=binding,
        site=desk.site,
        now=now,
    )
    await desk.store.challenges.put(issued, now=now)
    return issued


def described(signed_xml: str) -> KeyFacts:
    """The key a signed document says it was signed with, unverified; raises SignatureInvalid or CertificateNotTrusted."""
    try:
        return key_named_in(signed_xml.encode())
    except Rejected as rejected:
        raise refusal_of(rejected.finding) from None


@dataclass(frozen=True, slots=True)
class Answer:
    """A signed challenge as it comes from a browser; `address` is whom its attempts are counted for, if anybody."""

    challenge_id: ChallengeId
    binding: str
    signed_xml: str
    address: str | None = None
    browser: str = ""


async def answer(desk: Desk, given: Answer, now: datetime) -> Admitted:
    """Opens a session to whoever signed the challenge with a login key; raises a refusal. One challenge, one answer."""
    await ensure_seldom(desk.store, desk.limits.logins, given.address, now)
    asked = await desk.store.challenges.take(given.challenge_id)
    if asked is None:
        raise ChallengeUnknownOrUsed
    challenge.ensure_answerable(asked, binding=given.binding, now=now)
    signed = given.signed_xml.encode()
    judged = await desk.verifier.judge(signed, issued=asked.document.encode(), usage=Usage.LOGIN, at=now)
    if judged.verdict.finding is not None:
        log.info("auth.login.refused", finding=judged.verdict.finding, challenge_id=given.challenge_id)
    person_id = await recognised(desk.store, judged.ensure_passed(), now)
    await ensure_seldom(desk.store, desk.limits.logins_of_a_person, person_id, now)
    await keep_login(desk.store, judged, asked, person_id, now)
    opened = Session(
        session_id=SessionId(str(uuid4())),
        person_id=person_id,
        seed=secrets.token_urlsafe(_NONCE_BYTES),
        opened_at=now,
        ends_at=now + desk.session_life,
        browser=given.browser,
    )
    # The session goes first: what is said of it is then true. Should the process end between the two, a session stands whose
    # tokens nobody was given, and the next login from there is still from a new place; no token leaves before it is said.
    await desk.store.sessions.add(opened.session_id, opened, at=now)
    await arrived(desk.store, opened, given.address, judged.key.not_after if judged.key else None, now)
    log.info("auth.session.opened", session_id=opened.session_id, person_id=person_id)
    return await admitted(desk, opened, now, judged.key)


@retry_stale
async def refresh(desk: Desk, token: str, now: datetime) -> Admitted:
    """The next tokens of a session; raises SessionEnded, or RefreshTokenReused, which ends the session."""
    presented = session.parse_refresh_token(token)
    found = await desk.store.sessions.get(presented.session_id)
    if found is None:
        raise SessionEnded
    try:
        after = session.refreshed(found.state, presented, desk.refresh_key, now=now)
    except RefreshTokenReused:
        await desk.store.sessions.save(found, session.ended(found.state, now=now), at=now)
        log.warning("auth.refresh_token.reused", session_id=found.id, person_id=found.state.person_id)
        raise
    if after != found.state:
        await desk.store.sessions.save(found, after, at=now)
    return await admitted(desk, after, now)


@retry_stale
async def leave(desk: Desk, session_id: SessionId, now: datetime) -> None:
    """Ends a session; leaving twice is leaving once."""
    found = await desk.store.sessions.get(session_id)
    if found is not None and found.state.ended_at is None:
        await desk.store.sessions.save(found, session.ended(found.state, now=now), at=now)


async def admitted(desk: Desk, opened: Session, now: datetime, key: KeyFacts | None = None) -> Admitted:
    """Fresh tokens of a session, with the person's roles as they are now."""
    access_token, required = await access(desk, opened.person_id, opened.session_id, now)
    return Admitted(
        person_id=opened.person_id,
        access_token=access_token,
        refresh_token=session.refresh_token(opened, desk.refresh_key),
        expires_at=now + ACCESS_LIFE,
        email_required=required,
        key=key,
    )


async def access(desk: Desk, person_id: PersonId, session_id: SessionId, now: datetime) -> tuple[str, bool]:
    """An access token, and whether an e-mail address is still required (R3)."""
    duties = await duties_of(desk.store, person_id)
    account = await desk.store.vault.accounts.get(person_id)
    required = email_required(account.state if account else None)
    claims = {"sid": session_id, "roles": [role.value for role in duties.told], "email_required": required}
    if duties.organisation_id is not None:
        claims["org"] = duties.organisation_id
    return desk.mint.access(person_id, claims, now), required
