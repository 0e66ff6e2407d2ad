"""One business time for every double."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from doubles.clock import BusinessClock, real_now


def write(path: Path, business: datetime, speed: float, real: datetime | None = None) -> None:
    told = {"real_at": (real or real_now()).isoformat(), "business_at": business.isoformat(), "speed": speed}
    path.write_text(json.dumps(told), "utf-8")


def test_without_a_file_business_time_is_real_time(tmp_path: Path) -> None:
    assert abs(BusinessClock(tmp_path / "clock.json").now() - real_now()) < timedelta(seconds=1)
    assert abs(BusinessClock(None).now() - real_now()) < timedelta(seconds=1)


def test_business_time_runs_from_its_moment_at_its_speed(tmp_path: Path) -> None:
    path, seven = tmp_path / "clock.json", datetime(2026, 3, 19, 2, 0, tzinfo=UTC)
    write(path, seven, 60.0, real_now() - timedelta(seconds=30))
    passed = BusinessClock(path).now() - seven
    assert timedelta(minutes=30) <= passed < timedelta(minutes=31)


def test_a_moved_clock_is_seen_at_once_and_a_removed_one_is_forgotten(tmp_path: Path) -> None:
    path, clock = tmp_path / "clock.json", BusinessClock(tmp_path / "clock.json")
    for year in (2027, 2028):
        draft = tmp_path / "draft"
        write(draft, datetime(year, 1, 1, tzinfo=UTC), 1.0)
        draft.replace(path)
        assert clock.now().year == year
    path.unlink()
    assert clock.now().year != 2028


def test_a_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    path.write_text('{"real_at": "2026-01-01T00:00:00", "business_at": "2026-01-01T00:00:00", "speed": 1}', "utf-8")
    with pytest.raises(ValueError, match="without a zone"):
        BusinessClock(path).now()
