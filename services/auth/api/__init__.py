"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from services.auth.api import cards, confirmations, guardianships, login, persons, roles, search, services, sessions
from services.auth.api import desk as staff_desk
from services.auth.api.gate import Gate
from services.auth.api.refused import STATUSES
from services.auth.domain.address import Network
from services.auth.usecases.desk import Desk
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Tokens

__all__ = ["STATUSES", "doors"]


def doors(
    desk: Desk,
    tokens: Tokens,
    digests: Mapping[str, str],
    proxies: Sequence[Network],
    reads: Reads,
    clock: Clock,
) -> APIRouter:
    """All doors of auth."""
    router, gate = APIRouter(), Gate(tokens, proxies)
    router.include_router(login.doors(desk, gate, clock))
    router.include_router(sessions.doors(desk, gate, clock))
    router.include_router(persons.doors(desk, gate, reads, clock))
    router.include_router(confirmations.doors(desk, gate, clock))
    router.include_router(cards.doors(desk, gate, reads, clock))
    router.include_router(staff_desk.doors(desk, gate, reads, clock))
    router.include_router(guardianships.doors(desk, gate, clock))
    router.include_router(roles.doors(desk, gate, clock))
    router.include_router(search.doors(desk, proxies, clock))
    router.include_router(services.doors(desk, gate, digests, reads, clock))
    return router
