"""The journal of applications (guide figures 5 and 6): queue's rows, auth's names."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import structlog
from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.upstream import Away
from web.upstream.auth import Card, Me
from web.upstream.queue import Row
from web.visit import Visit, Visitors

T = TypeVar("T")

log = structlog.get_logger("web")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the journal with the persons it names; None where auth does not tell them."""

    row: Row
    child: Card | None
    applicant: Card | None


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The journal. Without queue it says so; without auth's names the numbers stay."""
    router = APIRouter()

    @router.get("/applications")
    async def journal(visit: Annotated[Visit, Depends(visitors.parent)]) -> Response:
        rows, me = await asyncio.gather(
            _unless_away(desk.queue.journal(visit.token)), _unless_away(desk.auth.me(visit.token))
        )
        lines = None if rows is None else await _named(desk, visit.token, rows, me)
        return visit.page("journal.html", lines=lines, nameless=me is None)

    return router


async def _unless_away(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except Away as away:
        log.warning("web.service_away", away=away.service)
        return None


async def _named(desk: Desk, token: str, rows: list[Row], me: Me | None) -> list[Line]:
    if me is None:
        return [Line(row, None, None) for row in rows]
    known: dict[str, Card] = {card.person_id: card for card in (me, *me.children)}
    wanted = {person_id for row in rows for person_id in (row.child_id, row.filed_by) if person_id}
    known |= await _unless_away(desk.auth.cards(token, sorted(wanted - known.keys()))) or {}
    return [Line(row, known.get(row.child_id), known.get(row.filed_by or "")) for row in rows]
