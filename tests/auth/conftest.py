"""The test authority is made once; every test finds it in its right mind."""

import pytest

from doubles.nca.revocation import Fault
from tests.auth.hands import NOW, Hands, Road


@pytest.fixture(scope="session")
def shared_hands() -> Hands:
    return Hands()


@pytest.fixture
def hands(shared_hands: Hands) -> Hands:
    """The same authority for every test, its moods and its time put back."""
    shared_hands.at = NOW
    for service in shared_hands.authority.faults:
        shared_hands.authority.faults[service] = Fault.OK
    return shared_hands


@pytest.fixture
def road(hands: Hands) -> Road:
    return Road(hands.authority)
