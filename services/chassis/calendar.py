"""Working days of Kazakhstan, counted in the city's own time zone (R22, R24, R33).

The national holidays come from the `holidays` library; a policy file may add or take away single days, because decrees do.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays


class WorkCalendar:
    """Counts working days and opening hours in one time zone."""

    def __init__(
        self,
        zone: str = "Asia/Almaty",
        *,
        days_off: Collection[date] = (),
        working_days: Collection[date] = (),
    ) -> None:
        self.zone = ZoneInfo(zone)
        self._national = holidays.country_holidays("KZ")
        self._days_off = frozenset(days_off)
        self._working_days = frozenset(working_days)

    def local_day(self, moment: datetime) -> date:
        """The calendar day of a moment, as the city counts it."""
        return moment.astimezone(self.zone).date()

    def is_working_day(self, day: date) -> bool:
        """Moved working weekends count, days off and holidays do not."""
        if day in self._working_days:
            return True
        return day not in self._days_off and self._national.is_working_day(day)

    def at(self, day: date, hour: time) -> datetime:
        """A local time of day as a moment in UTC."""
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """24:00 of a day: the first moment that no longer belongs to it."""
        return self.at(day + timedelta(days=1), time(0))

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`."""
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return day

    def plus_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day itself never counts (R33)."""
        for _ in range(count):
            day = self.next_working_day(day)
        return day

    def plus_days(self, day: date, count: int, *, working_days_only: bool) -> date:
        """The `count`-th day after `day`, working or any."""
        return self.plus_working_days(day, count) if working_days_only else day + timedelta(days=count)

    def counts(self, published_at: datetime, opening: time, *, working_days_only: bool = True) -> bool:
        """Whether the day of a publication is the first of its window: published not later than the opening hour, and,
        where only working days count, on one (R24)."""
        day = self.local_day(published_at)
        fit = self.is_working_day(day) or not working_days_only
        return fit and published_at <= self.at(day, opening)

    def window_last_day(
        self, published_at: datetime, days: int, opening: time, *, working_days_only: bool = True
    ) -> date:
        """The last day of a window of so many days (R24)."""
        day = self.local_day(published_at)
        counts = self.counts(published_at, opening, working_days_only=working_days_only)
        return self.plus_days(day, days - 1 if counts else days, working_days_only=working_days_only)

    def window_end(
        self, published_at: datetime, days: int, opening: time, *, working_days_only: bool = True
    ) -> datetime:
        """24:00 of the window's last day."""
        return self.end_of(self.window_last_day(published_at, days, opening, working_days_only=working_days_only))

    def working_days(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working days that a span touches, each from its first moment to 24:00."""
        day = self.local_day(begin)
        while self.at(day, time(0)) < end:
            if self.is_working_day(day):
                yield self.at(day, time(0)), self.end_of(day)
            day += timedelta(days=1)

    def next_opening(self, after: datetime, opening: time, *, working_days_only: bool) -> datetime:
        """The first opening hour strictly after a moment, on any day or on working days only."""
        day = self.local_day(after)
        while self.at(day, opening) <= after or (working_days_only and not self.is_working_day(day)):
            day += timedelta(days=1)
        return self.at(day, opening)
