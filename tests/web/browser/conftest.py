"""The whole system with the cabinet, and Chromium before it. Tests here run in the session's event loop.

`ZHOLDAMA_PICTURES` names the folder that gets the pictures of the guide; without it they last as long as the run.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from demo import loading
from demo.city import Waiting, make_city, small
from demo.parent import Parent
from demo.scene import ALMATY
from demo.stage import addresses
from deploy.local import processes
from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from doubles.clock import BusinessClock
from tests.conftest import ends_with_its_last_test
from tests.web.browser.chromium import chromium
from tests.web.browser.town import Town
from tests.web.browser.visitor import SCREENS, Pictures, Visitor, visit

HERE = Path(__file__).parent
PICTURES = "ZHOLDAMA_PICTURES"


class NewVisitor(Protocol):
    """Opens a further browser; it is closed, and its console examined, at the end of the test."""

    def __call__(self, *, lang: str = "kk", screen: str = "desk", javascript: bool = True) -> Awaitable[Visitor]: ...


class NewParent(Protocol):
    """Makes a guardian with keys; the scripted side is closed at the end of the test."""

    def __call__(self, waiting: Waiting, language: str = "kk") -> Awaitable[Parent]: ...


@pytest.fixture(scope="session")
def cabinet_stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Everything, in an instance of its own, the cabinet included; NCALayer is reached with TLS, as the real one."""
    with temporary_stack("cabinet") as made:
        ends_with_its_last_test(request.config, made, lambda item: HERE in item.path.parents)
        made.up_engines()
        made.up_doubles()
        made.up_services()
        secure = f"wss://127.0.0.1:{made.layout.port(processes.WSS)}/"
        made.up_web({"ZHOLDAMA_NCALAYER_URL": secure})
        yield made


@pytest.fixture(scope="session")
def town(cabinet_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town in the evening before its first publication, nobody logged in."""
    clock = BusinessClock(cabinet_stack.layout.clock_file)
    city = small(make_city(clock.now().astimezone(ALMATY).date()))
    folder = tmp_path_factory.mktemp("import")
    loading.load_city(city, folder, cabinet_stack.environment, processes.existing_services())
    return Town(cabinet_stack, city, addresses(cabinet_stack), clock)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(cabinet_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    """Chromium; it trusts the root of this instance's NCALayer and no other test root."""
    root = cabinet_stack.layout.folder / "ncalayer" / "root.pem"
    async with chromium(tmp_path_factory.mktemp("home"), root) as opened:
        yield opened


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    """The folders of pictures."""
    others = tmp_path_factory.mktemp("pictures")
    guide = Path(os.environ.get(PICTURES, others))
    guide.mkdir(parents=True, exist_ok=True)
    return Pictures(guide, others)


@pytest_asyncio.fixture(loop_scope="session")
async def new_visitor(cabinet_stack: Stack, browser: Browser, pictures: Pictures) -> AsyncIterator[NewVisitor]:
    """Browsers as a test needs them."""
    async with AsyncExitStack() as opened:

        async def make(*, lang: str = "kk", screen: str = "desk", javascript: bool = True) -> Visitor:
            site = cabinet_stack.url(processes.WEB)
            visitor = await visit(browser, site, pictures, lang=lang, screen=screen, javascript=javascript)
            opened.push_async_callback(visitor.close)
            return visitor

        yield make


@pytest.fixture(params=["kk", "ru"])
def lang(request: pytest.FixtureRequest) -> str:
    """Both languages, one after the other."""
    return str(request.param)


@pytest.fixture(params=list(SCREENS))
def screen(request: pytest.FixtureRequest) -> str:
    """Both screens, one after the other."""
    return str(request.param)


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(new_visitor: NewVisitor, lang: str, screen: str) -> Visitor:
    """A browser in each language and on each screen."""
    return await new_visitor(lang=lang, screen=screen)


@pytest_asyncio.fixture(loop_scope="session")
async def new_parent(town: Town) -> AsyncIterator[NewParent]:
    """Guardians as a test needs them."""
    async with AsyncExitStack() as people:

        async def make(waiting: Waiting, language: str = "kk") -> Parent:
            parent = await town.parent(waiting, language)
            people.push_async_callback(parent.close)
            return parent

        yield make
