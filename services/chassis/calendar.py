"""Working days of Kazakhstan, counted in the city's own time zone (R22, R24, R33).

The national holidays come from the `holidays` library; a policy file may add or take away single days, because decrees do.
"""

from collections.abc import Collection
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

    def window_last_day(self, published_at: datetime, days: int, opening: time) -> date:
        """The last day of a window of `days` working days.

        The day of publication counts when it is a working day and the publication is not later than the opening hour (R24).
        """
        day = self.local_day(published_at)
        counts = self.is_working_day(day) and published_at <= self.at(day, opening)
        return self.plus_working_days(day, days - 1 if counts else days)

    def window_end(self, published_at: datetime, days: int, opening: time) -> datetime:
        """24:00 of the window's last day."""
        return self.end_of(self.window_last_day(published_at, days, opening))

    def next_opening(self, after: datetime, opening: time, *, working_days_only: bool) -> datetime:
        """The first opening hour strictly after a moment, on any day or on working days only."""
        day = self.local_day(after)
        while self.at(day, opening) <= after or (working_days_only and not self.is_working_day(day)):
            day += timedelta(days=1)
        return self.at(day, opening)
