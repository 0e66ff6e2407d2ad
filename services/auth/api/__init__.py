"""In, HTTP: request to use case to answer; no decisions."""

from collections.abc import Mapping

from fastapi import APIRouter

from services.auth.api import login, persons, services
from services.auth.usecases.desk import Desk
from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Tokens

STATUSES: Mapping[str, int] = {
    "IIN_INVALID": 422,
    "CONTACTS_INVALID": 422,
    "CONSENT_REQUIRED": 422,
    "EMAIL_REQUIRED": 403,
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
    "ROLE_UNKNOWN": 422,
    "SERVICE_UNKNOWN": 401,
}


def doors(desk: Desk, tokens: Tokens, digests: Mapping[str, str], reads: Reads, clock: Clock) -> APIRouter:
    """All doors of auth."""
    router = APIRouter()
    router.include_router(login.doors(desk, tokens, clock))
    router.include_router(persons.doors(desk, tokens, reads, clock))
    router.include_router(services.doors(desk, tokens, digests, reads, clock))
    return router
