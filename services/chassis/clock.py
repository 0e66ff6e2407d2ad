"""The only place that reads the time.

Business time is what deadlines, publications and the validity of tokens and certificates are counted in; in a test run it
comes from one small file that every process reads: `business_at + (real now - real_at) * speed`. Leases, back-off and
time-outs are counted in real time, which no test may bend.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Business time."""

    def now(self) -> datetime:
        """The moment now, UTC, to the millisecond."""


def real_now() -> datetime:
    """Real time, UTC, to the millisecond; for leases and back-off only."""
    return milliseconds(datetime.now(UTC))


def milliseconds(moment: datetime) -> datetime:
    """The moment as it is stored: no finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class RealClock:
    """Business time is real time."""

    def now(self) -> datetime:
        """The moment now."""
        return real_now()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the clock file says."""

    real_at: datetime
    business_at: datetime
    speed: float

    def at(self, real: datetime) -> datetime:
        """Business time when real time is `real`."""
        return milliseconds(self.business_at + (real - self.real_at) * self.speed)


def read_setting(path: Path) -> Setting:
    """The setting in a clock file; ValueError when the file is not one."""
    raw = json.loads(path.read_text())
    return Setting(
        real_at=datetime.fromisoformat(raw["real_at"]),
        business_at=datetime.fromisoformat(raw["business_at"]),
        speed=float(raw["speed"]),
    )


def write_setting(path: Path, setting: Setting) -> None:
    """Replaces the clock file in one step, so that no reader sees half of it."""
    body = {
        "real_at": setting.real_at.isoformat(),
        "business_at": setting.business_at.isoformat(),
        "speed": setting.speed,
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(body))
    fresh.replace(path)


class FileClock:
    """The test clock: one file read by every process, looked at again at most every 20 ms."""

    _LOOK_AGAIN_SECONDS = 0.02

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._looked = 0.0
        self._setting = Setting(real_now(), real_now(), 1.0)

    def now(self) -> datetime:
        """Business time by the file; real time while there is none."""
        if time.monotonic() - self._looked >= self._LOOK_AGAIN_SECONDS:
            self._look()
        return self._setting.at(real_now())

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return
        seen = (stat.st_mtime_ns, stat.st_ino)
        if seen != self._seen:
            self._setting = read_setting(self._path)
            self._seen = seen


class SetClock:
    """A clock for unit tests that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = milliseconds(at)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._at

    def move(self, by: timedelta) -> None:
        """Moves it."""
        self._at = milliseconds(self._at + by)


def open_clock(path: Path | None) -> Clock:
    """The clock of a process: by file when one is set (test profile), else real."""
    return RealClock() if path is None else FileClock(path)
