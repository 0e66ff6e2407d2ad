"""A cabinet before invented services."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.web.office import Office, open_browser, open_office, settings_of

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test has a loop of its own; a connection kept alive is collected after its loop, in the middle of another test."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The services behind the cabinet."""
    async with open_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def browser(office: Office, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who has not entered yet."""
    async with open_browser(settings_of(office, tmp_path)) as client:
        yield client
