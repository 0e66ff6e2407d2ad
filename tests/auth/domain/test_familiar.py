"""What is new about a login, and when a person hears that the key runs out."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain import familiar
from services.auth.domain.address import network_of
from services.auth.domain.familiar import REMEMBERED_AT_MOST, REMINDED_BEFORE, Familiar
from services.auth.domain.ids import PersonId

NOBODY = Familiar(PersonId("p"))
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
YEAR = timedelta(days=365)


def test_the_first_login_is_not_new_to_anybody() -> None:
    after, new = familiar.arrived(NOBODY, "chrome", "home")
    assert (after.browsers, after.networks, new) == (("chrome",), ("home",), False)


def test_another_browser_or_another_network_is_new_once() -> None:
    known, _ = familiar.arrived(NOBODY, "chrome", "home")
    for browser, network in (("firefox", "home"), ("chrome", "work"), ("firefox", "work")):
        after, new = familiar.arrived(known, browser, network)
        assert new
        assert familiar.arrived(after, browser, network) == (after, False)


def test_known_ones_may_be_mixed() -> None:
    known = Familiar(PersonId("p"), ("chrome", "firefox"), ("home", "work"))
    assert familiar.arrived(known, "firefox", "home") == (known, False)


def test_a_program_that_is_no_browser_says_nothing() -> None:
    known, new = familiar.arrived(NOBODY, None, "home")
    assert (known.browsers, new) == ((), False)
    known, new = familiar.arrived(known, "chrome", "home")
    assert (known.browsers, new) == (("chrome",), False)
    assert familiar.arrived(known, None, "home") == (known, False)
    assert familiar.arrived(known, None, "work")[1]


def test_a_network_that_the_site_does_not_name_says_nothing() -> None:
    known, _ = familiar.arrived(NOBODY, "chrome", None)
    after, new = familiar.arrived(known, "chrome", "home")
    assert (after.networks, new) == (("home",), False)
    assert familiar.arrived(after, "chrome", None) == (after, False)


@given(st.lists(st.text(min_size=1, max_size=3), max_size=60))
def test_no_more_than_twenty_are_remembered_and_the_last_is_among_them(browsers: list[str]) -> None:
    known = NOBODY
    for browser in browsers:
        known, _ = familiar.arrived(known, browser, None)
        assert browser in known.browsers
    assert len(known.browsers) <= REMEMBERED_AT_MOST


def test_the_newest_key_counts() -> None:
    old = familiar.key_seen(NOBODY, NOW + YEAR)
    assert old.due == NOW + YEAR - REMINDED_BEFORE
    assert familiar.key_seen(old, NOW) == old
    assert familiar.key_seen(old, NOW + 2 * YEAR).due == NOW + 2 * YEAR - REMINDED_BEFORE


def test_a_key_is_told_of_once_and_a_newer_one_again() -> None:
    known = familiar.key_seen(NOBODY, NOW + REMINDED_BEFORE)
    assert familiar.key_ending(known, NOW - timedelta(seconds=1)) is None
    assert familiar.key_ending(known, NOW) == NOW + REMINDED_BEFORE
    done = familiar.told(known)
    assert (done.due, familiar.key_ending(done, NOW)) == (None, None)
    assert familiar.key_seen(done, NOW + REMINDED_BEFORE) == done
    assert familiar.key_seen(done, NOW + YEAR).due is not None


def test_of_a_key_that_has_ended_nothing_is_told() -> None:
    assert familiar.key_ending(familiar.key_seen(NOBODY, NOW), NOW) is None


def test_a_network_is_a_providers() -> None:
    assert network_of("203.0.113.7") == network_of("203.0.44.1") == "203.0.0.0/16"
    assert network_of("2001:db8:1:2::/64") == network_of("2001:db8:ffff::1") == "2001:db8::/32"
    assert network_of("nowhere") == ""
