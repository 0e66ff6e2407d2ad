"""The business time of every double, read from the same file as the services read theirs.

The file is JSON: ``{"real_at": iso, "business_at": iso, "speed": float}``. Business time is
``business_at + (real time - real_at) * speed``; without the file it is real time. Only business facts follow it
(validity of certificates, ``producedAt``, CRL dates, dates of messages); time-outs stay on real time.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Now = Callable[[], datetime]
"""A clock as everything here takes it: aware UTC business time."""


def real_now() -> datetime:
    """Real time, aware UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


class BusinessClock:
    """Business time of one clock file; the file is read again whenever it changes."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._shift: tuple[datetime, datetime, float] | None = None

    def now(self) -> datetime:
        """Business time now, aware UTC; real time while there is no file."""
        shift = self._read()
        if shift is None:
            return real_now()
        real_at, business_at, speed = shift
        return business_at + (real_now() - real_at) * speed

    def _read(self) -> tuple[datetime, datetime, float] | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except FileNotFoundError:
            self._stamp = self._shift = None
            return None
        stamp = (found.st_mtime_ns, found.st_ino)
        if stamp != self._stamp:
            told = json.loads(self._path.read_text("utf-8"))
            self._shift = (_aware(told["real_at"]), _aware(told["business_at"]), float(told["speed"]))
            self._stamp = stamp
        return self._shift


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the clock file holds a time without a zone")
    return moment.astimezone(UTC)
