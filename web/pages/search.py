"""The search without a key: the child's IIN and the application's number tell number, status and deadline.

Every wrong pair is answered alike.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from web.desk import Desk
from web.pages.pair import Pair
from web.upstream import Refused
from web.upstream.queue import Found
from web.visit import Visit, Visitors, browser_of

TOLD_ALIKE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY})

Typed = Annotated[str, Form()]


def doors(_: Desk, visitors: Visitors) -> APIRouter:
    """The form and its answer."""
    router = APIRouter()

    @router.get("/login/search")
    async def form(visit: Annotated[Visit, Depends(visitors.anybody)]) -> Response:
        return _form(visit)

    @router.post("/login/search")
    async def search(
        visit: Annotated[Visit, Depends(visitors.anybody)], iin: Typed = "", number: Typed = ""
    ) -> Response:
        pair = Pair.of(iin, number)
        number = pair.number
        if wrong := pair.wrong():
            return _form(visit, 422, iin=iin, number=number, wrong=wrong)
        try:
            found = await _found(visit, pair.iin, number)
        except Refused as refusal:
            if refusal.code == "IIN_INVALID":
                return _form(visit, 422, iin=iin, number=number, wrong={"iin"})
            if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
                return _form(visit, 429, iin=iin, number=number, problem="search.too_many")
            if refusal.status not in TOLD_ALIKE:
                raise
            return _form(visit, 404, iin=iin, number=number, problem="search.no_pair")
        return _form(visit, number=number, found=found)

    return router


async def _found(visit: Visit, iin: str, number: str) -> Found:
    asker = browser_of(visit.request)
    statement = await visit.desk.auth.search_statement(iin, asker)
    return await visit.desk.queue.search(statement, number)


def _form(
    visit: Visit,
    status: int = 200,
    *,
    iin: str = "",
    number: str = "",
    wrong: set[str] | None = None,
    problem: str = "",
    found: Found | None = None,
) -> Response:
    sentence = visit.words(problem) if problem else ""
    return visit.page(
        "login/search.html", status, iin=iin, number=number, wrong=wrong or set(), problem=sentence, found=found
    )
