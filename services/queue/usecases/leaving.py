"""Leaving the queue, and coming back after silence."""

from datetime import datetime, timedelta
from uuid import uuid4

from services.chassis.aggregates import retry_stale
from services.queue.domain import departure
from services.queue.domain.application import Actor, Application, Change
from services.queue.domain.filing import remove
from services.queue.domain.refusals import NoSuchApplication, SignatureNotGood, SignatureRequired
from services.queue.domain.review import reactivate
from services.queue.domain.words import LIVE, ApplicationId, PersonId, Status
from services.queue.gateways import Auth
from services.queue.usecases.asking import seen_by
from services.queue.usecases.desk import Desk
from services.queue.usecases.keeping import change, keep
from services.queue.usecases.standing import position


async def leave(
    desk: Desk, person_id: PersonId, application_id: ApplicationId, now: datetime, *, signed_as: str | None = None
) -> Application:
    """The family leaves the queue (R12); `signed_as` is the id of the signature.

    Refused: NO_SUCH_APPLICATION, NOT_IN_QUEUE, CHOICE_IN_PROGRESS, SIGNATURE_REQUIRED where the rules want one.
    """
    await seen_by(desk.store, person_id, application_id)
    if signed_as is None and desk.rules(now).own.applications.removal_signed:
        raise SignatureRequired
    return await removed(desk, application_id, now, by=Actor.GUARDIAN, story=signed_as)


@retry_stale
async def removed(
    desk: Desk,
    application_id: ApplicationId,
    now: datetime,
    *,
    by: Actor,
    reason: str | None = None,
    story: str | None = None,
) -> Application:
    """Out of the queue, with the number it has now as its last (R12)."""
    stored = await desk.store.applications.get(application_id)
    if stored is None:
        raise NoSuchApplication
    number = await _number(desk, stored.state, now) if stored.state.status in LIVE else None
    moment = desk.moment(now)
    after, said = remove(stored.state, moment, by=by, last_number=number, reason=reason, story=story)
    if said:
        await keep(desk, stored, after, said, now)
    return after


async def ask_to_leave(
    desk: Desk, person_id: PersonId, application_id: ApplicationId, now: datetime
) -> tuple[str, datetime]:
    """The document of the removal that this guardian may sign, and until when.

    Refused: NO_SUCH_APPLICATION, NOT_IN_QUEUE, CHOICE_IN_PROGRESS.
    """
    await seen_by(desk.store, person_id, application_id)
    rules, nonce = desk.rules(now), uuid4().hex
    until = now + timedelta(minutes=rules.own.applications.removal_minutes)

    def decide(application: Application) -> Change:
        return departure.asked(application, person_id, now, until, nonce, rules.version), ()

    stored = await change(desk, application_id, decide, now)
    return departure.to_sign(stored.state, person_id, now), until


async def sign_removal(
    desk: Desk, auth: Auth, person_id: PersonId, application_id: ApplicationId, signed_xml: str, now: datetime
) -> Application:
    """The family leaves the queue by a signed document. Signed again after it has left, nothing changes.

    Refused: NO_SUCH_APPLICATION, NOTHING_TO_SIGN, SIGNATURE_NOT_GOOD, NOT_IN_QUEUE, CHOICE_IN_PROGRESS; Retry while auth
    has no verdict.
    """
    stored = await seen_by(desk.store, person_id, application_id)
    if stored.state.status is Status.REMOVED:
        return stored.state
    expected = departure.to_sign(stored.state, person_id, now)
    judged = await auth.judge(expected, signed_xml, stored.state.child_id, person_id)
    if not judged.is_good:
        raise SignatureNotGood
    return await leave(desk, person_id, application_id, now, signed_as=judged.signature_id)


async def come_back(desk: Desk, person_id: PersonId, application_id: ApplicationId, now: datetime) -> None:
    """An inactive family is back. Refused: NO_SUCH_APPLICATION, NO_SUCH_STEP, TOO_LATE_TO_RETURN."""
    await seen_by(desk.store, person_id, application_id)
    days = desk.rules(now).own.applications.reactivate_days
    await change(desk, application_id, lambda each: reactivate(each, desk.moment(now), days), now)


async def _number(desk: Desk, application: Application, now: datetime) -> int | None:
    at = await position(desk.reading, application, desk.today(now))
    return None if at is None else at.number
