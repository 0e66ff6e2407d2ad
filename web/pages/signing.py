"""Signing a choice (guide figures 10 and 11): the document to sign, its signature, and how it ended.

A choice is held for minutes. Whatever fails here, the choice stands until its end, and this page finds it again.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from web.desk import Desk
from web.pages.deeds import done, sign_in_to
from web.pages.login import as_signed
from web.upstream import Away, Refused
from web.upstream.referral import Choice
from web.visit import Visit, Visitors

PATH = "/choices/{hold_id:uuid}"
LONG_SECONDS = 25.0
"""How long a page waits for a choice to be there, or to be judged."""
SHORT_SECONDS = 2.0
"""How long the page of the outcome waits before it shows that it waits."""

REFUSALS: Final = {
    "CERTIFICATE_KEY_USAGE": "WRONG_KEY",
    "CERTIFICATE_HOLDER_KIND": "WRONG_HOLDER",
    "CERTIFICATE_EXPIRED": "EXPIRED",
    "CERTIFICATE_NOT_YET_VALID": "EXPIRED",
    "EXPIRED": "EXPIRED",
    "NOT_YET_VALID": "EXPIRED",
    "CERTIFICATE_REVOKED": "REVOKED",
    "REVOKED": "REVOKED",
    "SIGNED_BY_ANOTHER_PERSON": "ANOTHER_PERSON",
    "SIGNER_IS_ANOTHER": "ANOTHER_PERSON",
    "SIGNER_UNKNOWN": "ANOTHER_PERSON",
    "SIGNER_NOT_A_GUARDIAN": "NOT_A_GUARDIAN",
    "NOT_THE_ISSUED_DOCUMENT": "ANOTHER_DOCUMENT",
    "CERTIFICATE_ISSUER": "NOT_TRUSTED",
    "CERTIFICATE_CHAIN": "NOT_TRUSTED",
    "CERTIFICATE_POLICY": "NOT_TRUSTED",
    "CERTIFICATE_UNKNOWN_TO_ISSUER": "NOT_TRUSTED",
}
"""Why a signature was not good, by what its signer can do about it; anything else is OTHER."""


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The page of signing, and the page of the outcome."""
    router = APIRouter()
    _signing(router, desk, visitors)
    _handing_in(router, desk, visitors)
    _giving_back(router, desk, visitors)
    _outcome(router, desk, visitors)
    _waiting(router, desk, visitors)
    return router


def _signing(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    parent = Annotated[Visit, Depends(visitors.parent)]

    @router.get(PATH)
    async def to_sign(visit: parent, hold_id: UUID, new: bool = False) -> Response:
        try:
            choice = await desk.referral.choice(visit.token, str(hold_id), LONG_SECONDS if new else 0.0)
        except Refused as refused:
            if not new or refused.status != HTTPStatus.NOT_FOUND:
                raise
            return visit.page("choice/preparing.html", hold_id=str(hold_id))
        except Away:
            return _away(visit, hold_id)
        now = desk.clock.now()
        if choice.state != "OPEN" or now >= choice.expires_at:
            return visit.go(f"choices/{hold_id}/outcome")
        return visit.page("choice/sign.html", choice=choice, minutes=_minutes(choice, now), refusal=_refusal(choice))


def _handing_in(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.post(f"{PATH}/signature")
    async def sign(
        visit: Annotated[Visit, Depends(visitors.anybody)], hold_id: UUID, signed_xml: Annotated[str, Form()] = ""
    ) -> Response:
        async def deed(token: str) -> Response:
            if not signed_xml:
                return visit.go(f"choices/{hold_id}")
            try:
                await desk.referral.sign(token, str(hold_id), as_signed(signed_xml))
            except Refused as refused:
                if refused.status != HTTPStatus.CONFLICT:
                    raise  # a conflict is told by the outcome: signed already, being checked, ended
            except Away:
                return _away(visit, hold_id)
            return visit.go(f"choices/{hold_id}/outcome")

        return await done(visit, f"choices/{hold_id}", deed)


def _giving_back(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.post(f"{PATH}/decline")
    async def decline(visit: Annotated[Visit, Depends(visitors.anybody)], hold_id: UUID) -> Response:
        async def deed(token: str) -> Response:
            choice = await desk.referral.choice(token, str(hold_id))
            try:
                await desk.referral.decline(token, str(hold_id))
            except Refused as refused:
                if refused.status != HTTPStatus.CONFLICT:
                    raise
                return visit.go(f"choices/{hold_id}/outcome")
            return visit.go(f"applications/{choice.application_id}?said=declined")

        return await done(visit, f"choices/{hold_id}", deed)


def _outcome(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get(f"{PATH}/outcome")
    async def outcome(visit: Annotated[Visit, Depends(visitors.parent)], hold_id: UUID) -> Response:
        try:
            choice = await desk.referral.choice(visit.token, str(hold_id), SHORT_SECONDS)
        except Away:
            return _away(visit, hold_id)
        now = desk.clock.now()
        if choice.state == "OPEN" and now < choice.expires_at and choice.last_refusal is None:
            return visit.go(f"choices/{hold_id}")
        return visit.page(
            "choice/outcome.html",
            choice=choice,
            stands=_stands(choice, now),
            minutes=_minutes(choice, now),
            refusal=_refusal(choice),
            hold_id=str(hold_id),
            delay=0,
        )


def _waiting(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.get(f"{PATH}/outcome/wait")
    async def wait(visit: Annotated[Visit, Depends(visitors.anybody)], hold_id: UUID) -> Response:
        """A piece of the page of the outcome, asked for by its script: once there is an outcome the page opens anew."""
        page = f"choices/{hold_id}"
        if visit.session is None:
            return _opens(visit, sign_in_to(visit, page))
        try:
            choice = await desk.referral.choice(visit.token, str(hold_id), LONG_SECONDS)
        except Away:
            return visit.page("choice/waiting.html", hold_id=str(hold_id), stands="CHECKED", delay=5)
        except Refused as refused:
            lost = refused.status == HTTPStatus.UNAUTHORIZED
            return _opens(visit, sign_in_to(visit, page) if lost else page)
        stands = _stands(choice, desk.clock.now())
        if stands in {"CHECKED", "DRAWN"}:
            return visit.page("choice/waiting.html", hold_id=str(hold_id), stands=stands, delay=0)
        return _opens(visit, f"{page}/outcome")


def _stands(choice: Choice, now: datetime) -> str:
    """How it stands, as the page tells it."""
    match choice.state:
        case "RECEIVED":
            return "CHECKED"
        case "SIGNED":
            return "DONE" if choice.referral_id else "DRAWN"
        case "OPEN":
            return "AGAIN" if now < choice.expires_at else "EXPIRED"
        case _:
            return choice.state


def _minutes(choice: Choice, now: datetime) -> int:
    """Whole minutes that are left to sign."""
    return max(0, int((choice.expires_at - now).total_seconds() // 60))


def _refusal(choice: Choice) -> str:
    return REFUSALS.get(choice.last_refusal, "OTHER") if choice.last_refusal else ""


def _opens(visit: Visit, path: str) -> Response:
    """Tells the script of the page to open another one."""
    return Response(headers={"HX-Redirect": f"/{visit.lang}/{path}"})


def _away(visit: Visit, hold_id: UUID) -> Response:
    return visit.page("choice/away.html", HTTPStatus.SERVICE_UNAVAILABLE, hold_id=str(hold_id))
