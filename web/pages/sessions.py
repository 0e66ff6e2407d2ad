"""Where one is logged in: every session of one's own, ending one, logging out everywhere."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.responses import Response

from web.desk import Desk
from web.pages.deeds import done
from web.upstream import Refused
from web.visit import Visit, Visitors


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The list, and the two ways to end what stands in it."""
    router = APIRouter()

    @router.get("/sessions")
    async def listed(visit: Annotated[Visit, Depends(visitors.parent)], ended: bool = False) -> Response:
        own = await desk.own.sessions(visit.token)
        own.sort(key=lambda each: (each.current, each.last_used_at), reverse=True)
        return visit.page("sessions.html", sessions=own, ended=ended)

    @router.post("/sessions/{session_id:uuid}/end")
    async def end(visit: Annotated[Visit, Depends(visitors.anybody)], session_id: UUID) -> Response:
        async def deed(token: str) -> Response:
            try:
                await desk.own.end_session(token, str(session_id))
            except Refused as refused:
                if refused.status != HTTPStatus.NOT_FOUND:
                    raise  # one that has ended meanwhile is ended
            return visit.go("sessions?ended=1")

        return await done(visit, "sessions", deed)

    @router.post("/sessions/end-all")
    async def end_all(visit: Annotated[Visit, Depends(visitors.anybody)]) -> Response:
        """The session of this browser ends only when auth has ended all: nobody is told so before."""

        async def deed(token: str) -> Response:
            await desk.own.end_all_sessions(token)
            visit.keep(None)
            return visit.go("")

        return await done(visit, "sessions", deed)

    return router
