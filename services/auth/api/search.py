"""The door of the search that needs no login."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.auth.api.gate import forwarded
from services.auth.api.persons import StatementAnswer
from services.auth.api.refused import Telling
from services.auth.domain.address import Network, asker
from services.auth.domain.iin import parse_iin
from services.auth.usecases import search
from services.auth.usecases.desk import Desk
from services.auth.usecases.tokens import STATEMENT_LIFE
from services.chassis.clock import Clock


class SearchBody(BaseModel):
    """Whose place in the queue is looked for."""

    child_iin: Annotated[str, Field(max_length=12)]


def doors(desk: Desk, proxies: Sequence[Network], clock: Clock) -> APIRouter:
    """What anybody may ask; `proxies` are the addresses whose X-Forwarded-For is believed."""
    router = APIRouter(tags=["search"], route_class=Telling)

    @router.post("/statements/search")
    async def searching(body: SearchBody, request: Request) -> StatementAnswer:
        """A statement about the child of this number. It never tells whether the number is known."""
        child_iin, now = parse_iin(body.child_iin), clock.now()
        address = asker(request.client.host if request.client else "", forwarded(request), proxies)
        statement = await search.search_statement(desk, child_iin, address, now)
        return StatementAnswer(statement=statement, expires_at=now + STATEMENT_LIFE)

    return router
