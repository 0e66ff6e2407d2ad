"""Order of a stream: all E, then P and G by turns 1 : 3 (R15, R16). A rank is computed, never stored.

Two counters per stream hold the turns used by P and by G. With E, P, G the live applications of each class, the
number of P[s] is |E| + s + clip(3(p+s) - g, 0, |G|) + 1 and of G[r] is |E| + r + clip(floor((g+r)/3) + 1 - p, 0, |P|)
+ 1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.queue.domain.words import PrivilegeClass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turns:
    """Turns used so far in a stream: a turn is used when a place is taken in priority mode, and by nothing else."""

    priority: int = 0
    general: int = 0
    per_priority: int = 3
    """Turns of G after each turn of P: the 1 : 3 of R15."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many live applications each class of a stream has."""

    extraordinary: int = 0
    priority: int = 0
    general: int = 0


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many applications of each class stand in front; their sum plus one is the number (R20)."""

    extraordinary: int
    priority: int
    general: int

    @property
    def number(self) -> int:
        """Queue number, 1-based."""
        return self.extraordinary + self.priority + self.general + 1


def ahead(privilege: PrivilegeClass, rank: int, waiting: Waiting, turns: Turns) -> Ahead:
    """Who stands in front of the application that is `rank`-th (from 0) of its own class."""
    match privilege:
        case PrivilegeClass.EXTRAORDINARY:
            return Ahead(rank, 0, 0)
        case PrivilegeClass.PRIORITY:
            due = turns.per_priority * (turns.priority + rank) - turns.general
            return Ahead(waiting.extraordinary, rank, _clip(due, waiting.general))
        case PrivilegeClass.GENERAL:
            due = (turns.general + rank) // turns.per_priority + 1 - turns.priority
            return Ahead(waiting.extraordinary, _clip(due, waiting.priority), rank)


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


def _clip(value: int, most: int) -> int:
    return max(0, min(value, most))
