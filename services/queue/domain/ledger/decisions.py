"""The decision log of one stream: who entered, left, changed class, which turn was used; and the stream replayed from it.

A row holds ids and ranking keys, never a name. Rows of a stream are numbered without gaps and their moments never run
backwards, so that what stood at a moment is a prefix of the log, and every number follows from the order of R15 alone.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from services.queue.domain.order import Turns, Waiting, ahead, in_order
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status, StreamId


class Did(StrEnum):
    """What a row tells."""

    ENTERED = "ENTERED"
    LEFT = "LEFT"
    CLASS_CHANGED = "CLASS_CHANGED"
    CORRECTED = "CORRECTED"
    """The ranking key was put right by staff, with a reason kept elsewhere (R9)."""
    TURNS_USED = "TURNS_USED"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application ranks: its class, and the key inside the class (R14)."""

    privilege: PrivilegeClass
    registered_at: datetime
    serial: int

    @property
    def key(self) -> tuple[datetime, int]:
        """First come first, ties by serial."""
        return self.registered_at, self.serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One row. `place` is that after the change, or the last one of whoever left; `turns` are those after the change."""

    stream_id: StreamId
    sequence: int
    at: datetime
    did: Did
    rules: str
    """Version of the policy it was decided by."""
    salt: str
    """Random, so that nobody can guess a row from its published digest."""
    application_id: ApplicationId | None = None
    place: Place | None = None
    status: Status | None = None
    """Status after the change; of a row LEFT it is the reason."""
    turns: Turns | None = None
    source: int = 0
    """Up to which of its own facts the application was known; a fact told again changes nothing."""


class Replay:
    """The stream row after row, and the number of one watched application at each of them (0 while it has none).

    A row costs O(1), so that a number can be followed through a whole year; only a change of what is watched, or of its
    key, counts the stream anew.
    """

    def __init__(self, watched: ApplicationId | None = None) -> None:
        self.turns = Turns()
        self.places: dict[ApplicationId, Place] = {}
        self._waiting = dict.fromkeys(PrivilegeClass, 0)
        self._earlier = dict.fromkeys(PrivilegeClass, 0)
        self._watched = watched
        self._mine: Place | None = None

    @property
    def number(self) -> int:
        """Queue number of the watched application."""
        if self._mine is None:
            return 0
        rank = self._earlier[self._mine.privilege]
        return ahead(self._mine.privilege, rank, self.waiting, self.turns).number

    @property
    def waiting(self) -> Waiting:
        """How many live applications each class has."""
        e, p, g = (self._waiting[each] for each in PrivilegeClass)
        return Waiting(e, p, g)

    def watch(self, application_id: ApplicationId) -> None:
        """From here on follows another application."""
        self._watched = application_id
        self._look()

    def take(self, row: Decision) -> None:
        """One more row."""
        if row.turns is not None:
            self.turns = row.turns
        if row.application_id is None:
            return
        before = self.places.pop(row.application_id, None)
        after = None if row.did is Did.LEFT else row.place
        self._count(before, -1)
        self._count(after, 1)
        if after is not None:
            self.places[row.application_id] = after
        if row.application_id == self._watched:
            self._look()

    def at_number(self, number: int) -> ApplicationId | None:
        """Who has a number now, or the last of the stream when it is shorter; None when it is empty."""
        classes: dict[PrivilegeClass, list[ApplicationId]] = {each: [] for each in PrivilegeClass}
        for application_id in sorted(self.places, key=lambda each: self.places[each].key):
            classes[self.places[application_id].privilege].append(application_id)
        first, second, third = classes.values()
        line = in_order(first, second, third, self.turns)
        return next(islice(line, min(number, len(self.places)) - 1, None), None) if self.places else None

    def _count(self, place: Place | None, change: int) -> None:
        if place is None:
            return
        self._waiting[place.privilege] += change
        if self._mine is not None and place.key < self._mine.key:
            self._earlier[place.privilege] += change

    def _look(self) -> None:
        self._mine = self.places.get(self._watched) if self._watched is not None else None
        self._earlier = dict.fromkeys(PrivilegeClass, 0)
        if self._mine is not None:
            for place in self.places.values():
                self._earlier[place.privilege] += place.key < self._mine.key


def replayed(rows: Iterable[Decision], watched: ApplicationId | None = None) -> Replay:
    """The stream after these rows."""
    replay = Replay(watched)
    for row in rows:
        replay.take(row)
    return replay


def until(rows: Sequence[Decision], moment: datetime) -> int:
    """How many rows of a log had been written up to a moment, that moment included."""
    return bisect_right(rows, moment, key=lambda row: row.at)
