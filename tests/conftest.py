"""The running system that tests are given.

An instance ends with the last test that needs it: idle, it would slow down all that come after.
"""

from collections.abc import Callable, Iterator

import pytest

from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack

Needs = Callable[[pytest.Item], bool]
ENDINGS = pytest.StashKey[list[tuple[Needs, Stack]]]()


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
