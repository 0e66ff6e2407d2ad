"""The cabinet, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles

from services.chassis import health
from services.chassis.http import Doorkeeper
from services.chassis.telemetry import Metrics
from web import failures, guards
from web.desk import open_desk
from web.pages import PAGES, front
from web.settings import WebSettings
from web.view.renderer import HERE
from web.visit import Visitors, keep_session


def make_app(settings: WebSettings) -> FastAPI:
    """The cabinet as one application."""
    desk, metrics, checks = open_desk(settings), Metrics(), health.Health()
    visitors = Visitors(desk)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for upstream in desk.upstreams:
            await upstream.close()

    app = FastAPI(title="Zholdama: cabinet", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(partial(keep_session, desk=desk))
    app.middleware("http")(partial(guards.guarded, every=guards.headers(settings)))
    app.add_middleware(Doorkeeper, metrics=metrics)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.mount("/vendor", StaticFiles(directory=settings.vendor_dir), name="vendor")
    checks.live("pages", _pages_are_there)
    app.include_router(health.doors(checks, metrics, _nothing_to_refresh))
    app.include_router(front.choice_of_language())
    pages = APIRouter(prefix="/{lang}")
    for doors in PAGES:
        pages.include_router(doors(desk, visitors))
    app.include_router(pages)
    failures.answer(app, desk)
    return app


async def _pages_are_there() -> bool:
    return (HERE / "templates" / "base.html").exists()


async def _nothing_to_refresh() -> None:
    return None
