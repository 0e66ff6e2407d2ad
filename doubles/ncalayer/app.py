"""The program's socket, and the door by which a test says what the person does.

Real NCALayer listens on ``wss://127.0.0.1:13579/`` of each person's own computer. Here one process stands for all
computers: the path of the connection is the handle of the person at the keyboard.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

from doubles.http import new_app
from doubles.ncalayer.keyboard import AuthorityDesk, Behaviour, Keyboard
from doubles.ncalayer.protocol import HELLO, Session

TIMEOUT = 30.0
"""Seconds; a first key takes a moment to make on a busy machine."""


class Order(BaseModel):
    """What the person does at the next dialogs."""

    behaviour: Behaviour


def make_app(nca_url: str) -> FastAPI:
    """The double as one application; keys come from the authority at ``nca_url``."""
    client = httpx.AsyncClient(base_url=nca_url, timeout=TIMEOUT)
    keyboard = Keyboard(AuthorityDesk(client))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield

    app = new_app("NCALayer (test)", lifespan=lifespan)

    @app.put("/{handle}/behaviour", status_code=204)
    def behave(handle: str, order: Order) -> None:
        keyboard.behaviours[handle] = order.behaviour

    @app.websocket("/{handle}")
    async def connect(socket: WebSocket, handle: str) -> None:
        await socket.accept()
        await socket.send_json(HELLO)
        session = Session(keyboard, handle)
        try:
            while True:
                await socket.send_text(await session.answer(await socket.receive_text()))
        except WebSocketDisconnect:
            return

    return app
