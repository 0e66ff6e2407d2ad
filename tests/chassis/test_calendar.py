"""Working days of Kazakhstan in the city's own zone (R24, R33)."""

from datetime import UTC, date, datetime, time

import pytest

from services.chassis.calendar import WorkCalendar

OPENING = time(7)
CALENDAR = WorkCalendar()


def almaty(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("published", "last_day"),
    [
        ("2019-05-21 07:00", "2019-05-23"),
        ("2023-05-16 07:00", "2023-05-18"),
        ("2021-05-13 12:17", "2021-05-18"),
        ("2026-03-19 07:00", "2026-03-26"),
        ("2026-03-20 12:00", "2026-03-30"),
        ("2024-05-02 07:00", "2024-05-04"),
        ("2025-01-03 07:00", "2025-01-08"),
        ("2026-12-31 07:00", "2027-01-06"),
        ("2027-03-11 07:00", "2027-03-16"),
    ],
)
def test_a_window_of_three_working_days_ends_on_the_day_of_the_rule(published: str, last_day: str) -> None:
    assert CALENDAR.window_last_day(almaty(published), 3, OPENING) == date.fromisoformat(last_day)


@pytest.mark.parametrize(
    ("issued", "valid_through"),
    [("2021-05-06", "2021-05-17"), ("2026-10-23", "2026-11-02"), ("2026-08-27", "2026-09-03")],
)
def test_a_referral_is_valid_for_five_working_days_after_the_day_of_issue(issued: str, valid_through: str) -> None:
    assert CALENDAR.plus_working_days(date.fromisoformat(issued), 5) == date.fromisoformat(valid_through)


def test_a_window_ends_at_midnight_in_almaty_also_across_the_change_of_its_offset() -> None:
    before = CALENDAR.window_end(almaty("2024-02-26 07:00"), 3, OPENING)
    after = CALENDAR.window_end(almaty("2024-02-28 07:00"), 3, OPENING)

    assert before == datetime(2024, 2, 28, 18, tzinfo=UTC)
    assert after == datetime(2024, 3, 1, 19, tzinfo=UTC)


def test_the_next_opening_is_strictly_later_and_skips_days_off_only_when_asked() -> None:
    friday = almaty("2026-11-27 07:00")

    assert CALENDAR.next_opening(friday, OPENING, working_days_only=True) == almaty("2026-11-30 07:00")
    assert CALENDAR.next_opening(friday, OPENING, working_days_only=False) == almaty("2026-11-28 07:00")
    assert CALENDAR.next_opening(almaty("2026-11-27 06:59"), OPENING, working_days_only=True) == friday


def test_a_decree_may_take_or_give_single_days() -> None:
    calendar = WorkCalendar(days_off=[date(2026, 8, 31)], working_days=[date(2026, 8, 29)])

    assert not calendar.is_working_day(date(2026, 8, 31))
    assert calendar.is_working_day(date(2026, 8, 29))
    assert CALENDAR.is_working_day(date(2026, 8, 31))
