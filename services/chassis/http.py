"""The doors of a service: refusals as problem details (RFC 9457) with stable codes, a correlation id, a bound on what is read.

A refusal of the domain carries a `code`; the service's table gives each code its status, the rest answer 409.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pymongo.errors import ConnectionFailure
from starlette.exceptions import HTTPException as NoSuchDoor
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.errors import AlreadyExists, Problem, Retry, Stale, TooLarge
from services.chassis.telemetry import Metrics, traced

log = structlog.get_logger("http")

T = TypeVar("T")

BODY_LIMIT = 1024 * 1024
PROBLEM_TYPE = "urn:zholdama:problem:"
LONG_POLL_LIMIT_SECONDS = 30.0
LONG_POLL_LOOK_SECONDS = 0.05
LONG_POLL_CALM_SECONDS = 0.4


def problem(status: int, code: str, detail: str = "", **more: Any) -> JSONResponse:
    """An answer of type application/problem+json."""
    body: dict[str, Any] = {
        "type": PROBLEM_TYPE + code.lower(),
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
    }
    if detail:
        body["detail"] = detail
    headers = {"Retry-After": "2"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(body | more, status, headers=headers, media_type="application/problem+json")


def answer_problems(app: FastAPI, refusal: type[Exception], statuses: Mapping[str, int]) -> None:
    """Gives every way to fail its one answer."""

    @app.exception_handler(refusal)
    async def refused(_: Request, error: Exception) -> JSONResponse:
        code = str(getattr(error, "code", "REFUSED"))
        return problem(statuses.get(code, 409), code, str(error) if error.args else "")

    @app.exception_handler(Problem)
    async def at_the_door(_: Request, error: Problem) -> JSONResponse:
        return problem(error.status, error.code, error.detail)

    @app.exception_handler(NoSuchDoor)
    async def no_such_door(_: Request, error: NoSuchDoor) -> JSONResponse:
        codes = {HTTPStatus.NOT_FOUND: "NO_SUCH_DOOR", HTTPStatus.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED"}
        code = codes.get(HTTPStatus(error.status_code), "BAD_REQUEST")
        return problem(error.status_code, code)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            {"field": ".".join(str(part) for part in each["loc"]), "why": each["type"]} for each in error.errors()
        ]
        return problem(422, "INVALID_REQUEST", "some fields are missing or malformed", fields=fields)

    @app.exception_handler(Retry)
    @app.exception_handler(Stale)
    @app.exception_handler(AlreadyExists)
    @app.exception_handler(ConnectionFailure)
    async def try_later(_: Request, error: Exception) -> JSONResponse:
        log.warning("http.try_later", kind=type(error).__name__)
        return problem(503, "TRY_LATER", "nothing was lost; try again in a moment")


class Doorkeeper:
    """Around every request: a correlation id, a trace, a bound on the body, a figure for the answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics, body_limit: int = BODY_LIMIT) -> None:
        self._app = app
        self._metrics = metrics
        self._limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        correlation = _plain_id(headers.get("x-correlation-id", "")) or str(uuid4())
        begun, status = time.perf_counter(), 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-correlation-id", correlation.encode())]
            await send(message)

        with (
            structlog.contextvars.bound_contextvars(correlation_id=correlation),
            traced(f"{scope['method']} request", headers.get("traceparent", "")),
        ):
            if _declared(headers) > self._limit:
                await problem(TooLarge.status, TooLarge.code)(scope, receive, answer)
            else:
                try:
                    await self._app(scope, self._bounded(receive), answer)
                except Exception:
                    log.exception("http.failed")
                    if status == 0:
                        await problem(500, "INTERNAL_ERROR", "something broke on our side; nothing was lost")(
                            scope, receive, answer
                        )
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(scope["method"], route, status).observe(time.perf_counter() - begun)

    def _bounded(self, receive: Receive) -> Receive:
        read = 0

        async def take() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit:
                raise TooLarge
            return message

        return take


def _declared(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdigit() else 0


def _plain_id(text: str) -> str:
    return text if 0 < len(text) <= 64 and text.replace("-", "").isalnum() and text.isascii() else ""


async def long_poll(look: Callable[[], Awaitable[tuple[bool, T]]], wait: float) -> T:
    """Looks until the answer is final or `wait` seconds (30 at most) are over; the last answer either way."""
    until = time.monotonic() + min(max(wait, 0.0), LONG_POLL_LIMIT_SECONDS)
    pause = LONG_POLL_LOOK_SECONDS
    while True:
        final, answer = await look()
        if final or time.monotonic() >= until:
            return answer
        await asyncio.sleep(pause)
        pause = min(LONG_POLL_CALM_SECONDS, pause * 1.2)
