"""The running system that tests are given."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Fresh engines of this test run, with the project's topics and users; about three seconds once a run."""
    with temporary_stack("test") as made:
        made.up_engines()
        yield made


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[Stack]:
    """Engines, doubles and services of this test run, in an instance of their own."""
    with temporary_stack("journey") as made:
        made.up_engines()
        made.up_doubles()
        made.up_services()
        yield made
