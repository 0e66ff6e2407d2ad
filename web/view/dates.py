"""Dates as the cabinet writes them: Almaty time, `13-мам-21 12:17:04` (guide figure 7)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from web.view.words import Lang

CITY = ZoneInfo("Asia/Almaty")
MONTHS = {
    Lang.KK: ("қаң", "ақп", "нау", "сәу", "мам", "мау", "шіл", "там", "қыр", "қаз", "қар", "жел"),
    Lang.EN: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    Lang.RU: ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
}


def full(moment: datetime, lang: Lang) -> str:
    """A moment to the second: `13-мам-21 12:17:04`."""
    local = moment.astimezone(CITY)
    return f"{local:%d}-{MONTHS[lang][local.month - 1]}-{local:%y %H:%M:%S}"


def minute(moment: datetime) -> str:
    """A moment to the minute: `18.05.2021 12:17`."""
    return f"{moment.astimezone(CITY):%d.%m.%Y %H:%M}"


def day(moment: datetime | date) -> str:
    """A day: `13.05.2021`."""
    local = moment.astimezone(CITY) if isinstance(moment, datetime) else moment
    return f"{local:%d.%m.%Y}"


def last_minute(deadline: datetime) -> str:
    """A deadline (the first moment at which it is too late) as the last minute that is in time."""
    local = deadline.astimezone(CITY)
    if (local.hour, local.minute) == (0, 0):
        before = local.date().toordinal() - 1
        return f"{date.fromordinal(before):%d.%m.%Y} 24:00"
    return f"{local:%d.%m.%Y %H:%M}"
