"""A halt of invitations: two ways of counting have disagreed, so nobody is invited until an officer has looked."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.queue.domain.words import StreamId


@dataclass(frozen=True, slots=True)
class Halt:
    """Since when, because of which streams; `ended_at` is empty while it lasts."""

    since: datetime
    stream_ids: tuple[StreamId, ...]
    ended_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        """Whether nobody may be invited now."""
        return self.ended_at is None


def halted(known: Halt | None, stream_ids: tuple[StreamId, ...], now: datetime) -> Halt:
    """A halt begins, or the one that is on learns of more streams."""
    if known is None or not known.is_on:
        return Halt(now, stream_ids)
    return replace(known, stream_ids=tuple(sorted({*known.stream_ids, *stream_ids})))


def resumed(halt: Halt, now: datetime) -> Halt:
    """Whoever answers for it has looked: invitations go on. A halt that is over stays as it is."""
    return replace(halt, ended_at=now) if halt.is_on else halt
