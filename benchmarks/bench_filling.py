"""Mass filling: 13,000 children, each with 300 wishes, in one run; yardstick: each asks all that is free, by rank."""

import random
import time
from collections.abc import Callable
from functools import partial

from benchmarks.figures import ratio, row
from services.queue.domain.allocation import Allocation, Ranked, batch_by_rank
from services.queue.domain.words import ApplicationId, ChildId

CHILDREN, PRESCHOOLS, PLACES, ROUNDS = 13_000, 300, 13_000, 5
Wishes = dict[ApplicationId, list[int]]


def main() -> None:
    """The same city for both; half of the places are fewer than children want, so long lists are walked to their end."""
    order, wishes, free = city(random.Random(7))
    scarce = {preschool: n // 2 for preschool, n in free.items()}
    ours = [_timed(lambda: batch_by_rank(order, wishes, free)) for _ in range(ROUNDS)]
    short = [_timed(lambda: batch_by_rank(order, wishes, scarce)) for _ in range(ROUNDS)]
    plain = [_timed(lambda: naive(order, wishes, free)) for _ in range(1)]
    same = batch_by_rank(order, wishes, scarce).given == tuple(naive(order, wishes, scarce).items())
    row("by rank, a place for each child", ours)
    row("by rank, places for half of them", short)
    row("naive, a place for each child", plain)
    print(f"  {'both give the same':<34} {same}   (promised: at most 1 s; slowest {max(ours + short):.2f} s)")
    ratio("the naive one", plain, ours)


def city(rnd: random.Random) -> tuple[list[Ranked], Wishes, dict[int, int]]:
    """Invented: everybody would go everywhere, most of all to the same few."""
    order = [Ranked(ApplicationId(f"a{n}"), ChildId(f"c{n}")) for n in range(CHILDREN)]
    liked = [rnd.random() for _ in range(PRESCHOOLS)]
    wishes = {
        each.application_id: sorted(range(PRESCHOOLS), key=lambda p: liked[p] + 0.3 * rnd.random()) for each in order
    }
    free = dict.fromkeys(range(PRESCHOOLS), PLACES // PRESCHOOLS)
    for extra in range(PLACES % PRESCHOOLS):
        free[extra] += 1
    return order, wishes, free


def naive(order: list[Ranked], wishes: Wishes, free: dict[int, int]) -> dict[ApplicationId, int]:
    """Obvious and slow: rank all that is free for each child by its own list."""
    places = [preschool for preschool, n in free.items() for _ in range(n)]
    given: dict[ApplicationId, int] = {}
    for each in order:
        rank = {preschool: n for n, preschool in enumerate(wishes[each.application_id])}
        best = min(places, key=partial(_place_in, rank), default=None)
        if best is not None and best in rank:
            places.remove(best)
            given[each.application_id] = best
    return given


def _place_in(rank: dict[int, int], preschool: int) -> int:
    return rank.get(preschool, PRESCHOOLS)


def _timed(run: Callable[[], Allocation[int] | dict[ApplicationId, int]]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
