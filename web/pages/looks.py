"""Who looked at a child's record: when, which body, in which role, why. Names of staff are not told."""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.upstream.own import Look
from web.visit import Visit, Visitors

ROLES: Final = frozenset({"manager", "preschool", "clerk", "officer", "auditor", "support"})


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The list of looks, the latest first."""
    router = APIRouter()

    @router.get("/family/children/{child_id:uuid}/looks")
    async def looks(visit: Annotated[Visit, Depends(visitors.parent)], child_id: UUID) -> Response:
        me, seen = await asyncio.gather(desk.auth.me(visit.token), desk.own.looks(visit.token, str(child_id)))
        child = next((each for each in me.children if each.person_id == str(child_id)), None)
        seen.sort(key=lambda look: look.at, reverse=True)
        return visit.page("family/looks.html", child=child, rows=[(look, _who(visit, look)) for look in seen])

    return router


def _who(visit: Visit, look: Look) -> str:
    """The reader in words: the parent, the other one, a system, or staff by body and role."""
    if look.reader != "staff":
        key = f"looks.reader.{look.reader}"
        return visit.words(key) if visit.words.has(key) else visit.words("looks.reader.other")
    return visit.words(f"looks.role.{look.role}" if look.role in ROLES else "looks.role.unknown")
