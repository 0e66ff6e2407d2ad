"""What the HTTP doubles share: an application without extras, a plain refusal, and answers that never come whole."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse

SLOW_SECONDS = 20.0
"""Longer than any client of an interactive story should wait."""


class Refused(Exception):
    """The double says no: HTTP status and the body in the form of the organisation it imitates."""

    def __init__(self, status: int, body: dict[str, Any] | str) -> None:
        super().__init__(status)
        self.status = status
        self.body = body if isinstance(body, dict) else {"detail": body}


def new_app(title: str, **options: Any) -> FastAPI:
    """An application that answers ``GET /livez`` and turns Refused into its answer."""
    app = FastAPI(title=title, docs_url=None, redoc_url=None, openapi_url=None, **options)

    @app.exception_handler(Refused)
    def refuse(_: Request, refused: Refused) -> JSONResponse:
        return JSONResponse(refused.body, refused.status)

    @app.get("/livez")
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    return app


class Unreachable(StreamingResponse):
    """Promises a body, sends none and ends, so the server cuts the connection and the client gets a transport error."""

    def __init__(self) -> None:
        super().__init__(self._nothing(), headers={"content-length": "64"})

    @staticmethod
    async def _nothing() -> AsyncIterator[bytes]:
        return
        yield b""


async def dawdle(seconds: float = SLOW_SECONDS) -> None:
    """Answer late."""
    await asyncio.sleep(seconds)
