"""Around every page: headers that let nothing foreign in, and forms that only our own pages may send."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from web.settings import WebSettings

SAFE = frozenset({"GET", "HEAD"})
KEPT_LONG = ("/static/", "/vendor/")


def headers(settings: WebSettings) -> dict[str, str]:
    """The headers of every answer; NCALayer is the only foreign address that a page may speak to."""
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": f"'self' {settings.ncalayer_origin}",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    }


def sent_by_our_page(request: Request) -> bool:
    """Whether a form or a script of ours sent this request: browsers say so themselves (Fetch Metadata, Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("origin") == f"{request.url.scheme}://{request.headers.get('host', '')}"


async def guarded(request: Request, call: Callable[[Request], Awaitable[Response]], every: dict[str, str]) -> Response:
    """Refuses foreign forms; adds the headers; forbids keeping pages that show a person."""
    if request.method not in SAFE and not sent_by_our_page(request):
        return PlainTextResponse("This form was not sent by a page of this site.", 403, headers=every)
    response = await call(request)
    response.headers.update(every)
    if request.url.path.startswith(KEPT_LONG) and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response
