"""One application and what may happen to it, for tests without engines."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from services.queue.domain import hearing, review
from services.queue.domain.application import Actor, Application, Change, Now, application_number
from services.queue.domain.filing import Filing, Turnstile, register
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PersonId,
    QueueType,
)

AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
NOW = Now(AT, TODAY, "almaty@2018-05-15")
MINE = ApplicationId("a1")

Chapter = Callable[[Application], Change]


def on(day: date) -> Now:
    """Seven in the morning of a day in the city."""
    return Now(datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC), day, NOW.rules)


def filed(*, is_reviewed: bool = False, **more: object) -> Application:
    usual = {
        "application_id": MINE,
        "child_id": ChildId("c1"),
        "filed_by": PersonId("p1"),
        "region": "almaty",
        "queue_type": QueueType.CORRECTIONAL,
        "category": Category.SPEECH,
        "group_year": 2022,
    }
    filing = Filing(**(usual | more))  # type: ignore[arg-type]
    return register(filing, Turnstile(1, AT, application_number(2026, 1)), NOW, review=is_reviewed)[0]


def invited(n: int) -> Chapter:
    return lambda each: hearing.invited(each, InvitationId(f"i{n}"), AT + timedelta(days=3), 7, NOW)


def handed_over(n: int) -> Chapter:
    return lambda each: hearing.notice_handed_over(each, InvitationId(f"i{n}"), NOW)


def ended(n: int, reason: EndReason = EndReason.LAPSED, *, inactivates: bool = False) -> Chapter:
    return lambda each: hearing.invitation_ended(
        each, InvitationId(f"i{n}"), reason, NOW, lapse_inactivates=inactivates
    )


def held(n: int, state: HoldState, made_with: ApplicationId = MINE) -> Chapter:
    return lambda each: hearing.hold_heard(each, HoldId(f"h{n}"), made_with, state, NOW)


def ran_out(n: int, good_until: date = TODAY - timedelta(days=1)) -> Chapter:
    return lambda each: review.referral_ran_out(each, NOW, f"r{n}", good_until, 10)


def returned(n: int) -> Chapter:
    return lambda each: hearing.hold_heard(each, HoldId(f"h{n}"), MINE, HoldState.ENDED, NOW, is_returned=True)


def stopped(days: int, by: Actor = Actor.CLERK) -> Chapter:
    until = TODAY + timedelta(days=days)
    return lambda each: review.stop(each, NOW, by, "NO_SHOW", until, 90)


def told(application: Application, *chapters: Chapter) -> Application:
    for chapter in chapters:
        application, _ = chapter(application)
    return application
