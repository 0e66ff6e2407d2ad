"""Order of a stream: all E, then P and G by turns 1 : 3 (R15, R16). A rank is computed, never stored.

Two counters per stream hold the turns used by P and by G. With E, P, G the live applications of each class, the
number of P[s] is |E| + s + clip(3(p+s) - g, 0, |G|) + 1 and of G[r] is |E| + r + clip(floor((g+r)/3) + 1 - p, 0, |P|)
+ 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from services.queue.domain.words import PrivilegeClass

T = TypeVar("T")

_PRIORITY, _GENERAL = PrivilegeClass.PRIORITY, PrivilegeClass.GENERAL
_new = tuple.__new__
"""Makes a named tuple at a third of its usual cost: numbers are asked for hundreds of thousands of times a second."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns used so far in a stream: a turn is used when a place is taken in priority mode, and by nothing else."""

    priority: int = 0
    general: int = 0
    per_priority: int = 3
    """Turns of G after each turn of P: the 1 : 3 of R15."""


class Waiting(NamedTuple):
    """How many live applications each class of a stream has."""

    extraordinary: int = 0
    priority: int = 0
    general: int = 0


class Ahead(NamedTuple):
    """How many applications of each class stand in front; their sum plus one is the number (R20)."""

    extraordinary: int
    priority: int
    general: int

    @property
    def number(self) -> int:
        """Queue number, 1-based."""
        return self.extraordinary + self.priority + self.general + 1


class Position(NamedTuple):
    """Where an application stands.

    `lowest` and `highest` are the numbers between which it moves by the turns of the other class alone: nobody of the
    other class waits, or so many as have turns before it. A new extraordinary right puts it back besides, and whoever
    of its own class leaves in front of it lets it forward.
    """

    privilege: PrivilegeClass
    number: int
    number_in_privilege: int
    """Number inside the own class, 0 for those without a privilege (R16)."""
    lowest: int
    highest: int
    extraordinary: int
    """So many with an extraordinary right stand in front."""
    priority: int
    general: int

    @property
    def ahead(self) -> Ahead:
        """Who stands in front, by class."""
        return Ahead(self.extraordinary, self.priority, self.general)


def ahead(privilege: PrivilegeClass, rank: int, waiting: Waiting, turns: Turns) -> Ahead:
    """Who stands in front of the application that is `rank`-th (from 0) of its own class."""
    return position_of(privilege, rank, waiting, turns).ahead


def position_of(privilege: PrivilegeClass, rank: int, waiting: Waiting, turns: Turns) -> Position:
    """Where the application stands that is `rank`-th (from 0) of its own class (R15, R16)."""
    extraordinary, priority, general = waiting
    if privilege is _GENERAL:
        first = extraordinary + rank + 1
        due = (turns.general + rank) // turns.per_priority + 1 - turns.priority
        due = due if due > 0 else 0  # noqa: FURB136 - a call costs more
        before = due if due < priority else priority  # noqa: FURB136 - a call costs more
        return _new(Position, (privilege, first + before, 0, first, first + due, extraordinary, before, rank))
    if privilege is _PRIORITY:
        first = extraordinary + rank + 1
        due = turns.per_priority * (turns.priority + rank) - turns.general
        due = due if due > 0 else 0  # noqa: FURB136 - a call costs more
        before = due if due < general else general  # noqa: FURB136 - a call costs more
        return _new(Position, (privilege, first + before, rank + 1, first, first + due, extraordinary, rank, before))
    return _new(Position, (privilege, rank + 1, rank + 1, rank + 1, rank + 1, rank, 0, 0))


def number_in_class(privilege: PrivilegeClass, rank: int) -> int:
    """Number inside the own privilege class, 0 for those without a privilege (R16)."""
    return 0 if privilege is PrivilegeClass.GENERAL else rank + 1


def in_order(extraordinary: Sequence[T], priority: Sequence[T], general: Sequence[T], turns: Turns) -> Iterator[T]:
    """Walk a stream from its first to its last; each class comes sorted by (registered_at, serial)."""
    yield from extraordinary
    p = g = 0
    while p < len(priority) and g < len(general):
        if turns.per_priority * (turns.priority + p) <= turns.general + g:
            yield priority[p]
            p += 1
        else:
            yield general[g]
            g += 1
    yield from priority[p:]
    yield from general[g:]


def use_turn(turns: Turns, privilege: PrivilegeClass, waiting: Waiting) -> Turns:
    """Turns after a place was taken in priority mode; `waiting` counts those still live, without the one who took it.

    No class is owed more turns than it has children, so a family that sleeps or cannot be invited builds no debt for
    those who come later.
    """
    p = turns.priority + (privilege is PrivilegeClass.PRIORITY)
    g = turns.general + (privilege is PrivilegeClass.GENERAL)
    p = max(p, (g - 1) // turns.per_priority + 1 - waiting.priority)
    g = max(g, turns.per_priority * (p - 1) - waiting.general)
    return Turns(p, g, turns.per_priority)
