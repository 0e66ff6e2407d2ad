"""A browser is told in words of a closed list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.browser import browser_hint

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (CHROME, "Chrome, Windows"),
        (f"{CHROME} Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", "Firefox, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_family_and_system(said: str, told: str) -> None:
    assert browser_hint(said) == told


@given(st.text())
def test_nothing_of_what_a_browser_says_is_repeated(said: str) -> None:
    assert len(browser_hint(said)) <= len("Samsung Internet, Windows")
