"""How a decision about an application is saved: with what it says, and with the day it must be looked at again."""

from collections.abc import Callable, Iterable
from datetime import datetime, time

from services.chassis.aggregates import Stored, retry_stale
from services.queue import events
from services.queue.domain.application import Application, ApplicationFact, Change
from services.queue.domain.days import day_came, next_day
from services.queue.domain.refusals import NoSuchApplication
from services.queue.domain.words import ApplicationId
from services.queue.usecases.desk import Desk


async def keep(
    desk: Desk, stored: Stored[Application], after: Application, said: Iterable[ApplicationFact], now: datetime
) -> Stored[Application]:
    """Saves the application that was loaded."""
    facts = events.of_application(after, said)
    return await desk.store.applications.save(stored, after, at=now, facts=facts, due=look_again(desk, after, now))


def look_again(desk: Desk, application: Application, now: datetime) -> datetime | None:
    """When the next day with consequences begins in the city."""
    rules = desk.rules(now)
    day = next_day(application, rules.own.applications.conclusion_warning_days)
    return None if day is None else rules.calendar.at(day, time(0))


@retry_stale
async def change(
    desk: Desk, application_id: ApplicationId, decide: Callable[[Application], Change], now: datetime
) -> Stored[Application]:
    """Load, decide, save. Refused: NO_SUCH_APPLICATION, and whatever `decide` refuses."""
    stored = await desk.store.applications.get(application_id)
    if stored is None:
        raise NoSuchApplication
    after, said = decide(stored.state)
    if after == stored.state and not said:
        return stored
    return await keep(desk, stored, after, said, now)


@retry_stale
async def due(desk: Desk, id: str, now: datetime) -> None:
    """A day with consequences has come: the stop list ends, a paper runs out, a warning is due.

    It is saved whatever came of it, so that what was due is due no more.
    """
    stored = await desk.store.applications.get(id)
    if stored is None:
        return
    warn_days = desk.rules(now).own.applications.conclusion_warning_days
    after, said = day_came(stored.state, desk.moment(now), warn_days)
    await keep(desk, stored, after, said, now)
