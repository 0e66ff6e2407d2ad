"""What the office decides of an application: its review, the stop list, privileges, conclusions, twins."""

from dataclasses import replace
from datetime import date, timedelta

from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Change,
    Happening,
    Now,
    moved,
    noted,
    settled,
)
from services.queue.domain.refusals import CategoryDiffers, DayNotAhead, NoSuchStep, NotInQueue, TooLateToReturn
from services.queue.domain.rights import Conclusion, Document, Stop, category_differs, concluded, confirmed
from services.queue.domain.words import LIVE, OVER, Category, PrivilegeKind, Status


def review_begins(application: Application, now: Now, by: Actor) -> Change:
    """A clerk takes a submitted application. Said twice, the second time changes nothing. Refused: NO_SUCH_STEP."""
    if application.status is Status.UNDER_REVIEW:
        return application, ()
    if application.status is not Status.SUBMITTED:
        raise NoSuchStep
    taken = moved(application, Status.UNDER_REVIEW, now)
    return noted(taken, now, Happening.REVIEW_BEGAN, by), (ApplicationFact.STATUS_CHANGED,)


def accept(application: Application, now: Now, by: Actor) -> Change:
    """The child stands in the queue, with the date of its filing (R9). Refused: NO_SUCH_STEP."""
    if application.status is not Status.UNDER_REVIEW:
        raise NoSuchStep
    accepted = moved(application, Status.QUEUED, now)
    return caught_up(noted(accepted, now, Happening.REGISTERED, by), (ApplicationFact.REGISTERED,), now)


def caught_up(application: Application, said: tuple[ApplicationFact, ...], now: Now) -> Change:
    """Back among those who follow what is heard: what was heard meanwhile takes effect, as a step of the system."""
    after, more = settled(application, now)
    if not more:
        return application, said
    return noted(after, now, Happening.RIGHT_CHANGED, Actor.SYSTEM), (*said, *more)


def refuse(application: Application, now: Now, by: Actor, reason: str) -> Change:
    """The application is refused; `reason` is a code that the family is shown. Refused: NO_SUCH_STEP."""
    refused = moved(application, Status.REFUSED, now)
    return noted(refused, now, Happening.REFUSED, by, reason=reason), (ApplicationFact.REFUSED,)


def stop(application: Application, now: Now, by: Actor, reason: str, until: date, most_days: int) -> Change:
    """Into the stop list until the end of a day, from the queue only; the invitation ends by itself.

    Refused: NOT_IN_QUEUE; DAY_NOT_AHEAD when `until` lies behind or further ahead than `most_days`.
    """
    if application.status not in LIVE:
        raise NotInQueue
    if not now.today <= until <= now.today + timedelta(days=most_days):
        raise DayNotAhead
    stopped, said = settled(replace(application, stop=Stop(until, f"office:{now.at.isoformat()}")), now)
    return noted(stopped, now, Happening.STOPPED, by, reason=reason), said


def referral_ran_out(application: Application, now: Now, story: str, good_until: date, days: int) -> Change:
    """A referral that nobody brought in time puts the child into the stop list for the `days` calendar days after the
    last day on which it was `good_until` (R35), once for each referral.

    When it is heard of changes nothing: heard after those days, there is no stop any more. A longer stop stays.
    """
    told = any(entry.what is Happening.STOPPED and entry.story == story for entry in application.history)
    if told or application.status in OVER:
        return application, ()
    stop = Stop(good_until + timedelta(days=days), story)
    if stop.until < now.today:
        return application, ()
    if application.stop is not None and application.stop.until > stop.until:
        stop = application.stop
    stopped, said = settled(replace(application, stop=stop, inactive_since=None), now)
    return noted(stopped, now, Happening.STOPPED, Actor.SYSTEM, reason="referral_expired", story=story), said


def stop_ends(application: Application, now: Now, by: Actor, reason: str) -> Change:
    """Out of the stop list, back with the old date. Nothing changes where there is none."""
    if application.stop is None:
        return application, ()
    back, said = settled(replace(application, stop=None), now)
    return noted(back, now, Happening.STOP_ENDED, by, reason=reason), said


def reactivate(application: Application, now: Now, days: int) -> Change:
    """An inactive family asks to be back, once and in time (voucher model).

    Refused: NO_SUCH_STEP; TOO_LATE_TO_RETURN.
    """
    since = application.inactive_since
    if application.status is not Status.INACTIVE or since is None:
        raise NoSuchStep
    if application.reactivated or now.today > since + timedelta(days=days):
        raise TooLateToReturn
    back, said = settled(replace(application, inactive_since=None, reactivated=True), now)
    return noted(back, now, Happening.REACTIVATED, Actor.GUARDIAN), said


def confirm_privilege(
    application: Application, kind: PrivilegeKind, document: Document, now: Now, by: Actor, *, paper_days: int
) -> Change:
    """A privilege counts from today (R17). The same confirmation again changes nothing.

    Refused: NOT_IN_QUEUE when the application is over; PRIVILEGE_NOT_HERE, PRIVILEGE_EXPIRED, DATE_IN_THE_FUTURE.
    """
    _check_not_over(application)
    privilege = confirmed(kind, application.queue_type, document, now.today, paper_days)
    if application.privilege == privilege:
        return application, ()
    changed = replace(application, privilege=privilege)
    line = noted(changed, now, Happening.PRIVILEGE_CONFIRMED, by, reason=kind.value)
    return line, (ApplicationFact.PRIVILEGE_CHANGED,)


def withdraw_privilege(application: Application, now: Now, by: Actor, reason: str) -> Change:
    """A privilege does not hold (any more): the child ranks as general with its old date."""
    _check_not_over(application)
    if application.privilege is None:
        return application, ()
    line = noted(replace(application, privilege=None), now, Happening.PRIVILEGE_WITHDRAWN, by, reason=reason)
    return line, (ApplicationFact.PRIVILEGE_CHANGED,)


def enter_conclusion(
    application: Application, document: Document, category: Category | None, now: Now, by: Actor, *, valid_months: int
) -> Change:
    """A conclusion takes the place of the one before; one that had expired gives the right back.

    Refused: NOT_IN_QUEUE, CATEGORY_DIFFERS, CONCLUSION_EXPIRED, DATE_IN_THE_FUTURE.
    """
    _check_not_over(application)
    if category_differs(application.category, category):
        raise CategoryDiffers
    conclusion = concluded(document, now.today, valid_months)
    if _is_same(application.conclusion, conclusion):
        return application, ()
    changed, said = settled(replace(application, conclusion=conclusion), now)
    line = noted(changed, now, Happening.CONCLUSION_ENTERED, by)
    return line, (ApplicationFact.CONCLUSION_CHANGED, *said)


def link_twins(application: Application, twins: str, now: Now, by: Actor) -> Change:
    """Twins are told of one another; it changes nothing of their numbers (R38)."""
    if application.status not in LIVE:
        raise NotInQueue
    if application.twins == twins:
        return application, ()
    return noted(replace(application, twins=twins), now, Happening.TWINS_LINKED, by, story=twins), ()


def _check_not_over(application: Application) -> None:
    if application.status in OVER:
        raise NotInQueue


def _is_same(known: Conclusion | None, said: Conclusion) -> bool:
    return known is not None and replace(known, warned=False) == said
