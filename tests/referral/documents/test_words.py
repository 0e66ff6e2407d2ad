"""Dates and hours as the two languages write them."""

from datetime import UTC, date, datetime

import pytest

from services.referral.documents.words import day_and_hour, last_day


@pytest.mark.parametrize(
    ("day", "kk", "ru"),
    [
        (date(2021, 5, 17), "2021 жылғы 17 мамырға (дүйсенбі) дейін", "по 17 мая 2021 года (понедельник) включительно"),
        (
            date(2026, 9, 3),
            "2026 жылғы 3 қыркүйекке (бейсенбі) дейін",
            "по 3 сентября 2026 года (четверг) включительно",
        ),
        (date(2024, 5, 4), "2024 жылғы 4 мамырға (сенбі) дейін", "по 4 мая 2024 года (суббота) включительно"),
    ],
)
def test_the_last_day_is_absolute_and_included(day: date, kk: str, ru: str) -> None:
    assert last_day(day).kk == f"{kk}, осы күнді қоса алғанда"
    assert last_day(day).ru == ru


def test_an_hour_is_almatys_with_the_offset_of_its_day() -> None:
    assert day_and_hour(datetime(2021, 5, 13, 6, 17, 4, tzinfo=UTC)) == "13.05.2021 12:17:04 (UTC+6)"
    assert day_and_hour(datetime(2026, 11, 24, 6, 3, 4, tzinfo=UTC)) == "24.11.2026 11:03:04 (UTC+5)"
