"""What a new day brings an application without anybody acting: the stop list ends, papers run out, a warning is due."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Change,
    Happening,
    Now,
    noted,
    settled,
)
from services.queue.domain.review import stop_ends
from services.queue.domain.words import OVER

DAY = timedelta(days=1)


def next_day(application: Application, warn_days: int) -> date | None:
    """The first day that still has consequences, perhaps one that is past already; None when there is none."""
    if application.status in OVER:
        return None
    looked, conclusion = application.looked_on, application.conclusion
    days = [day for day in _days(application) if looked is None or day > looked]
    if conclusion is not None and not conclusion.warned:
        days.append(conclusion.valid_until - timedelta(days=warn_days))
    return min(days, default=None)


def day_came(application: Application, now: Now, warn_days: int) -> Change:
    """Draws the consequences of all days up to today, each once."""
    said: list[ApplicationFact] = []
    for act in _ACTS:
        application, facts = act(application, now, warn_days)
        said.extend(facts)
    application = replace(application, looked_on=now.today)
    return application, tuple(said)


def _days(application: Application) -> Iterator[date]:
    """The day after the last day of each thing."""
    if application.stop is not None:
        yield application.stop.until + DAY
    if application.conclusion is not None:
        yield application.conclusion.valid_until + DAY
    privilege = application.privilege
    if privilege is not None and privilege.valid_until is not None:
        yield privilege.valid_until + DAY


def _out_of_the_stop_list(application: Application, now: Now, _: int) -> Change:
    if application.stop is None or now.today <= application.stop.until:
        return application, ()
    return stop_ends(application, now, Actor.SYSTEM, "last_day_over")


def _privilege_ran_out(application: Application, now: Now, _: int) -> Change:
    last = application.privilege.valid_until if application.privilege else None
    if last is None or now.today <= last or _looked_since(application, last):
        return application, ()
    return noted(application, now, Happening.PRIVILEGE_EXPIRED, Actor.SYSTEM), (ApplicationFact.PRIVILEGE_CHANGED,)


def _conclusion_runs_out(application: Application, now: Now, warn_days: int) -> Change:
    conclusion = application.conclusion
    if conclusion is None:
        return application, ()
    last = conclusion.valid_until
    if now.today < last - timedelta(days=warn_days):
        return application, ()
    application = replace(application, conclusion=replace(conclusion, warned=True))
    if now.today > last:
        if _looked_since(application, last):
            return application, ()
        application, said = settled(application, now)
        return noted(application, now, Happening.CONCLUSION_EXPIRED, Actor.SYSTEM), said
    if conclusion.warned:
        return application, ()
    return noted(application, now, Happening.CONCLUSION_EXPIRING, Actor.SYSTEM), (ApplicationFact.CONCLUSION_EXPIRING,)


def _looked_since(application: Application, last: date) -> bool:
    """Whether the day after `last` has been drawn already."""
    return application.looked_on is not None and application.looked_on > last


_ACTS: tuple[Callable[[Application, Now, int], Change], ...] = (
    _out_of_the_stop_list,
    _privilege_ran_out,
    _conclusion_runs_out,
)
