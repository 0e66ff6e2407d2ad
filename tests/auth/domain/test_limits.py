"""How often somebody may ask."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.limits import HOUR, MINUTE, Limit
from services.auth.domain.refusals import TooManyRequests

NOW = datetime(2026, 3, 2, 7, 0, 20, tzinfo=UTC)
MOMENTS = st.integers(0, 20 * 365 * 86_400_000).map(lambda ms: NOW + timedelta(milliseconds=ms))


def test_once_too_often_is_told_when_to_come_again() -> None:
    limit = Limit("search", 20)
    limit.ensure_seldom(20, NOW)
    with pytest.raises(TooManyRequests) as caught:
        limit.ensure_seldom(21, NOW)
    assert caught.value.retry_after == timedelta(seconds=40)
    assert limit.window_of(NOW + caught.value.retry_after) == limit.window_of(NOW) + 1


@given(MOMENTS, st.sampled_from([MINUTE, HOUR]))
def test_who_waits_as_told_is_in_the_next_window(now: datetime, window: timedelta) -> None:
    limit = Limit("join", 5, window)
    with pytest.raises(TooManyRequests) as caught:
        limit.ensure_seldom(6, now)
    assert timedelta(0) < caught.value.retry_after <= window
    assert limit.window_of(now + caught.value.retry_after + timedelta(milliseconds=1)) > limit.window_of(now)
