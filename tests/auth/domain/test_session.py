"""Refresh tokens: one chain, a short grace for a lost answer, the end of the session for a stolen token."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain import session
from services.auth.domain.ids import PersonId, SessionId
from services.auth.domain.refusals import RefreshTokenReused, SessionEnded
from services.auth.domain.session import Session

KEY = bytes(range(32))
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
OPENED = Session(SessionId("s-1"), PersonId("p-1"), "seed", NOW, NOW + timedelta(hours=12))


def token(of: Session) -> str:
    return session.refresh_token(of, KEY)


def use(of: Session, text: str, after: timedelta = timedelta()) -> Session:
    return session.refreshed(of, session.parse_refresh_token(text), KEY, now=NOW + after)


def test_each_use_gives_a_new_token() -> None:
    second = use(OPENED, token(OPENED))
    assert token(second) != token(OPENED)
    assert use(second, token(second)).generation == 2


def test_a_repeat_within_thirty_seconds_gets_the_same_successor() -> None:
    second = use(OPENED, token(OPENED))
    again = use(second, token(OPENED), timedelta(seconds=30))
    assert token(again) == token(second)


def test_a_later_repeat_is_a_theft() -> None:
    second = use(OPENED, token(OPENED))
    with pytest.raises(RefreshTokenReused):
        use(second, token(OPENED), timedelta(seconds=31))


def test_a_token_two_steps_back_is_a_theft_at_once() -> None:
    third = use(use(OPENED, token(OPENED)), token(replace(OPENED, generation=1)))
    with pytest.raises(RefreshTokenReused):
        use(third, token(OPENED))


def test_an_ended_session_takes_no_token() -> None:
    with pytest.raises(SessionEnded):
        use(session.ended(OPENED, now=NOW), token(OPENED))


def test_a_session_ends_by_itself() -> None:
    with pytest.raises(SessionEnded):
        use(OPENED, token(OPENED), timedelta(hours=12))


def test_a_token_of_a_future_generation_cannot_be_made_without_the_key() -> None:
    forged = f"s-1.1.{token(OPENED).rpartition('.')[2]}"
    with pytest.raises(SessionEnded):
        use(OPENED, forged)


def test_another_session_with_the_same_id_has_other_tokens() -> None:
    with pytest.raises(SessionEnded):
        use(replace(OPENED, seed="other"), token(OPENED))


@given(st.text(max_size=60))
def test_any_text_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(SessionEnded):
        use(OPENED, text)


def test_ending_twice_keeps_the_first_time() -> None:
    once = session.ended(OPENED, now=NOW)
    assert session.ended(once, now=NOW + timedelta(hours=1)) == once
