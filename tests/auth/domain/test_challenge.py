"""A challenge is for one browser, for two minutes, for one purpose."""

from datetime import UTC, datetime, timedelta

import pytest

from services.auth.domain import challenge
from services.auth.domain.challenge import Challenge, Purpose
from services.auth.domain.ids import ChallengeId
from services.auth.domain.refusals import ChallengeExpired, ChallengeOfAnotherBrowser

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def issued(site: str = "zholdama.test") -> Challenge:
    return challenge.issue(
        challenge_id=ChallengeId("c-1"), nonce="n-1", purpose=Purpose.LOGIN, binding="secret", site=site, now=NOW
    )


def test_the_asking_browser_may_answer_within_two_minutes() -> None:
    challenge.ensure_answerable(issued(), binding="secret", now=NOW + timedelta(seconds=120))


def test_after_two_minutes_it_is_too_late() -> None:
    with pytest.raises(ChallengeExpired):
        challenge.ensure_answerable(issued(), binding="secret", now=NOW + timedelta(seconds=121))


def test_another_browser_may_not_answer() -> None:
    with pytest.raises(ChallengeOfAnotherBrowser):
        challenge.ensure_answerable(issued(), binding="another", now=NOW)


def test_the_document_names_the_site_and_the_purpose_and_not_the_browser() -> None:
    document = issued("Жолдама <& co>").document
    assert "Жолдама &lt;&amp; co&gt;" in document
    assert "<purpose>login</purpose>" in document
    assert "secret" not in document
    assert "<expires>2026-03-02T07:02:00Z</expires>" in document
