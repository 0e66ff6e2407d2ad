"""Invented people, one authority and one referral for the tests of this service."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI

from doubles.nca.authority import TestAuthority
from services.referral.documents.authority import Authority, load_authority
from services.referral.documents.content import ReferralContent
from tests.referral.specimen import specimen

Serving = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[str]]

PASSWORD = "invented password"


@pytest.fixture(scope="session")
def nca() -> TestAuthority:
    """A test certification authority in memory, on real time."""
    return TestAuthority()


@pytest.fixture(scope="session")
def authority_files(nca: TestAuthority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A secrets folder with the department's key store and its password, and the anchors."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "department.p12").write_bytes(nca.city_department().pkcs12(PASSWORD, nca.anchors))
    (folder / "department.password").write_text(PASSWORD + "\n", encoding="utf-8")
    nca.write_anchors(folder / "anchors")
    return folder


@pytest.fixture(scope="session")
def authority(authority_files: Path) -> Authority:
    """The department's key as the service loads it."""
    return load_authority(authority_files / "department.p12", authority_files / "department.password")


@pytest.fixture
def content(authority: Authority) -> ReferralContent:
    """A referral of an invented child."""
    return specimen(authority.signatory())


@pytest.fixture(scope="session")
def serving() -> Serving:
    """Serves an application on a free port; the address is what the block is given."""

    @contextlib.asynccontextmanager
    async def serving(app: FastAPI) -> AsyncIterator[str]:
        """Serves an application on a free port."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
            running = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True
            await running

    return serving
