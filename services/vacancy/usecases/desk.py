"""What every use case works with: the collections and the rules of the day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.chassis.calendar import WorkCalendar
from services.chassis.policy import Policies
from services.vacancy.domain.ledger import Ledger
from services.vacancy.settings import VacancyPolicy
from services.vacancy.store import Reading, Store


@dataclass(frozen=True, slots=True)
class Rules:
    """One dated version of the city's rules (R50)."""

    version: str
    publish_time: time
    calendar: WorkCalendar
    own: VacancyPolicy

    def last_opening(self, now: datetime) -> datetime:
        """The last opening hour that has come, on any calendar day."""
        today = self.calendar.local_day(now)
        opening = self.calendar.at(today, self.publish_time)
        return opening if opening <= now else self.calendar.at(today - timedelta(days=1), self.publish_time)

    def moment_of_publication(self, opening: datetime, now: datetime) -> datetime:
        """From when families count their days: the opening hour itself for what was done within its grace (R24)."""
        return opening if now - opening <= timedelta(minutes=self.own.opening_grace_minutes) else now

    def opening_after(self, day: date) -> datetime:
        """The opening hour of the day after."""
        return self.calendar.at(day + timedelta(days=1), self.publish_time)


@dataclass(frozen=True, slots=True)
class Desk:
    """The collections to act on and to ask, and the rules."""

    store: Store
    reading: Reading
    policies: Policies[VacancyPolicy]

    def rules(self, now: datetime) -> Rules:
        """The rules valid on the city's day; LookupError before the first version."""
        newest = self.policies.versions[-1][1].shared.calendar()
        policy = self.policies.on(newest.local_day(now))
        return Rules(policy.version, policy.shared.publish_time, policy.shared.calendar(), policy.own)

    def next_look(self, ledger: Ledger, now: datetime) -> datetime:
        """When to look at the stream again: at once for what is under way or missed, else at the next opening."""
        rules = self.rules(now)
        if ledger.plan is not None or ledger.withdrawing or ledger.last_day is None:
            return rules.last_opening(now)
        return rules.opening_after(ledger.last_day)
