"""When the turn may come, as a band of days, from how numbers like this one moved in the stream's own past year.

Thirteen windows of four weeks: in each, whoever had the number at its start is followed to its end, or until that child
left. What came of privileged children entering in front is inside. The slower and the faster quarter of the speeds give
the band. It is no promise, and where the past is too short nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from services.queue.domain.ledger.decisions import Decision, Did, Replay
from services.queue.domain.words import Status

WINDOW = timedelta(days=28)
WINDOWS = 13
ENOUGH = 3
"""So many windows at least must have a speed."""
FURTHEST = timedelta(days=3653)
"""What would be later than ten years is said as unknown."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Band:
    """First and last day on which the turn may come; `latest` is None where the slow times of the past give no end."""

    earliest: date
    latest: date | None
    windows: int
    """From how many stretches of the past it was taken."""


def forecast(rows: Sequence[Decision], number: int, now: datetime, today: date) -> Band | None:
    """The band for whoever has `number` now; None where the past is too short or the queue never moved in it."""
    speeds = sorted(_speeds(rows, number, now))
    if len(speeds) < ENOUGH:
        return None
    slow, fast = speeds[len(speeds) // 4], speeds[-1 - len(speeds) // 4]
    earliest, latest = _days(number - 1, fast), _days(number - 1, slow)
    if earliest is None:
        return None
    return Band(today + earliest, None if latest is None else today + latest, len(speeds))


def _days(steps: int, speed: float) -> timedelta | None:
    if steps <= 0:
        return timedelta()
    if speed <= 0 or steps / speed > FURTHEST.days:
        return None
    return timedelta(days=ceil(steps / speed))


def _speeds(rows: Sequence[Decision], number: int, now: datetime) -> list[float]:
    """Numbers a day, below zero where the number grew; the log is walked once."""
    replay, index, speeds = Replay(), 0, list[float]()
    for back in range(WINDOWS, 0, -1):
        begin, end = now - back * WINDOW, now - (back - 1) * WINDOW
        while index < len(rows) and rows[index].at <= begin:
            replay.take(rows[index])
            index += 1
        marker = replay.at_number(number)
        if marker is None:
            continue
        replay.watch(marker)
        first = last = replay.number
        left_at = end
        while index < len(rows) and rows[index].at <= end:
            row = rows[index]
            if row.application_id == marker and row.did is Did.LEFT:
                last, left_at = (1 if row.status is Status.REFERRED else replay.number), row.at
                break
            replay.take(row)
            last = replay.number
            index += 1
        days = (left_at - begin) / _A_DAY
        if days >= 1:
            speeds.append((first - last) / days)
    return speeds
