"""The way in by a key (guide figures 2 to 4), and the way out."""

import secrets
from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from starlette.responses import JSONResponse, Response

from web.desk import Desk
from web.session import BROWSER_COOKIE
from web.upstream import Away, Refused
from web.upstream.auth import Key
from web.view.problems import sentence
from web.view.words import Lang
from web.visit import Visit, Visitors, admitted, browser_of, safe_next, user_agent_of

SECRET_BYTES = 32
OTHER_KEY = {"AUTH": "SIGN", "SIGN": "AUTH"}
USED = "CHALLENGE_UNKNOWN_OR_USED"
OF_ANOTHER = "CHALLENGE_OF_ANOTHER_BROWSER"

Next = Annotated[str, Query(alias="next")]
NextSent = Annotated[str, Form(alias="next")]
FormText = Annotated[str, Form()]


def as_signed(sent: str) -> str:
    """The signed document as it was before a form wrote its line ends as CRLF."""
    return sent.replace("\r\n", "\n")


def doors(desk: Desk, visitors: Visitors) -> APIRouter:
    """The login page, what its script asks, and the two forms."""
    router = APIRouter()
    _asked_by_the_script(router, desk, visitors)
    _forms(router, desk, visitors)

    @router.get("/login")
    async def ask(
        visit: Annotated[Visit, Depends(visitors.anybody)], back: Next = "", lost: bool = False, problem: str = ""
    ) -> Response:
        if visit.session is not None and not lost and not problem:
            return visit.go(safe_next(visit.lang, back))
        told = sentence(visit.lang, problem) if problem else ""
        return visit.page("login/key.html", back=back, lost=lost, problem=told)

    return router


def _asked_by_the_script(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.post("/login/challenge")
    async def challenge(request: Request, lang: Lang) -> Response:
        """A document to sign, bound to this browser by a secret that no script can read."""
        binding = request.cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(SECRET_BYTES)
        try:
            asked = await desk.auth.challenge(binding, browser_of(request))
        except (Refused, Away) as error:
            return _sorry(lang, error)
        answer = JSONResponse({"challenge_id": asked.challenge_id, "xml": asked.xml})
        desk.cookies.browser(answer, binding)
        return answer

    @router.post("/login/key")
    async def key(
        visit: Annotated[Visit, Depends(visitors.anybody)], signed_xml: FormText, kind: FormText = "AUTH"
    ) -> Response:
        """The key that signed, as a piece of a page; one of the wrong kind is said to be so."""
        try:
            told = await desk.auth.describe_key(signed_xml)
        except (Refused, Away) as error:
            return _sorry(visit.lang, error)
        return visit.page("signing/key.html", key=told, unfit=_unfit(told, kind, visit.lang))


def _forms(router: APIRouter, desk: Desk, visitors: Visitors) -> None:
    @router.post("/login")
    async def enter(
        request: Request,
        visit: Annotated[Visit, Depends(visitors.anybody)],
        challenge_id: FormText,
        signed_xml: FormText,
        back: NextSent = "",
    ) -> Response:
        binding = request.cookies.get(BROWSER_COOKIE, "")
        if not binding:
            return _again(visit, back, OF_ANOTHER)
        try:
            told = await desk.auth.enter(
                challenge_id, binding, as_signed(signed_xml), browser_of(request), user_agent_of(request)
            )
        except Refused as refusal:
            if refusal.code == USED and visit.session is not None:
                return visit.go(safe_next(visit.lang, back))
            return _again(visit, back, _code(refusal))
        except Away as away:
            return _again(visit, back, _code(away))
        visit.keep(admitted(told))
        return visit.go("contacts" if told.email_required else safe_next(visit.lang, back))

    @router.post("/logout")
    async def leave(request: Request, lang: Lang) -> Response:
        """Ends the session here in any case, and at auth when it can be reached."""
        visit = Visit(desk, request, lang, desk.cookies.read(request))
        if visit.session is not None:
            with suppress(Refused, Away):
                await desk.auth.leave(visit.token)
        visit.keep(None)
        return visit.go("")


def _again(visit: Visit, back: str, code: str) -> Response:
    return visit.go("login?" + urlencode({"problem": code} | ({"next": back} if back else {})))


def _code(error: Refused | Away) -> str:
    """The code of the sentence: of a key of the wrong kind it depends on what the key is for."""
    if isinstance(error, Away):
        return f"AWAY_{error.service.upper()}"
    if error.code == "KEY_KIND_WRONG" and error.told.get("presented") in OTHER_KEY:
        return f"{error.code}_{error.told['presented']}"
    return error.code


def _unfit(key: Key, wanted: str, lang: Lang) -> str:
    """Why the key cannot serve, when its owner took the other one; it is auth that judges."""
    return sentence(lang, f"KEY_KIND_WRONG_{key.kind}") if key.kind == OTHER_KEY.get(wanted) else ""


def _sorry(lang: Lang, error: Refused | Away) -> Response:
    """A sentence for the script to show."""
    status = 503 if isinstance(error, Away) else error.status
    return JSONResponse({"problem": sentence(lang, _code(error))}, status)
