"""What is familiar of a person's logins: browsers, networks, and until when the newest key is good.

Browsers and networks are keyed digests: they can be recognised and not read.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.auth.domain.ids import PersonId

REMINDED_BEFORE = timedelta(days=30)
"""So long before its end a person is told that the login key runs out: time enough to get another one."""
REMEMBERED_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Familiar:
    """One person's; the oldest browsers and networks are forgotten when there are too many."""

    person_id: PersonId
    browsers: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    key_until: datetime | None = None
    key_told: bool = False

    @property
    def due(self) -> datetime | None:
        """When the end of the key is to be told; None when it has been, or no key was seen."""
        return self.key_until - REMINDED_BEFORE if self.key_until is not None and not self.key_told else None


def arrived(familiar: Familiar, browser: str | None, network: str | None) -> tuple[Familiar, bool]:
    """With this browser and network remembered, and whether either differs from all that were known.

    One that is not known (a program that is no browser, a site that names nobody) says nothing, and the first says nothing.
    """
    after = replace(familiar, browsers=_with(familiar.browsers, browser), networks=_with(familiar.networks, network))
    new_browser = bool(familiar.browsers) and after.browsers != familiar.browsers
    new_network = bool(familiar.networks) and after.networks != familiar.networks
    return after, new_browser or new_network


def key_seen(familiar: Familiar, until: datetime) -> Familiar:
    """With the newest key: one that ends later takes the place of the one known."""
    if familiar.key_until is not None and until <= familiar.key_until:
        return familiar
    return replace(familiar, key_until=until, key_told=False)


def key_ending(familiar: Familiar, now: datetime) -> datetime | None:
    """The end that the person is to be told of now; of a key that has ended nothing is told."""
    until, due = familiar.key_until, familiar.due
    return until if until is not None and due is not None and due <= now < until else None


def told(familiar: Familiar) -> Familiar:
    """As it is once nothing more is to be said of this key."""
    return replace(familiar, key_told=True)


def _with(known: tuple[str, ...], one: str | None) -> tuple[str, ...]:
    return known if one is None or one in known else (*known, one)[-REMEMBERED_AT_MOST:]
