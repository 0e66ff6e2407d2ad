"""To give many places at once by rank (`batch_by_rank`): in free choice, and when whole groups are filled.

Families say which places they would take, the best first; then each in the order of the queue gets the first of its
wishes that is still free. Speed is worth nothing, and no family gains by hiding what it wants: a place that it would
rather have went to somebody before it. The same input gives the same answer whoever reckons it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.queue.domain.words import ApplicationId, ChildId

P = TypeVar("P", bound=Hashable)
"""What is wished for: a place, or a group of like places with so many free."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One application of a round, in the order of the queue."""

    application_id: ApplicationId
    child_id: ChildId


@dataclass(frozen=True, slots=True)
class Allocation(Generic[P]):
    """Who got what, in the order in which it was given; who got nothing; how many of each are left."""

    given: tuple[tuple[ApplicationId, P], ...]
    without: tuple[ApplicationId, ...]
    left: Mapping[P, int]


def batch_by_rank(
    order: Iterable[Ranked], wishes: Mapping[ApplicationId, Sequence[P]], free: Mapping[P, int]
) -> Allocation[P]:
    """Each in the order of the queue gets the first of its wishes that is free; a child gets one place at most.

    A wish for what is not offered, or for the same again, is passed over. Time: the wishes that are looked at.
    """
    left = {place: n for place, n in free.items() if n > 0}
    given: list[tuple[ApplicationId, P]] = []
    without: list[ApplicationId] = []
    placed: set[ChildId] = set()
    for each in order:
        mine = None if each.child_id in placed else _first_free(wishes.get(each.application_id, ()), left)
        if mine is None:
            without.append(each.application_id)
            continue
        given.append((each.application_id, mine))
        placed.add(each.child_id)
        if left[mine] == 1:
            del left[mine]
        else:
            left[mine] -= 1
    return Allocation(tuple(given), tuple(without), {place: left.get(place, 0) for place in free})


def _first_free(wishes: Sequence[P], left: Mapping[P, int]) -> P | None:
    for place in wishes:
        if place in left:
            return place
    return None
