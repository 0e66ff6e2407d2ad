"""The search that needs no login: a sentence about a child, for the waiting list to answer."""

from datetime import datetime

from services.auth.domain.iin import Iin
from services.auth.usecases.desk import Desk
from services.auth.usecases.limiting import ensure_seldom

SEARCH = "search"


async def search_statement(desk: Desk, child_iin: Iin, address: str, now: datetime) -> str:
    """A signed sentence whose subject is the child; raises TooManyRequests.

    For a number unknown here the subject is nobody, the same at every asking, reached by the same work: who asks learns
    nothing about which children are known.
    """
    await ensure_seldom(desk.store, desk.limits.searches, address, now)
    child_id = await desk.store.vault.id_or_nobody(child_iin)
    return desk.mint.statement(child_id, SEARCH, {}, now)
