"""What every use case works with: the collections and the rules of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.calendar import WorkCalendar
from services.chassis.policy import Policies
from services.queue.domain.application import Now
from services.queue.domain.outages import Prolonging
from services.queue.domain.stream import Window
from services.queue.settings import QueuePolicy
from services.queue.store import Reading, Store


@dataclass(frozen=True, slots=True)
class Rules:
    """One dated version of the city's rules (R50)."""

    since: date
    version: str
    publish_time: time
    calendar: WorkCalendar
    own: QueuePolicy
    until: date | None = None
    """Its last day, where there is one."""

    def window(self, now: datetime) -> Window:
        """The window of an invitation made now; it lapses when no hold made in time can still be alive (R24).

        A publication of seven o'clock is heard a moment later: within the grace after the opening it counts as of the
        opening, so that its day is the first of the window; later, no family pays for the delay with its time.
        """
        opening = self.calendar.at(self.calendar.local_day(now), self.publish_time)
        is_prompt = opening <= now <= opening + timedelta(minutes=self.own.opening_grace_minutes)
        deadline = self.calendar.end_of(self.last_day(opening if is_prompt else now))
        grace = timedelta(minutes=self.own.hold_minutes + self.own.lapse_grace_minutes)
        return Window(deadline=deadline, lapses_at=deadline + grace)

    def last_day(self, published_at: datetime) -> date:
        """The last day of the window of a publication made at this moment (R24)."""
        days, working = self.own.priority_days, self._working_days_only
        return self.calendar.window_last_day(published_at, days, self.publish_time, working_days_only=working)

    def counts(self, published_at: datetime) -> bool:
        """Whether the day of a publication is the first of its window."""
        return self.calendar.counts(published_at, self.publish_time, working_days_only=self._working_days_only)

    def prolonging(self) -> Prolonging:
        """What outages give back."""
        return Prolonging(timedelta(minutes=self.own.outage_limit_minutes), self.calendar.working_days, self._longer)

    def _longer(self, deadline: datetime, days: int) -> datetime:
        """A deadline is 24:00 of a day; the day that follows it in the city is not yet over."""
        last = self.calendar.local_day(deadline) - timedelta(days=1)
        return self.calendar.end_of(self.calendar.plus_days(last, days, working_days_only=self._working_days_only))

    @property
    def _working_days_only(self) -> bool:
        return self.own.priority_days_are == "working"

    def next_publication(self, now: datetime) -> datetime:
        """The next opening hour of a working day (R22)."""
        return self.calendar.next_opening(now, self.publish_time, working_days_only=True)

    def school_year(self, now: datetime) -> int:
        """The year whose 1 September began the school year that runs now."""
        day = self.calendar.local_day(now)
        return day.year - (day < date(day.year, 9, 1))


def rules_of(policies: Policies[QueuePolicy]) -> tuple[Rules, ...]:
    """All versions, oldest first, each with its calendar."""
    return tuple(
        Rules(
            since, policy.version, policy.shared.publish_time, policy.shared.calendar(), policy.own, policy.valid_until
        )
        for since, policy in policies.versions
    )


def rules_on(all_rules: Sequence[Rules], now: datetime) -> Rules:
    """The version valid on the city's day; LookupError before the first one and after the end of the last."""
    day = all_rules[-1].calendar.local_day(now)
    valid = [rules for rules in all_rules if rules.since <= day]
    if not valid or (valid[-1].until or day) < day:
        raise LookupError(f"no policy is valid on {day.isoformat()}")
    return valid[-1]


NOT_KEPT = ("batch_siblings", "appeal_freezes_place")
"""Rules of applications that a profile may name and that no service keeps."""


def can_be_served(all_rules: Sequence[Rules]) -> tuple[Rules, ...]:
    """The rules, where the services can keep all of them; ValueError names the version and the rule they cannot."""
    for rules in all_rules:
        if rules.own.after_window != "free_choice":
            raise ValueError(f"{rules.version}: after_window {rules.own.after_window} can be reckoned with, not served")
        for name in NOT_KEPT:
            if getattr(rules.own.applications, name):
                raise ValueError(f"{rules.version}: {name} is kept by nobody yet, so it cannot be served")
    return tuple(all_rules)


@dataclass(frozen=True, slots=True)
class Desk:
    """The collections to act on and to ask, the rules and the region of this office."""

    store: Store
    reading: Reading
    all_rules: Sequence[Rules]
    region: str

    def rules(self, now: datetime) -> Rules:
        """The rules valid on the city's day; LookupError when there are none."""
        return rules_on(self.all_rules, now)

    def today(self, now: datetime) -> date:
        """The city's day."""
        return self.rules(now).calendar.local_day(now)

    def moment(self, now: datetime) -> Now:
        """A moment as a decision about an application needs it."""
        return Now(now, self.today(now), self.rules(now).version)
