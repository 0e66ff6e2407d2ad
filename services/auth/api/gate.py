"""The table of who may ask what, applied to tokens: every door takes its dependency from here."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from fastapi import Request

from services.auth.domain.address import Network, stranger
from services.auth.domain.authorisation import RULES, SERVICES, Action, Asker, askers_in_session, may
from services.chassis.errors import Forbidden
from services.chassis.security import Person, Tokens

log = structlog.get_logger("auth")


class Gate:
    """Dependencies for the doors; `proxies` are the addresses whose X-Forwarded-For is believed."""

    def __init__(self, tokens: Tokens, proxies: Sequence[Network]) -> None:
        self._tokens = tokens
        self._proxies = proxies

    def person(self, action: Action) -> Callable[[Request], Awaitable[Person]]:
        """A person in session who may do this; Unauthenticated, EmailRequired or Forbidden otherwise."""
        newcomers = may(action, (Asker.NEWCOMER,))

        async def check(request: Request) -> Person:
            person = await (self._tokens.newcomer(request) if newcomers else self._tokens.person(request))
            askers = {Asker.NEWCOMER} if newcomers else askers_in_session(person.roles)
            if not may(action, askers):
                log.info("auth.door.refused", door=action, person_id=person.person_id)
                raise Forbidden("this needs another role")
            return person

        return check

    def service(self, action: Action) -> Callable[[Request], Awaitable[str]]:
        """A service that may do this; returns its name."""
        return self._tokens.service(*(asker.value for asker in RULES[action].askers & SERVICES))

    def stranger(self, request: Request) -> str | None:
        """The address whose attempts are counted; None when nobody but our own site is named."""
        return stranger(request.client.host if request.client else "", forwarded(request), self._proxies)


def forwarded(request: Request) -> list[str]:
    """What X-Forwarded-For tells, the nearest last."""
    return ",".join(request.headers.getlist("x-forwarded-for")).split(",")
