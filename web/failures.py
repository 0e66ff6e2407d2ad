"""Every way a page can fail, as a page that says what to do."""

from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from web.desk import Desk
from web.upstream import Away, Refused
from web.view.problems import sentence
from web.view.words import Lang
from web.visit import ContactsFirst, SignInFirst, sign_in_path

log = structlog.get_logger("web")


def answer(app: FastAPI, desk: Desk) -> None:
    """Gives every failure its page."""

    def shown(request: Request, status: int, code: str) -> Response:
        lang = _lang(request)
        signed_in = desk.cookies.read(request) is not None
        return desk.renderer.page(
            request, lang, "problem.html", status, signed_in=signed_in, sentence=sentence(lang, code), code=code
        )

    @app.exception_handler(SignInFirst)
    async def sign_in(request: Request, error: SignInFirst) -> Response:
        return RedirectResponse(sign_in_path(_lang(request), request, lost=error.lost), 303)

    @app.exception_handler(ContactsFirst)
    async def contacts(request: Request, _: ContactsFirst) -> Response:
        return RedirectResponse(f"/{_lang(request)}/contacts", 303)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        if error.status == HTTPStatus.UNAUTHORIZED:
            return RedirectResponse(sign_in_path(_lang(request), request, lost=True), 303)
        if error.code == "EMAIL_REQUIRED":
            return RedirectResponse(f"/{_lang(request)}/contacts", 303)
        return shown(request, error.status, error.code)

    @app.exception_handler(Away)
    async def away(request: Request, error: Away) -> Response:
        log.warning("web.service_away", away=error.service)
        return shown(request, 503, f"AWAY_{error.service.upper()}")

    @app.exception_handler(HTTPException)
    async def no_page(request: Request, error: HTTPException) -> Response:
        return shown(request, error.status_code, "NO_SUCH_PAGE")

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, _: RequestValidationError) -> Response:
        return shown(request, 422, "FORM_INCOMPLETE")


def _lang(request: Request) -> Lang:
    first = request.url.path.strip("/").partition("/")[0]
    return Lang(first) if first in set(Lang) else Lang.KK
