"""Proving an address: a code is sent to it and typed in here. Until then it is used all the same."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from web.desk import Desk
from web.pages.contacts import contacts_page
from web.pages.deeds import done
from web.upstream import Refused
from web.view.problems import sentence
from web.visit import Visit, Visitors

Typed = Annotated[str, Form()]
PROVEN = "CONTACT_CONFIRMED"
NOT_AT_AN_ADDRESS = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})
"""Refusals that are not about one of the addresses shown."""
CODE_AT_MOST = 16


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The two forms beside an address that is not proven."""
    router = APIRouter()

    @router.post("/contacts/code")
    async def send(visit: Annotated[Visit, Depends(visitors.anybody)], address: Typed = "") -> Response:
        async def deed(token: str) -> Response:
            try:
                await desk.own.send_code(token, address)
            except Refused as refused:
                return await _refused(visit, address, refused)
            return visit.go("contacts?said=sent")

        return await done(visit, "contacts", deed)

    @router.post("/contacts/confirm")
    async def confirm(
        visit: Annotated[Visit, Depends(visitors.anybody)], address: Typed = "", code: Typed = ""
    ) -> Response:
        async def deed(token: str) -> Response:
            digits = "".join(code.split())
            if not 0 < len(digits) <= CODE_AT_MOST:
                return await contacts_page(visit, 422, problem_at=(address, sentence(visit.lang, "CODE_WRONG")))
            try:
                await desk.own.confirm(token, address, digits)
            except Refused as refused:
                return await _refused(visit, address, refused)
            return visit.go("contacts?said=proven")

        return await done(visit, "contacts", deed)

    return router


async def _refused(visit: Visit, address: str, refused: Refused) -> Response:
    """The page again, with the sentence at the address it is about."""
    if refused.code == PROVEN:
        return visit.go("contacts?said=proven")
    if refused.status in NOT_AT_AN_ADDRESS:
        raise refused
    return await contacts_page(visit, refused.status, problem_at=(address, sentence(visit.lang, refused.code)))
