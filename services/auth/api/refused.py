"""How refusals are answered: the status of each code, and what some of them tell beside it."""

import math
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from services.auth.domain.refusals import KeyKindWrong, TooManyRequests
from services.chassis.http import problem

STATUSES: Mapping[str, int] = {
    "IIN_INVALID": 422,
    "CONTACTS_INVALID": 422,
    "CONSENT_REQUIRED": 422,
    "NO_SUCH_CONTACT": 404,
    "CONTACT_CONFIRMED": 409,
    "CODE_WRONG": 422,
    "CODE_EXPIRED": 410,
    "CODE_TRIED_TOO_OFTEN": 409,
    "NO_SUCH_CONFIRMATION": 404,
    "CHALLENGE_UNKNOWN_OR_USED": 409,
    "CHALLENGE_EXPIRED": 410,
    "CHALLENGE_OF_ANOTHER_BROWSER": 403,
    "SESSION_ENDED": 401,
    "REFRESH_TOKEN_REUSED": 401,
    "KEY_KIND_WRONG": 422,
    "CERTIFICATE_EXPIRED": 422,
    "CERTIFICATE_REVOKED": 422,
    "CERTIFICATE_NOT_TRUSTED": 422,
    "SIGNATURE_INVALID": 422,
    "NOT_THE_ISSUED_DOCUMENT": 422,
    "ISSUED_DOCUMENT_UNREADABLE": 422,
    "REVOCATION_UNKNOWN": 503,
    "NO_SUCH_CHILD": 404,
    "NO_SUCH_PERSON": 404,
    "PERSON_ERASED": 404,
    "HOLDS_ROLES": 409,
    "ONLY_GUARDIAN": 409,
    "SURNAME_INVALID": 422,
    "TOO_MANY_REQUESTS": 429,
    "APPLICATION_NUMBER_INVALID": 422,
    "PAPER_INVALID": 422,
    "ALREADY_A_GUARDIAN": 409,
    "GUARDIAN_IS_THE_CHILD": 422,
    "NO_SUCH_GUARDIAN": 404,
    "LAST_GUARDIAN": 409,
    "NO_SUCH_REQUEST": 404,
    "REQUEST_DECIDED": 409,
    "NO_SUCH_SESSION": 404,
    "ROLE_UNKNOWN": 422,
    "ROLE_NEEDS_ORGANISATION": 422,
    "ROLE_HAS_NO_ORGANISATION": 422,
    "OWN_ROLES": 409,
    "LAST_OFFICER": 409,
    "OFFICER_EXISTS": 409,
    "SERVICE_UNKNOWN": 401,
}


class Telling(APIRoute):
    """A door whose refusals tell more than their code: which kind of key was presented, when to come again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The door's handler, with these refusals answered."""
        handle = super().get_route_handler()

        async def telling(request: Request) -> Response:
            try:
                return await handle(request)
            except KeyKindWrong as refusal:
                return problem(STATUSES[refusal.code], refusal.code, presented=refusal.presented)
            except TooManyRequests as refusal:
                answer = problem(STATUSES[refusal.code], refusal.code)
                answer.headers["Retry-After"] = str(math.ceil(refusal.retry_after.total_seconds()))
                return answer

        return telling
