"""Engines of their own: what the plumbing's tests say in topics would be work for the services of other tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from tests.conftest import ends_with_its_last_test

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Fresh engines for this folder."""
    with temporary_stack("chassis") as made:
        ends_with_its_last_test(request.config, made, lambda item: HERE in item.path.parents)
        made.up_engines()
        yield made
