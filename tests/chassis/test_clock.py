"""One clock that every process of a test run reads, and that production refuses."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.clock import FileClock, RealClock, Setting, open_clock, real_now, write_setting
from services.chassis.settings import ServiceSettings

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
ENOUGH = {
    "port": 1,
    "mongo_url": "x",
    "mongo_database": "x",
    "kafka_bootstrap": "x:1",
    "kafka_username": "x",
    "kafka_password": "x",
    "kafka_security": "SASL_SSL",
    "auth_url": "x",
    "service_secret": "x",
    "secrets_dir": "secrets",
}


def test_two_readers_of_one_file_agree_and_follow_a_move(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    write_setting(file, Setting(real_now(), NOW, 1.0))
    one, other = FileClock(file), FileClock(file)

    assert NOW <= one.now() < NOW + timedelta(seconds=5)
    assert abs(one.now() - other.now()) < timedelta(seconds=1)


def test_business_time_may_run_faster_than_real_time() -> None:
    setting = Setting(NOW, NOW, 1000.0)

    assert setting.at(NOW + timedelta(seconds=30)) == NOW + timedelta(seconds=30_000)


def test_moments_are_as_fine_as_they_are_stored() -> None:
    assert RealClock().now().microsecond % 1000 == 0


def test_without_a_file_the_clock_is_real() -> None:
    assert isinstance(open_clock(None), RealClock)


def test_the_movable_clock_is_refused_outside_the_test_profile(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="refused outside the test profile"):
        ServiceSettings.model_validate(ENOUGH | {"profile": "production", "clock_file": tmp_path / "clock.json"})


def test_nothing_has_a_default_that_would_start_a_production_service_half_configured() -> None:
    with pytest.raises(ValidationError) as refused:
        ServiceSettings.model_validate({})

    missing = {str(error["loc"][0]) for error in refused.value.errors() if error["type"] == "missing"}
    assert missing == set(ENOUGH) | {"profile"}


def test_the_command_moves_the_clock_forward_and_never_back(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"

    forward = move(file, "--to", "2030-01-02T07:00:00+0500")
    back = move(file, "--to", "2029-01-02T07:00:00+0500")

    assert forward.returncode == 0
    assert FileClock(file).now() >= datetime(2030, 1, 2, 2, tzinfo=UTC)
    assert back.returncode == 2
    assert "is before the clock" in back.stderr


def move(file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "services.chassis.move_clock", "--file", str(file), *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"COLUMNS": "200", "PATH": "/usr/bin:/bin"}
    )
