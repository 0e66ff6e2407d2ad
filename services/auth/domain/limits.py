"""How often one address or one person may ask for the same thing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.auth.domain.refusals import TooManyRequests

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`at_most` times within one window of the clock; `name` keeps the counts of different things apart."""

    name: str
    at_most: int
    window: timedelta = MINUTE

    def window_of(self, now: datetime) -> int:
        """The number of the window in which something is asked."""
        return int(now.timestamp() // self.window.total_seconds())

    def ensure_seldom(self, asked: int, now: datetime) -> None:
        """Raises TooManyRequests when this is one time too many in the present window."""
        if asked > self.at_most:
            seconds = self.window.total_seconds()
            raise TooManyRequests(timedelta(seconds=seconds - now.timestamp() % seconds))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of this city's doors; each is for one address, or for one person where it says so."""

    searches: Limit
    challenges: Limit
    logins: Limit
    logins_of_a_person: Limit
    joins: Limit
    joins_of_a_person: Limit
    codes_of_a_person: Limit
    codes_to_an_address: Limit
