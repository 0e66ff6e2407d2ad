"""The program's socket, and the doors by which a test, or a person at the screen, says what happens in the dialog.

Real NCALayer listens on ``wss://127.0.0.1:13579/`` of each person's own computer. Here one process stands for all
computers: the path of the connection is the handle of the person at the keyboard. A connection to ``/`` is the
computer at which one is sitting: who signs there is chosen on the page at ``GET /`` or by ``PUT /seat``.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import FastAPI, Form, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel

from doubles.http import new_app
from doubles.ncalayer.keyboard import AuthorityDesk, Behaviour, Keyboard
from doubles.ncalayer.page import POLICY, render
from doubles.ncalayer.protocol import HELLO, Session

TIMEOUT = 30.0
"""Seconds; a first key takes a moment to make on a busy machine."""


class Order(BaseModel):
    """What the person does at the next dialogs."""

    behaviour: Behaviour


class Seat(BaseModel):
    """Who sits at this computer, and what they do at the next dialogs."""

    handle: str | None
    behaviour: Behaviour = Behaviour.SIGN


def make_app(nca_url: str, seated: str | None = None) -> FastAPI:
    """The double as one application; keys come from the authority at ``nca_url``, ``seated`` is here at first."""
    client = httpx.AsyncClient(base_url=nca_url, timeout=TIMEOUT, trust_env=False)
    keyboard = Keyboard(AuthorityDesk(client), seated)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    app = new_app("NCALayer (test)", lifespan=lifespan)
    _seat(app, keyboard)

    @app.put("/{handle}/behaviour", status_code=204)
    def behave(handle: str, order: Order) -> None:
        keyboard.behaviours[handle] = order.behaviour

    @app.websocket("/")
    async def connect_here(socket: WebSocket) -> None:
        await _converse(socket, Session(keyboard, None))

    @app.websocket("/{handle}")
    async def connect(socket: WebSocket, handle: str) -> None:
        await _converse(socket, Session(keyboard, handle))

    return app


def _seat(app: FastAPI, keyboard: Keyboard) -> None:
    def sit(seat: Seat) -> None:
        keyboard.seated = seat.handle
        if seat.handle is not None:
            keyboard.behaviours[seat.handle] = seat.behaviour

    def now() -> Seat:
        return Seat(handle=keyboard.seated, behaviour=keyboard.behaviour(keyboard.seated or ""))

    @app.get("/")
    async def page() -> HTMLResponse:
        seat = now()
        html = render(await keyboard.source.people(), seat.handle, seat.behaviour)
        return HTMLResponse(html, headers={"content-security-policy": POLICY, "cache-control": "no-store"})

    @app.post("/")
    def choose(handle: Annotated[str, Form()], behaviour: Annotated[Behaviour, Form()]) -> RedirectResponse:
        sit(Seat(handle=handle, behaviour=behaviour))
        return RedirectResponse("/", 303)

    @app.get("/seat")
    def seat() -> Seat:
        return now()

    @app.put("/seat", status_code=204)
    def change(seat: Seat) -> None:
        sit(seat)


async def _converse(socket: WebSocket, session: Session) -> None:
    await socket.accept()
    await socket.send_json(HELLO)
    try:
        while True:
            await socket.send_text(await session.answer(await socket.receive_text()))
    except WebSocketDisconnect:
        return
