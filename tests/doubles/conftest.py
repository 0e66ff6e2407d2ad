"""One test authority for all tests of the doubles: its keys take a moment to make."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
import uvicorn
from fastapi import FastAPI

from doubles.nca.authority import TestAuthority

NOON = datetime(2026, 3, 19, 7, 0, 0, tzinfo=UTC)


class MovableClock:
    """A business clock that a test sets by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture
def authority(clock: MovableClock) -> TestAuthority:
    return TestAuthority(now=clock.now)


Serve = Callable[[FastAPI], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves an application on a free port for one test and returns its address without the scheme."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(app: FastAPI) -> str:
            listener = socket.socket()
            stack.callback(listener.close)
            listener.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="websockets-sansio", lifespan="on"))
            running = asyncio.create_task(server.serve(sockets=[listener]))

            async def stop() -> None:
                server.should_exit = True
                await running

            stack.push_async_callback(stop)
            while not server.started:
                await asyncio.sleep(0.01)
            return f"127.0.0.1:{listener.getsockname()[1]}"

        yield start
