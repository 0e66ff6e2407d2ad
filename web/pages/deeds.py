"""What a form asks for: done in session; without one, the way to login and back to the page the form stands on."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from starlette.responses import Response

from web.upstream import Refused
from web.visit import SignInFirst, Visit

Deed = Callable[[str], Awaitable[Response]]
"""Given the access token, does it and says where to go."""


async def done(visit: Visit, page: str, deed: Deed) -> Response:
    """The answer of the deed. `page` is the path, without language, of the page the form stands on."""
    try:
        return await deed(visit.token)
    except SignInFirst:
        return sign_in_and_back(visit, page)
    except Refused as refused:
        if refused.status != HTTPStatus.UNAUTHORIZED:
            raise
        return sign_in_and_back(visit, page)


def sign_in_and_back(visit: Visit, page: str) -> Response:
    """Login, and from there back to a page of ours."""
    return visit.go(sign_in_to(visit, page))


def sign_in_to(visit: Visit, page: str) -> str:
    """The path, without language, of the login that leads back to a page of ours."""
    return f"login?next={quote(f'/{visit.lang}/{page}')}&lost=1"
