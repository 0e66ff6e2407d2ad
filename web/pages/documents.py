"""The tab of documents (guide figure 12): referrals, to look at and to keep. Documents pass through, none is kept."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.pages.card import PATH
from web.upstream import Away, Refused
from web.visit import Visit, Visitors

log = structlog.get_logger("web")

MEDIA: Mapping[str, str] = {"pdf": "application/pdf", "xml": "application/xml"}
NAMED = re.compile(r'filename="([A-Za-z0-9._-]{1,80})"')


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The tab, and the documents themselves."""
    router = APIRouter()
    parent = Annotated[Visit, Depends(visitors.parent)]

    @router.get(f"{PATH}/documents")
    async def tab(visit: parent, application_id: UUID) -> Response:
        number = await _number(desk, visit.token, str(application_id))
        try:
            referrals = await desk.referral.documents(visit.token, str(application_id))
        except Refused as refused:
            if number is None or refused.status != HTTPStatus.NOT_FOUND:
                raise
            referrals = []  # queue knows the application, and referral has not heard of it yet
        return visit.page(
            "card/documents.html", application_id=str(application_id), application_number=number, referrals=referrals
        )

    @router.get("/referrals/{referral_id:uuid}/document.{kind}")
    async def document(visit: parent, referral_id: UUID, kind: str, view: bool = False) -> Response:
        if kind not in MEDIA:
            raise Refused(HTTPStatus.NOT_FOUND, "NO_SUCH_REFERRAL", {})
        told = await desk.referral.document(visit.token, str(referral_id), kind)
        named = NAMED.search(told.headers.get("content-disposition", ""))
        name = named.group(1) if named else f"zholdama.{kind}"
        return Response(
            told.content,
            media_type=MEDIA[kind],
            headers={
                "Content-Disposition": f'{"inline" if view else "attachment"}; filename="{name}"',
                "Cache-Control": "no-store",
            },
        )

    return router


async def _number(desk: Desk, token: str, application_id: str) -> str | None:
    """The application's number; None when queue is away: the documents are shown all the same."""
    try:
        return (await desk.queue.card(token, application_id)).application_number
    except Away as away:
        log.warning("web.card_incomplete", away=away.service)
        return None
