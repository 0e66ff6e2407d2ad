"""How often somebody may ask: counted before anything is decided."""

from datetime import datetime

import structlog

from services.auth.domain.limits import HOUR, Limit, Limits
from services.auth.settings import AuthSettings
from services.auth.store import Store

log = structlog.get_logger("auth")


async def ensure_seldom(store: Store, limit: Limit, who: str | None, now: datetime) -> None:
    """Counts this time and raises TooManyRequests when it is one too many; nobody to count for is never too often."""
    if who is None:
        return
    asked = await store.rates.counted(limit, who, now)
    if asked > limit.at_most:
        log.info("auth.limit.reached", limit=limit.name, asked=asked)
    limit.ensure_seldom(asked, now)


def limits_of(settings: AuthSettings) -> Limits:
    """The limits as this city has set them."""
    return Limits(
        searches=Limit("search", settings.searches_per_minute),
        challenges=Limit("challenge", settings.challenges_per_minute),
        logins=Limit("login", settings.logins_per_minute),
        logins_of_a_person=Limit("login of a person", settings.logins_of_a_person_per_minute),
        joins=Limit("join", settings.joins_per_hour, HOUR),
        joins_of_a_person=Limit("join of a person", settings.joins_of_a_person_per_hour, HOUR),
        codes_of_a_person=Limit("code of a person", settings.codes_of_a_person_per_hour, HOUR),
        codes_to_an_address=Limit("code to an address", settings.codes_to_an_address_per_hour, HOUR),
    )
