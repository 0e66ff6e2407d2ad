"""The front page (guide figure 1): the way in, and the free places of the city."""

from collections import Counter
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from web.desk import Desk
from web.upstream import Away
from web.upstream.vacancy import Place
from web.view.words import Lang
from web.visit import Visit, Visitors

log = structlog.get_logger("web")


def choice_of_language() -> APIRouter:
    """`/` leads to the first language that the browser asks for and we speak; Kazakh else."""
    router = APIRouter()

    @router.get("/")
    async def begin(request: Request) -> Response:
        wished = (part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
        lang = next((Lang(each) for each in wished if each in set(Lang)), Lang.KK)
        return RedirectResponse(f"/{lang}/", 303)

    return router


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The front page; without vacancy it says so and the rest stays."""
    router = APIRouter()

    @router.get("/")
    async def front(visit: Annotated[Visit, Depends(visitors.anybody)]) -> Response:
        try:
            places = await desk.vacancy.bulletin()
        except Away:
            places = None
        return visit.page("front.html", rows=None if places is None else _rows(places, visit.lang))

    return router


def _rows(places: list[Place], lang: Lang) -> list[dict[str, object]]:
    """Places that differ in nothing a reader sees are one row with their number."""
    alike = Counter(
        (place.district, place.told("name", lang), place.group_year, place.language, place.mode) for place in places
    )
    return [
        {"district": district, "name": name, "group_year": year, "language": language, "mode": mode, "count": count}
        for (district, name, year, language, mode), count in sorted(alike.items())
    ]
