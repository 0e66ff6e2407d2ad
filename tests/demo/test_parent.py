"""The parent's own tools: the page's side of NCALayer, frames and tables of the screen, refusals read from doors."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from demo.door import Refused, ask
from demo.ncalayer import AUTH_KEY, Computer, NotSigned
from demo.parent import Late, until
from demo.screen import framed, table
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Condition, Subject, Usage
from doubles.nca.keys import Credential
from doubles.ncalayer.keyboard import Behaviour, Keyboard, Somebody
from doubles.ncalayer.protocol import HELLO, Session


class OneKey:
    """A key source with one key for everybody."""

    def __init__(self) -> None:
        subject = Subject("850101400011", "СЫНАҚОВА", "ӘЙГЕРІМ")
        self._key = TestAuthority().issue(subject, Usage.AUTH)

    async def key(self, handle: str, usage: Usage, condition: Condition) -> Credential:
        return self._key

    async def people(self) -> list[Somebody]:
        return []


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard(OneKey())


@pytest.fixture
async def computer(keyboard: Keyboard) -> AsyncIterator[Computer]:
    app = FastAPI()

    @app.websocket("/{handle}")
    async def connect(page: WebSocket, handle: str) -> None:
        await page.accept()
        await page.send_json(HELLO)
        session = Session(keyboard, handle)
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await page.send_text(await session.answer(await page.receive_text()))

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio"))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        yield Computer(f"ws://127.0.0.1:{listener.getsockname()[1]}/aigerim")
        server.should_exit = True
        await running


async def test_a_page_has_a_document_signed(computer: Computer) -> None:
    assert await computer.version() == "1.4"
    assert "SignatureValue" in await computer.sign("<login/>", AUTH_KEY)
    assert (await computer.key_info())["subjectCn"] == "СЫНАҚОВА ӘЙГЕРІМ"


async def test_a_cancelled_dialog_is_told_as_not_signed(computer: Computer, keyboard: Keyboard) -> None:
    keyboard.behaviours["aigerim"] = Behaviour.CANCEL
    with pytest.raises(NotSigned, match=r"action\.canceled"):
        await computer.sign("<login/>", AUTH_KEY)


async def test_a_refusal_is_read_from_the_problem_the_door_answers() -> None:
    problem = {"code": "PLACE_TAKEN", "title": "Conflict", "detail": "The place is taken.", "status": 409}
    transport = httpx.MockTransport(lambda _: httpx.Response(409, json=problem))
    async with httpx.AsyncClient(transport=transport) as client:
        with pytest.raises(Refused) as refused:
            await ask(client, "POST", "http://vacancy/places/1/holds", body={})
    assert (refused.value.status, refused.value.code, refused.value.detail) == (
        409,
        "PLACE_TAKEN",
        "The place is taken.",
    )


async def test_waiting_ends_when_it_comes_and_when_it_is_late() -> None:
    looks = iter([None, None, "letter"])

    async def look() -> str | None:
        return next(looks)

    async def never() -> str | None:
        return None

    assert await until(look, "the letter", 5) == "letter"
    with pytest.raises(Late, match="the letter did not come"):
        await until(never, "the letter", 0.1)


def test_letters_are_framed_and_tables_are_even() -> None:
    frame = framed("SMS", "Кезегіңіз келді &amp; ...")
    assert frame[1] == "| Кезегіңіз келді & ..."
    lines = table(("а", "б"), [("1", "22"), ("333", "4")])
    assert lines == ["а    б", "---  --", "1    22", "333  4"]
