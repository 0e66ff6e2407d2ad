"""A choice is opened by a hold, signed or declined by a guardian, judged by auth, ended by time."""

import contextlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5

import structlog

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists, Retry
from services.referral import events
from services.referral.documents.choice import ChoiceText, canonical
from services.referral.documents.words import Both
from services.referral.domain import choice as rules
from services.referral.domain import submission
from services.referral.domain.choice import Change, Choice, Verdict
from services.referral.domain.refusals import NoSuchChoice
from services.referral.domain.words import ChoiceState, Indication, PersonId, SubmissionId
from services.referral.store import Reading
from services.referral.usecases.desk import Desk

log = structlog.get_logger("referral.choices")

SOONEST = timedelta(seconds=1)
LATEST = timedelta(seconds=60)
"""A verdict that waits is asked for again after a quarter of the time it has already waited, within these bounds."""


async def opened(desk: Desk, choice: Choice) -> None:
    """A place is held: its choice is open, with the octets to sign fixed once; a repeat changes nothing.

    Whoever was unlinked before the hold was heard of is looked for each time: a process may have ended between the two.
    """
    if await desk.store.choices.get(choice.hold_id) is None:
        await _open(desk, choice)
    former = await desk.store.former_guardians(choice.child_id)
    if choice.held_by in former:
        await _guardians_changed(desk, choice.hold_id, former, choice.opened_at)


async def _open(desk: Desk, choice: Choice) -> None:
    policy, place = desk.policy(choice.opened_at), choice.place
    text = ChoiceText(
        site=desk.public_url,
        hold_id=choice.hold_id,
        application_id=choice.application_id,
        place_id=choice.place_id,
        organisation=Both(place.name_kk, place.name_ru),
        address=Both(place.address_kk, place.address_ru),
        language=place.language,
        opened_at=choice.opened_at,
        expires_at=choice.hold_until,
        nonce=secrets.token_hex(32),
        policy_version=policy.version,
    )
    await desk.store.texts.add(choice.hold_id, {"octets": canonical(text), "policy_version": policy.version})
    with contextlib.suppress(AlreadyExists):
        await desk.store.choices.add(choice.hold_id, choice, at=choice.opened_at, due=rules.next_look(choice))


async def guardians_changed(desk: Desk, child_id: str, now: datetime) -> None:
    """Closes the open choice of whoever acts for the child no more; a hold heard later is looked at when it opens."""
    former = await desk.store.former_guardians(child_id)
    for stored in await desk.store.open_choices(child_id) if former else ():
        await _guardians_changed(desk, stored.id, former, now)


@retry_stale
async def _guardians_changed(desk: Desk, hold_id: str, former: frozenset[PersonId], now: datetime) -> None:
    stored = await desk.store.choices.get(hold_id)
    if stored is not None:
        await _save(desk, stored, rules.guardians_changed(stored.state, former, now), now)


async def of_guardian(reading: Reading, hold_id: str, person_id: str) -> Stored[Choice]:
    """A choice of a child that this person acts for; else it does not exist (R4)."""
    stored = await reading.choices.get(hold_id)
    if stored is None or not await reading.is_guardian(stored.state.child_id, person_id):
        raise NoSuchChoice
    return stored


@retry_stale
async def sign(desk: Desk, hold_id: str, person_id: str, signed_xml: str, now: datetime) -> Choice:
    """A signed document came in: it is sealed away first, then its verdict is awaited; the same again changes nothing."""
    stored = await of_guardian(desk.store, hold_id, person_id)
    handed_in = submission.octets(signed_xml)
    digest = sha256(handed_in).hexdigest()
    submission_id = SubmissionId(str(uuid5(NAMESPACE_URL, f"submission/{hold_id}/{person_id}/{digest}")))
    limit = timedelta(hours=desk.policy(now).own.received_limit_hours)
    choice, _ = rules.received(stored.state, submission_id, now, limit)
    if choice is stored.state:
        return choice
    await desk.store.submissions.keep(submission_id, handed_in, {"hold_id": hold_id, "person_id": person_id, "at": now})
    await desk.store.choices.save(stored, choice, at=now, due=now)
    return choice


@retry_stale
async def decline(desk: Desk, hold_id: str, person_id: str, now: datetime) -> Choice:
    """The family gives the held place back."""
    stored = await of_guardian(desk.store, hold_id, person_id)
    return await _save(desk, stored, rules.declined(stored.state, now), now)


@retry_stale
async def due(desk: Desk, hold_id: str, now: datetime) -> ChoiceState | None:
    """Its time has come: an open choice expires, a received one is asked about, or rejected when nobody can say.

    Returns the state it has now.
    """
    stored = await desk.store.choices.get(hold_id)
    if stored is None:
        return None
    change = rules.time_came(stored.state, now)
    if change[0] is not stored.state or stored.state.state is not ChoiceState.RECEIVED:
        return (await _save(desk, stored, change, now)).state
    verdict = await _judge(desk, stored.state)
    changed, facts = rules.judged(stored.state, verdict, now)
    if changed is stored.state:
        await desk.store.choices.save(stored, changed, at=now, due=_ask_again(changed, now))
        return changed.state
    return (await _save(desk, stored, (changed, facts), now)).state


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was signed, by whom it was handed in, and against which octets it is judged."""

    submission_id: SubmissionId
    expected: bytes
    signed: bytes
    handed_in_by: str


async def evidence(desk: Desk, choice: Choice) -> Evidence:
    """The submission that a choice waits for or was signed by. LookupError when the store has lost it."""
    text = await desk.store.texts.get(choice.hold_id)
    submission_id = choice.submission_id
    kept = await desk.store.submissions.get(submission_id) if submission_id else None
    if text is None or kept is None or submission_id is None:
        raise LookupError(f"no submission is kept for choice {choice.hold_id}")
    return Evidence(submission_id, bytes(text["octets"]), kept.content, str(kept.fields["person_id"]))


async def _judge(desk: Desk, choice: Choice) -> Verdict:
    kept = await evidence(desk, choice)
    try:
        said = await desk.auth.judge(kept.expected, kept.signed, choice.child_id, kept.handed_in_by)
    except Retry as error:
        log.warning("referral.choice.verdict_waits", hold_id=choice.hold_id, reason=error.code)
        return Verdict(kept.submission_id, Indication.INDETERMINATE, error.code)
    if said.indication is Indication.PASSED and said.signed_by != kept.handed_in_by:
        # R6: whoever is in session must be whoever signed.
        return Verdict(kept.submission_id, Indication.FAILED, "SIGNED_BY_ANOTHER_PERSON")
    signed_by = PersonId(kept.handed_in_by)
    return Verdict(kept.submission_id, said.indication, said.reason, said.signature_id, signed_by)


def _ask_again(choice: Choice, now: datetime) -> datetime | None:
    if choice.received_at is None or choice.received_until is None:
        return None
    pause = min(max((now - choice.received_at) / 4, SOONEST), LATEST)
    return min(now + pause, choice.received_until)


async def _save(desk: Desk, stored: Stored[Choice], change: Change, now: datetime) -> Choice:
    choice, facts = change
    if choice is not stored.state:
        said = events.of_choice(choice, facts)
        await desk.store.choices.save(stored, choice, at=now, facts=said, due=rules.next_look(choice))
    return choice
