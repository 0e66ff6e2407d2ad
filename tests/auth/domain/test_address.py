"""Who asks without login."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.address import asker, stranger

SITE = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "who"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["1.1.1.1", " 198.51.100.1", "10.0.0.3"], "198.51.100.1"),
        ("10.0.0.2", ["10.0.0.9"], "10.0.0.9"),
        ("10.0.0.2", [""], "10.0.0.2"),
        ("10.0.0.2", ["nonsense"], "10.0.0.2"),
        ("::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("fd00::2", ["2001:db8:1:2:3::4"], "2001:db8:1:2::/64"),
        ("2001:db8:1:2::5", [], "2001:db8:1:2::/64"),
        ("", [], ""),
    ],
)
def test_the_nearest_stranger_is_who_asks(peer: str, forwarded: list[str], who: str) -> None:
    assert asker(peer, forwarded, SITE) == who


@given(st.lists(st.text(max_size=20), max_size=4))
def test_what_a_stranger_writes_never_changes_who_asks(forwarded: list[str]) -> None:
    assert asker("203.0.113.7", forwarded, SITE) == "203.0.113.7"
    assert asker("10.0.0.2", [*forwarded, "203.0.113.7"], SITE) == "203.0.113.7"


def test_the_site_itself_is_counted_for_nobody() -> None:
    assert stranger("10.0.0.2", [], SITE) is None
    assert stranger("10.0.0.2", ["10.0.0.9"], SITE) is None
    assert stranger("10.0.0.2", ["198.51.100.1"], SITE) == "198.51.100.1"
    assert stranger("203.0.113.7", ["10.0.0.9"], SITE) == "203.0.113.7"
    assert stranger("203.0.113.7", [], ()) == "203.0.113.7"
