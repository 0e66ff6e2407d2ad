"""Where everybody stands, kept in memory: three sorted lines a stream, one for each class (R14).

Nothing here is a source: it is built from the collections at the start and follows every change after. Of two accounts
of one application or stream the later version wins, whichever is heard first, so that every replica that has heard the
same gives the same answer.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.queue.domain.line import Line, microseconds
from services.queue.domain.order import Position, Turns, Waiting, in_order, position_of
from services.queue.domain.rights import Privilege, class_by
from services.queue.domain.words import ApplicationId, PrivilegeClass, StreamId

E, P, G = PrivilegeClass.EXTRAORDINARY, PrivilegeClass.PRIORITY, PrivilegeClass.GENERAL


class Row(NamedTuple):
    """What the order needs to know of one application, as of one version of it."""

    application_id: ApplicationId
    stream_id: StreamId
    registered_at: datetime
    serial: int
    is_live: bool
    privilege: Privilege | None = None
    version: int = 1


class Lines:
    """One stream: its lines, how many stand in each, and the turns used."""

    __slots__ = ("extraordinary", "general", "priority", "turns", "turns_version", "waiting")

    def __init__(self) -> None:
        self.extraordinary, self.priority, self.general = Line(E), Line(P), Line(G)
        self.waiting = Waiting()
        self.turns = Turns()
        self.turns_version = 0

    def of(self, privilege: PrivilegeClass) -> Line:
        """The line of a class."""
        if privilege is G:
            return self.general
        return self.priority if privilege is P else self.extraordinary

    def count(self) -> None:
        """Must follow every change of a line."""
        self.waiting = Waiting(len(self.extraordinary), len(self.priority), len(self.general))


class _Place(NamedTuple):
    """Where an application stands; without lines it is over, and only the version is kept against older accounts."""

    lines: Lines | None
    line: Line
    moment: int
    serial: int
    version: int


_NOWHERE = Line(G)
_new = tuple.__new__
"""Makes a named tuple at a third of its usual cost: a start makes a million."""


class Standing:
    """The order of every stream as of one day of the city: on another day a privilege may begin or end (R17)."""

    def __init__(self, today: date = date.min) -> None:
        self._today = today
        self._streams: dict[StreamId, Lines] = {}
        self._places: dict[ApplicationId, _Place] = {}
        self._privileged: dict[ApplicationId, Privilege] = {}
        self._changing: dict[date, set[ApplicationId]] = {}
        self._loose: set[Line] = set()
        self._late: list[Row] = []
        self._is_whole = False

    def __len__(self) -> int:
        """How many stand in all streams together."""
        return sum(sum(lines.waiting) for lines in self._streams.values())

    def hear(self, row: Row) -> None:
        """An application is so. An account as old as the known one, or older, changes nothing."""
        if self._loose:
            self._late.append(row)
            return
        known = self._places.get(row.application_id)
        if known is not None and known.version >= row.version:
            return
        if known is not None and known.lines is not None:
            known.line.leave(known.moment, known.serial, row.application_id)
            known.lines.count()
        self._privileged.pop(row.application_id, None)
        if not row.is_live:
            self._places[row.application_id] = _Place(None, _NOWHERE, 0, 0, row.version)
            return
        place = self._place(row)
        place.line.enter(place.moment, place.serial, row.application_id)
        self._lines(row.stream_id).count()

    def gather(self, rows: Iterable[Row]) -> None:
        """Many at once, in any order; nothing may be asked before `settle` has sorted them."""
        places, loose = self._places, self._loose
        for row in rows:
            application_id, _, _, _, is_live, _, _ = row
            if not is_live or application_id in places:
                self._late.append(row)
                continue
            _, line, moment, serial, _ = self._place(row)
            line.moments.append(moment)
            line.serials.append(serial)
            line.ids.append(application_id)
            loose.add(line)

    def settle(self) -> None:
        """Sorts what was gathered, and then hears what came meanwhile."""
        for line in self._loose:
            line.sort()
        for lines in self._streams.values():
            lines.count()
        self._loose.clear()
        late, self._late = self._late, []
        for row in late:
            self.hear(row)

    @property
    def is_whole(self) -> bool:
        """Whether every stream has been read; before that only the streams that were read can be asked."""
        return self._is_whole

    def finish(self) -> None:
        """All has been read."""
        self._is_whole = True

    def hear_turns(self, stream_id: StreamId, turns: Turns, version: int) -> None:
        """The turns used in a stream, as of a version of it."""
        lines = self._lines(stream_id)
        if version > lines.turns_version:
            lines.turns, lines.turns_version = turns, version

    def turn_to(self, today: date) -> None:
        """Another day has come: whose privilege begins or ends changes the line. Back in time all are looked at."""
        came = [day for day in self._changing if day <= today]
        changed = {each for day in came for each in self._changing.pop(day)}
        if today < self._today:
            changed = set(self._privileged)
        self._today = today
        for application_id in sorted(changed & self._privileged.keys()):
            place = self._places[application_id]
            place.line.leave(place.moment, place.serial, application_id)
            if place.lines is not None:
                line = place.lines.of(self._class(application_id, self._privileged[application_id]))
                line.enter(place.moment, place.serial, application_id)
                self._places[application_id] = place._replace(line=line)
                place.lines.count()

    def position(self, application_id: ApplicationId, today: date) -> Position | None:
        """Where an application stands on a day; None when it has no number (R19)."""
        if today != self._today:
            self.turn_to(today)
        place = self._places.get(application_id)
        if place is None:
            return None
        lines, line = place[0], place[1]  # only what is needed is touched: of a million places, none is near at hand
        if lines is None:
            return None
        moment = place[2]
        rank = line.rank(moment, place[3], application_id) if line.is_crowded else bisect_left(line.moments, moment)
        return position_of(line.privilege, rank, lines.waiting, lines.turns)

    def turns(self, stream_id: StreamId) -> Turns:
        """Turns used so far in a stream."""
        lines = self._streams.get(stream_id)
        return lines.turns if lines else Turns()

    def waiting(self, stream_id: StreamId, today: date) -> Waiting:
        """How many each class of a stream has on a day."""
        if today != self._today:
            self.turn_to(today)
        lines = self._streams.get(stream_id)
        return lines.waiting if lines else Waiting()

    def in_order(self, stream_id: StreamId, today: date, turns: Turns | None = None) -> Iterator[ApplicationId]:
        """A stream from its first to its last; by other turns than are known here when a decision has newer ones."""
        if today != self._today:
            self.turn_to(today)
        lines = self._streams.get(stream_id)
        if lines is not None:
            yield from in_order(lines.extraordinary.ids, lines.priority.ids, lines.general.ids, turns or lines.turns)

    def in_stream(self, stream_id: StreamId) -> frozenset[ApplicationId]:
        """Who stands in a stream, in no order."""
        lines = self._streams.get(stream_id)
        if lines is None:
            return frozenset()
        return frozenset(lines.extraordinary.ids).union(lines.priority.ids, lines.general.ids)

    def streams(self) -> list[StreamId]:
        """The streams somebody has stood in, by name."""
        return sorted(self._streams)

    def version(self, application_id: ApplicationId) -> int:
        """Up to which version an application is known; 0 when it is not."""
        place = self._places.get(application_id)
        return place.version if place else 0

    def turns_version(self, stream_id: StreamId) -> int:
        """Up to which version a stream is known; 0 when it is not."""
        lines = self._streams.get(stream_id)
        return lines.turns_version if lines else 0

    def digest(self, today: date) -> str:
        """SHA-256 of the whole order: equal where the same has been heard, whoever heard it and in whatever sequence."""
        told = hashlib.sha256()
        for stream_id in self.streams():
            order = ",".join(self.in_order(stream_id, today))
            if order:
                told.update(f"{stream_id}={order};".encode())
        return told.hexdigest()

    def _lines(self, stream_id: StreamId) -> Lines:
        lines = self._streams.get(stream_id)
        if lines is None:
            lines = self._streams[stream_id] = Lines()
        return lines

    def _place(self, row: Row) -> _Place:
        application_id, stream_id, registered_at, serial, _, privilege, version = row
        lines = self._streams.get(stream_id) or self._lines(stream_id)
        line = lines.general if privilege is None else lines.of(self._class(application_id, privilege))
        place = _new(_Place, (lines, line, microseconds(registered_at), serial, version))
        self._places[application_id] = place
        return place

    def _class(self, application_id: ApplicationId, privilege: Privilege) -> PrivilegeClass:
        """The class on the day of this standing; keeps in mind on which days it changes."""
        self._privileged[application_id] = privilege
        for day in (privilege.confirmed_on, privilege.valid_until and privilege.valid_until + timedelta(days=1)):
            if day is not None and day > self._today:
                self._changing.setdefault(day, set()).add(application_id)
        return class_by(privilege, self._today)
