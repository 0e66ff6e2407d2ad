"""The family: for which children one acts, who else does, who asks to, and how the other parent joins (R5).

Whether a pair of IIN and number was right is told to nobody here: auth answers every pair alike. Ending a link is for
staff, from a paper; the page says so.
"""

import asyncio
from datetime import date
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from web.desk import Desk
from web.pages.deeds import done
from web.pages.pair import Pair
from web.upstream import Refused
from web.upstream.own import JoinRequest
from web.view.dates import CITY
from web.view.problems import sentence
from web.visit import Visit, Visitors, browser_of

SAID = frozenset({"confirmed", "refused"})
REQUEST = "/family/requests/{request_id:uuid}"
AT_THE_FIELD = {"IIN_INVALID": "iin", "APPLICATION_NUMBER_INVALID": "number"}
SAID_ON_THE_FORM = frozenset({"TOO_MANY_REQUESTS", "ALREADY_A_GUARDIAN"})

Typed = Annotated[str, Form()]


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The page of the family, the form of the other parent, the question to the first one."""
    router = APIRouter()

    @router.get("/family")
    async def family(visit: Annotated[Visit, Depends(visitors.parent)], said: str = "") -> Response:
        me, requests = await asyncio.gather(desk.auth.me(visit.token), desk.own.requests(visit.token))
        everybody = {guardian for guardians in me.guardians.values() for guardian in guardians}
        others = await desk.auth.cards(visit.token, sorted(everybody - {me.person_id}))
        return visit.page(
            "family/family.html",
            me=me,
            others=others,
            requests=requests,
            children={child.person_id: child for child in me.children},
            said=said if said in SAID else "",
        )

    _joining(router, desk, visitors)
    _answering(router, desk, visitors)
    return router


def _joining(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get("/family/join")
    async def form(visit: Annotated[Visit, Depends(visitors.parent)], until: date | None = None) -> Response:
        return _form(visit, Pair.of("", ""), until=until)

    @router.post("/family/join")
    async def join(visit: Annotated[Visit, Depends(visitors.anybody)], iin: Typed = "", number: Typed = "") -> Response:
        pair = Pair.of(iin, number)

        async def deed(token: str) -> Response:
            if wrong := pair.wrong():
                return _form(visit, pair, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong)
            try:
                expires_at = await desk.own.join(token, pair.number, pair.iin, browser_of(visit.request))
            except Refused as refused:
                if refused.code in AT_THE_FIELD:
                    return _form(visit, pair, refused.status, wrong={AT_THE_FIELD[refused.code]})
                if refused.code not in SAID_ON_THE_FORM:
                    raise
                return _form(visit, pair, refused.status, problem=sentence(visit.lang, refused.code))
            return visit.go(f"family/join?until={expires_at.astimezone(CITY).date()}")

        return await done(visit, "family/join", deed)


def _answering(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get(REQUEST)
    async def question(visit: Annotated[Visit, Depends(visitors.parent)], request_id: UUID) -> Response:
        me, requests = await asyncio.gather(desk.auth.me(visit.token), desk.own.requests(visit.token))
        child = next((each for each in me.children if each.person_id == _of(requests, request_id).child_id), None)
        return visit.page("family/question.html", asked=_of(requests, request_id), child=child)

    @router.post(f"{REQUEST}/confirm")
    async def confirm(visit: Annotated[Visit, Depends(visitors.anybody)], request_id: UUID) -> Response:
        return await _answered(visit, desk, request_id, confirmed=True)

    @router.post(f"{REQUEST}/refuse")
    async def refuse(visit: Annotated[Visit, Depends(visitors.anybody)], request_id: UUID) -> Response:
        return await _answered(visit, desk, request_id, confirmed=False)


async def _answered(visit: Visit, desk: Desk, request_id: UUID, *, confirmed: bool) -> Response:
    async def deed(token: str) -> Response:
        await desk.own.answer_request(token, str(request_id), confirmed=confirmed)
        return visit.go("family?said=" + ("confirmed" if confirmed else "refused"))

    return await done(visit, f"family/requests/{request_id}", deed)


def _of(requests: list[JoinRequest], request_id: UUID) -> JoinRequest:
    """The request of this id; one that is answered already, or was never asked of this person, is refused alike."""
    for request in requests:
        if request.request_id == str(request_id):
            return request
    raise Refused(HTTPStatus.NOT_FOUND, "NO_SUCH_REQUEST", {})


def _form(
    visit: Visit,
    pair: Pair,
    status: int = 200,
    *,
    wrong: set[str] | None = None,
    problem: str = "",
    until: date | None = None,
) -> Response:
    return visit.page(
        "family/join.html",
        status,
        iin=pair.typed_iin,
        number=pair.number,
        wrong=wrong or set(),
        problem=problem,
        until=until,
    )
