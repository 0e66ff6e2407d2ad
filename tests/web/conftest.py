"""A cabinet before invented services, opened once for all tests of a process.

Every test runs in one loop, the session's: a connection kept alive lasts as long as the loop that serves it.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.web.office import Office, open_cabinet, open_office, open_window, settings_of

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The session's loop for every test that needs one."""
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def services(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The services behind the cabinet, as the tests before have left them."""
    async with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cabinet(services: Office) -> AsyncIterator[FastAPI]:
    """The cabinet before these services; it keeps nothing from one visit to the next."""
    async with open_cabinet(settings_of(services)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def office(services: Office) -> Office:
    """The services behind the cabinet; nothing has been asked of them yet."""
    await services.begin()
    return services


@pytest_asyncio.fixture(loop_scope="session")
async def browser(office: Office, cabinet: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who has not entered yet."""
    async with open_window(cabinet) as client:
        yield client
