"""A referral: issued once, returned once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.referral.domain import referral as referrals
from services.referral.domain.referral import Referral, Said
from services.referral.domain.refusals import ReferralOver
from services.referral.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    Mode,
    OrganisationId,
    PlaceId,
    ReferralId,
    ReferralState,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=7)
SHA = "0" * 64


def begun() -> Referral:
    return Referral(
        referral_id=ReferralId("r1"),
        hold_id=HoldId("h1"),
        referral_number="ALM-2026-000001",
        application_id=ApplicationId("a1"),
        child_id=ChildId("c1"),
        place_id=PlaceId("p1"),
        organisation_id=OrganisationId("o1"),
        mode=Mode.PRIORITY,
        issued_at=NOW,
        valid_until=UNTIL,
        active_child=ChildId("c1"),
    )


def out() -> Referral:
    return referrals.issued(begun(), SHA, NOW)[0]


def test_a_referral_is_issued_once() -> None:
    referral, said = referrals.issued(begun(), SHA, NOW)
    assert [fact.said for fact in said] == [Said.ISSUED]
    assert referrals.issued(referral, "1" * 64, NOW) == (referral, ())


def test_a_returned_referral_is_not_active_and_returns_once() -> None:
    referral, said = referrals.give_back(out(), NOW)
    assert (referral.state, referral.active_child) == (ReferralState.RETURNED, None)
    assert [fact.said for fact in said] == [Said.RETURNED]
    assert referrals.give_back(referral, UNTIL + timedelta(days=1)) == (referral, ())


def test_a_referral_asked_back_while_it_is_made_is_issued_and_returned_in_one_step() -> None:
    asked, said = referrals.take_back(begun(), NOW)
    assert (asked.state, said) == (ReferralState.ISSUING, ())
    assert referrals.take_back(asked, NOW) == (asked, ())
    referral, facts = referrals.issued(asked, SHA, NOW)
    assert referral.state is ReferralState.RETURNED
    assert [(fact.said, fact.referral.state) for fact in facts] == [
        (Said.ISSUED, ReferralState.ISSUED),
        (Said.RETURNED, ReferralState.RETURNED),
    ]


def test_a_family_cannot_return_what_is_no_longer_valid_but_a_removal_always_takes_it_back() -> None:
    with pytest.raises(ReferralOver):
        referrals.give_back(out(), UNTIL)
    assert referrals.take_back(out(), UNTIL)[0].state is ReferralState.RETURNED


@pytest.mark.parametrize(
    ("begun_on", "drawn_on", "moved"),
    [
        (date(2026, 12, 1), date(2026, 12, 1), False),
        (date(2026, 12, 1), date(2026, 12, 2), True),
        (date(2026, 12, 31), date(2027, 1, 1), True),
        (date(2026, 12, 2), date(2026, 12, 1), False),
    ],
)
def test_a_drawing_on_a_later_day_moves_the_dates_and_nothing_else(begun_on: date, drawn_on: date, moved: bool) -> None:
    at, until = NOW + timedelta(hours=20), UNTIL + timedelta(days=1)
    referral = referrals.drawn(begun(), at, begun_on=begun_on, drawn_on=drawn_on, valid_until=until)
    assert referral == (replace(begun(), issued_at=at, valid_until=until) if moved else begun())
