"""Many places at once: by rank and wish, the same for whoever reckons it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.queue.domain.allocation import Ranked, batch_by_rank
from services.queue.domain.words import ApplicationId, ChildId


def order(n: int, of_child: dict[int, int] | None = None) -> list[Ranked]:
    child = of_child or {}
    return [Ranked(ApplicationId(f"a{i}"), ChildId(f"c{child.get(i, i)}")) for i in range(n)]


def wishes(lists: list[list[int]]) -> dict[ApplicationId, list[str]]:
    return {ApplicationId(f"a{i}"): [f"p{p}" for p in wished] for i, wished in enumerate(lists)}


def test_each_gets_the_first_of_its_wishes_that_is_free_in_the_order_of_the_queue() -> None:
    allocation = batch_by_rank(order(4), wishes([[1], [1, 2], [2, 1], [3]]), {"p1": 1, "p2": 1})
    assert dict(allocation.given) == {"a0": "p1", "a1": "p2"}
    assert allocation.without == ("a2", "a3")
    assert allocation.left == {"p1": 0, "p2": 0}


def test_a_child_with_two_applications_gets_one_place() -> None:
    allocation = batch_by_rank(order(2, {0: 7, 1: 7}), wishes([[1], [2]]), {"p1": 1, "p2": 1})
    assert dict(allocation.given) == {"a0": "p1"}
    assert allocation.without == ("a1",)


LISTS = st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=25)
FREE = st.dictionaries(st.sampled_from([f"p{i}" for i in range(10)]), st.integers(0, 4))


@settings(max_examples=40, deadline=None)
@given(LISTS, FREE)
def test_nobody_stands_behind_somebody_who_came_later(lists: list[list[int]], free: dict[str, int]) -> None:
    """Whatever a family would rather have had went to those before it, and no place is given twice or left to no use."""
    wished = wishes(lists)
    allocation = batch_by_rank(order(len(lists)), wished, free)
    got = dict(allocation.given)
    assert len(got) + len(allocation.without) == len(lists)
    left = dict(free)
    for each in order(len(lists)):
        better = wished[each.application_id]
        mine = got.get(each.application_id)
        better = better[: better.index(mine)] if mine else better
        assert all(left.get(place, 0) == 0 for place in better)
        if mine:
            left[mine] -= 1
            assert left[mine] >= 0
    assert allocation.left == left


@settings(max_examples=40, deadline=None)
@given(LISTS, FREE, st.randoms(use_true_random=False))
def test_the_order_in_which_places_and_wishes_are_written_down_changes_nothing(
    lists: list[list[int]], free: dict[str, int], random: object
) -> None:
    wished = wishes(lists)
    other_wished, other_free = list(wished.items()), list(free.items())
    random.shuffle(other_wished)  # type: ignore[attr-defined]
    random.shuffle(other_free)  # type: ignore[attr-defined]
    first = batch_by_rank(order(len(lists)), wished, free)
    assert first == batch_by_rank(order(len(lists)), dict(other_wished), dict(other_free))


@settings(max_examples=40, deadline=None)
@given(LISTS, FREE, st.data())
def test_no_family_gains_by_hiding_what_it_wants(
    lists: list[list[int]], free: dict[str, int], data: st.DataObject
) -> None:
    if not lists:
        return
    who = data.draw(st.integers(0, len(lists) - 1))
    lie = data.draw(st.lists(st.integers(0, 9), max_size=6))
    name, honest = ApplicationId(f"a{who}"), wishes(lists)
    mine = dict(batch_by_rank(order(len(lists)), honest, free).given).get(name)
    told = honest | {name: [f"p{p}" for p in lie]}
    other = dict(batch_by_rank(order(len(lists)), told, free).given).get(name)
    wanted = honest[name]
    if other in wanted:
        assert mine is not None
        assert wanted.index(mine) <= wanted.index(other)
