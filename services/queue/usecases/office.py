"""What the office does with an application: review, stop list, privileges, conclusions, twins, removal from a paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from services.chassis.aggregates import Stored
from services.chassis.errors import Park
from services.queue.domain import review
from services.queue.domain.application import Actor, Application, Change
from services.queue.domain.refusals import NoSuchApplication, NotTwins
from services.queue.domain.rights import Document
from services.queue.domain.words import ApplicationId, Category, PrivilegeKind
from services.queue.usecases.desk import Desk
from services.queue.usecases.hearing import waits_for
from services.queue.usecases.keeping import change


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts: the role that the history shows."""

    by: Actor


async def begin_review(desk: Desk, who: Officer, application_id: ApplicationId, now: datetime) -> None:
    """The clerk takes it. Refused: NO_SUCH_STEP."""
    await change(desk, application_id, lambda each: review.review_begins(each, desk.moment(now), who.by), now)


async def accept(desk: Desk, who: Officer, application_id: ApplicationId, now: datetime) -> None:
    """The child stands in the queue. Refused: NO_SUCH_STEP."""
    await change(desk, application_id, lambda each: review.accept(each, desk.moment(now), who.by), now)


async def refuse(desk: Desk, who: Officer, application_id: ApplicationId, reason: str, now: datetime) -> None:
    """Refused with a reason. Refused itself: NO_SUCH_STEP."""
    await change(desk, application_id, lambda each: review.refuse(each, desk.moment(now), who.by, reason), now)


async def stop(
    desk: Desk, who: Officer, application_id: ApplicationId, reason: str, until: date, now: datetime
) -> None:
    """Into the stop list. Refused: NOT_IN_QUEUE, DAY_NOT_AHEAD."""
    most = desk.rules(now).own.applications.stop_list_most_days
    await change(
        desk, application_id, lambda each: review.stop(each, desk.moment(now), who.by, reason, until, most), now
    )


async def lift(desk: Desk, who: Officer, application_id: ApplicationId, reason: str, now: datetime) -> None:
    """Out of the stop list before its last day."""
    await change(desk, application_id, lambda each: review.stop_ends(each, desk.moment(now), who.by, reason), now)


async def referral_ran_out(
    desk: Desk, application_id: ApplicationId, story: str, valid_until: datetime, now: datetime
) -> None:
    """A referral ran out: the stop list, once for each (R35). `valid_until` is the first moment at which it was no
    longer valid: 24:00 of its last day.

    It is heard before the end of the hold, so that the child is not invited in between.
    """
    if await desk.store.applications.get(application_id) is None:
        raise Park(waits_for(application_id))
    rules, moment = desk.rules(now), desk.moment(now)
    days = rules.own.applications.stop_list_days
    good_until = rules.calendar.local_day(valid_until - timedelta(milliseconds=1))
    await change(desk, application_id, lambda each: review.referral_ran_out(each, moment, story, good_until, days), now)


async def confirm_privilege(
    desk: Desk, who: Officer, application_id: ApplicationId, kind: PrivilegeKind, document: Document, now: datetime
) -> None:
    """A privilege counts from today. Refused: NOT_IN_QUEUE, PRIVILEGE_NOT_HERE, PRIVILEGE_EXPIRED, DATE_IN_THE_FUTURE."""
    days = desk.rules(now).own.applications.privilege_paper_days

    def decide(each: Application) -> Change:
        return review.confirm_privilege(each, kind, document, desk.moment(now), who.by, paper_days=days)

    await change(desk, application_id, decide, now)


async def withdraw_privilege(
    desk: Desk, who: Officer, application_id: ApplicationId, reason: str, now: datetime
) -> None:
    """A privilege does not hold. Refused: NOT_IN_QUEUE."""
    await change(
        desk, application_id, lambda each: review.withdraw_privilege(each, desk.moment(now), who.by, reason), now
    )


async def enter_conclusion(
    desk: Desk,
    who: Officer,
    application_id: ApplicationId,
    document: Document,
    category: Category | None,
    now: datetime,
) -> None:
    """A conclusion of the consultation. Refused: NOT_IN_QUEUE, CATEGORY_DIFFERS, CONCLUSION_EXPIRED,
    DATE_IN_THE_FUTURE."""
    months = desk.rules(now).own.applications.conclusion_months

    def decide(each: Application) -> Change:
        return review.enter_conclusion(each, document, category, desk.moment(now), who.by, valid_months=months)

    await change(desk, application_id, decide, now)


async def link_twins(desk: Desk, who: Officer, application_ids: Sequence[ApplicationId], now: datetime) -> str:
    """Links twins; the same set has the same link, so that a half-done deed is completed by its repeat.

    Refused: NO_SUCH_APPLICATION, NOT_TWINS, NOT_IN_QUEUE.
    """
    ids = sorted(set(application_ids))
    found = [await _one(desk, each) for each in ids]
    children = {each.state.child_id for each in found}
    if len(ids) < 2 or len(children) != len(ids) or len({each.state.stream_id for each in found}) != 1:
        raise NotTwins
    twins = str(uuid5(NAMESPACE_URL, "zholdama/queue/twins/" + "/".join(ids)))
    for each in ids:
        await change(desk, each, lambda one: review.link_twins(one, twins, desk.moment(now), who.by), now)
    return twins


async def _one(desk: Desk, application_id: ApplicationId) -> Stored[Application]:
    stored = await desk.store.applications.get(application_id)
    if stored is None:
        raise NoSuchApplication
    return stored
