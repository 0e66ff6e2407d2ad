"""The running system that tests are given, and which tests may run side by side.

Tests run in two processes. What shares an instance, or the state of one service, is one group: its tests run in one process,
one after another. An instance ends with the last test that needs it: idle, it would slow down all that come after.
"""

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack

Needs = Callable[[pytest.Item], bool]
GROUPS = {
    "every service": ("tests/journeys", "tests/faults/test_short_run.py", "tests/local/test_whole.py"),
    "the cabinet": ("tests/web/browser",),
    "local instances": ("tests/local",),
    "auth": ("tests/auth/service",),
    "vacancy": ("tests/vacancy",),
    "queue": ("tests/queue",),
    "referral": ("tests/referral",),
    "chassis": ("tests/chassis",),
    "notify": ("tests/notify",),
    "demo": ("tests/demo",),
}
"""Where the tests of a group stand, in the order in which groups are begun: the longest first. Any other file is a group."""
ENDINGS = pytest.StashKey[list[tuple[Needs, Stack]]]()


class InGroups(LoadScopeScheduling):  # type: ignore[misc]
    """Hands whole groups to the processes."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Who decides which process runs what."""
    return InGroups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the groups in order."""
    order = [*GROUPS]
    items.sort(key=lambda item: order.index(group) if (group := group_of(item.nodeid)) in GROUPS else len(order))


def group_of(nodeid: str) -> str:
    """The group of a test; the first that names its file or its folder."""
    file = PurePosixPath(nodeid.partition("::")[0])
    places = {place: name for name, ones in GROUPS.items() for place in ones}
    return next((places[str(one)] for one in (file, *file.parents) if str(one) in places), str(file))


def ends_with_its_last_test(config: pytest.Config, stack: Stack, needs: Needs) -> None:
    """From now on the instance is taken down after the last test that `needs` it."""
    config.stash.setdefault(ENDINGS, []).append((needs, stack))


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Takes down what no later test needs; at the very end every fixture does so itself."""
    if nextitem is None:
        return
    later = item.session.items[item.session.items.index(item) + 1 :]
    endings = item.config.stash.get(ENDINGS, [])
    for ending in [each for each in endings if not any(each[0](one) for one in later)]:
        endings.remove(ending)
        ending[1].down()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Fresh engines of this test run, with the project's topics and users; about three seconds once a run."""
    with temporary_stack("test") as made:
        made.up_engines()
        yield made


@pytest.fixture(scope="session")
def whole_stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Engines, doubles and services of this test run, in an instance of their own."""
    with temporary_stack("journey") as made:
        ends_with_its_last_test(request.config, made, lambda item: "whole_stack" in getattr(item, "fixturenames", ()))
        made.up_engines()
        made.up_doubles()
        made.up_services()
        yield made
