"""The stage: a running instance, the city in it, the two families, and what the story has learnt so far."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import holidays

from demo.city import City
from demo.parent import Parent

ALMATY = ZoneInfo("Asia/Almaty")
OPENING_HOUR = 7
MONTHS = ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел")


class Unexpected(Exception):
    """A door answered something else than the story needs."""


class Mover(Protocol):
    """Moves business time and returns when all services have caught up."""

    def __call__(self, moment: datetime) -> None: ...


@dataclass(slots=True)
class Scene:
    """Everything that a step may use. ``known`` holds what earlier steps have learnt."""

    city: City
    heroine: Parent
    neighbour: Parent
    visitor: Parent
    """Plays no part: for whoever tries the site by hand after the story."""
    now: Callable[[], datetime]
    move: Mover
    folder: Path
    known: dict[str, Any] = field(default_factory=dict)


def next_opening(now: datetime) -> datetime:
    """07:00 of the next working day of Kazakhstan that is still to come."""
    days_off = holidays.country_holidays("KZ")
    moment = now.astimezone(ALMATY).replace(hour=OPENING_HOUR, minute=0, second=0, microsecond=0)
    while moment <= now or not days_off.is_working_day(moment.date()):
        moment += timedelta(days=1)
    return moment


def last_day(opening: datetime, days: int = 3) -> date:
    """The last day of a window that opens at 07:00 of a working day: this day counts (R24)."""
    days_off = holidays.country_holidays("KZ")
    day = opening.astimezone(ALMATY).date()
    while days > 1:
        day += timedelta(days=1)
        days -= days_off.is_working_day(day)
    return day


def shown(moment: str | datetime) -> str:
    """A moment as the portal writes it: 13-мам-21 12:17."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = at.astimezone(ALMATY)
    return f"{local.day:02d}-{MONTHS[local.month - 1]}-{local:%y %H:%M}"


def shown_deadline(moment: str) -> str:
    """The end of a day as people say it: midnight is 24:00 of the day before."""
    local = datetime.fromisoformat(moment).astimezone(ALMATY)
    if (local.hour, local.minute) != (0, 0):
        return shown(local)
    day: date = local.date() - timedelta(days=1)
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day:%y} 24:00"
