"""Appeals: a family opens one, a named role answers in time, the answer takes effect on the application (R49)."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import uuid4

from services.chassis.aggregates import retry_stale
from services.chassis.errors import AlreadyExists
from services.queue import events
from services.queue.domain import appeal as appeals
from services.queue.domain.appeal import Against, Appeal, AppealId, AppealState
from services.queue.domain.refusals import AppealOpen, NoSuchAppeal
from services.queue.domain.words import ApplicationId, PersonId
from services.queue.store import Reading
from services.queue.usecases.asking import seen_by
from services.queue.usecases.desk import Desk
from services.queue.usecases.keeping import change


async def open_one(
    desk: Desk, person_id: PersonId, application_id: ApplicationId, against: Against, words: str | None, now: datetime
) -> Appeal:
    """A guardian appeals. Refused: NO_SUCH_APPLICATION, NOTHING_TO_APPEAL, APPEAL_OPEN."""
    stored, rules = await seen_by(desk.store, person_id, application_id), desk.rules(now)
    last_day = rules.calendar.plus_working_days(rules.calendar.local_day(now), rules.own.applications.appeal_days)
    appeal, said = appeals.opened(
        AppealId(str(uuid4())),
        stored.state,
        against,
        person_id,
        now,
        due=rules.calendar.end_of(last_day),
        freezes=rules.own.applications.appeal_freezes_place,
        rules=rules.version,
        words=words,
    )
    try:
        await desk.store.appeals.add(appeal.appeal_id, appeal, at=now, facts=events.of_appeal(appeal, said))
    except AlreadyExists as error:
        raise AppealOpen from error
    return appeal


@retry_stale
async def answer(
    desk: Desk, appeal_id: AppealId, *, granted: bool, by: PersonId, role: str, reason: str, now: datetime
) -> Appeal:
    """A named role decides, with a reason. Refused: NO_SUCH_APPEAL, APPEAL_ANSWERED."""
    stored = await desk.store.appeals.get(appeal_id)
    if stored is None:
        raise NoSuchAppeal
    after, said = appeals.answered(stored.state, granted=granted, by=by, role=role, reason=reason, at=now)
    if said:
        await desk.store.appeals.save(stored, after, at=now, facts=events.of_appeal(after, said))
    return after


async def opening_heard(
    desk: Desk, application_id: ApplicationId, appeal_id: AppealId, against: Against, now: datetime
) -> None:
    """The application learns that it is appealed about."""
    await change(
        desk, application_id, lambda each: appeals.opening_heard(each, appeal_id, against, desk.moment(now)), now
    )


async def answer_heard(
    desk: Desk, application_id: ApplicationId, appeal_id: AppealId, against: Against, now: datetime, *, granted: bool
) -> None:
    """The answer takes effect. A child that has filed anew meanwhile stands already and is not restored twice."""
    appeal = await desk.store.appeals.get(appeal_id)
    heard = partial(
        appeals.answer_heard,
        appeal_id=appeal_id,
        against=against,
        now=desk.moment(now),
        granted=granted,
        stop_story=appeal.state.stop_story if appeal else None,
    )
    try:
        await change(desk, application_id, heard, now)
    except AlreadyExists:
        await change(desk, application_id, partial(heard, moves=False), now)


async def of_application(reading: Reading, person_id: PersonId, application_id: ApplicationId) -> Sequence[Appeal]:
    """The appeals of an application, for its guardian. Refused: NO_SUCH_APPLICATION."""
    await seen_by(reading, person_id, application_id)
    return [each.state for each in await reading.appeals_of(application_id)]


async def waiting(reading: Reading) -> Sequence[Appeal]:
    """The appeals that wait for an answer, the most urgent first."""
    return [each.state for each in await reading.appeals_in(AppealState.OPEN)]
