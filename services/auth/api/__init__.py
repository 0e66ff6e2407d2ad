"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from services.auth.api import cards, login, persons, search, services
from services.auth.api.refused import STATUSES
from services.auth.domain.search import Network
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
    router = APIRouter()
    router.include_router(login.doors(desk, tokens, clock))
    router.include_router(persons.doors(desk, tokens, reads, clock))
    router.include_router(cards.doors(desk, tokens, reads, clock))
    router.include_router(search.doors(desk, proxies, clock))
    router.include_router(services.doors(desk, tokens, digests, reads, clock))
    return router
