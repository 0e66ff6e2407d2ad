"""When a code is worth anything, and which of a person's addresses are proven."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.auth.domain import confirmation
from services.auth.domain.confirmation import PAUSE, TRIES_AT_MOST, Confirmation
from services.auth.domain.ids import ConfirmationId, PersonId
from services.auth.domain.person import Channel, Contacts, contact
from services.auth.domain.refusals import (
    CodeExpired,
    CodeTriedTooOften,
    ContactsInvalid,
    NoSuchContact,
    TooManyRequests,
)

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
ASKED = Confirmation(ConfirmationId("c"), PersonId("p"), "digest", Channel.EMAIL, NOW, NOW + timedelta(minutes=10))
OWN = Contacts(("ana@example.kz", "more@example.kz"), ("+77010000000",))


def test_a_code_may_be_tried_five_times() -> None:
    tried = ASKED
    for _ in range(TRIES_AT_MOST):
        assert tried.sendable(NOW)
        tried = confirmation.tried(tried, NOW)
    assert not tried.sendable(NOW)
    with pytest.raises(CodeTriedTooOften):
        confirmation.tried(tried, NOW)


def test_a_code_ends_to_the_moment() -> None:
    last = ASKED.expires_at - timedelta(milliseconds=1)
    assert confirmation.tried(ASKED, last).tries == 1
    assert ASKED.sendable(last)
    assert not ASKED.sendable(ASKED.expires_at)
    with pytest.raises(CodeExpired):
        confirmation.tried(ASKED, ASKED.expires_at)


def test_another_code_waits_for_a_minute() -> None:
    confirmation.ensure_not_too_soon(None, NOW)
    confirmation.ensure_not_too_soon(ASKED, NOW + PAUSE)
    with pytest.raises(TooManyRequests) as refused:
        confirmation.ensure_not_too_soon(ASKED, NOW + timedelta(seconds=20))
    assert refused.value.retry_after == timedelta(seconds=40)


def test_the_way_to_an_address_follows_from_where_it_stands() -> None:
    assert OWN.channel_of("more@example.kz") is Channel.EMAIL
    assert OWN.channel_of("+77010000000") is Channel.SMS
    with pytest.raises(NoSuchContact):
        OWN.channel_of("other@example.kz")


def test_a_changed_address_is_to_be_proven_again_and_the_others_stay_proven() -> None:
    proven = OWN.with_proof_of("ana@example.kz").with_proof_of("+77010000000").with_proof_of("ana@example.kz")
    assert proven.confirmed == ("ana@example.kz", "+77010000000")
    changed = replace(OWN, emails=("new@example.kz",)).with_proofs_of(proven)
    assert changed.confirmed == ("+77010000000",)
    assert OWN.with_proofs_of(changed).confirmed == ("+77010000000",)
    with pytest.raises(NoSuchContact):
        OWN.with_proof_of("other@example.kz")


def test_an_address_is_read_as_it_is_kept() -> None:
    assert contact(" ana@example.kz ") == "ana@example.kz"
    assert contact("8 701 000 00 00") == "+77010000000"
    for wrong in ("", "ana", "@", "12345", "ana@example.kz,more@example.kz"):
        with pytest.raises(ContactsInvalid):
            contact(wrong)
