"""Order of a stream: the vectors of the rule, the closed form against a walk of the cycle, and fairness over time."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.queue.domain.order import Turns, Waiting, ahead, in_order, number_in_class, use_turn
from services.queue.domain.words import PrivilegeClass

E, P, G = PrivilegeClass.EXTRAORDINARY, PrivilegeClass.PRIORITY, PrivilegeClass.GENERAL

waiting_counts = st.tuples(st.integers(0, 5), st.integers(0, 12), st.integers(0, 30))


def names(kind: str, n: int) -> list[str]:
    return [f"{kind}{i}" for i in range(1, n + 1)]


def by_closed_form(e: int, p: int, g: int, turns: Turns) -> list[str]:
    waiting = Waiting(e, p, g)
    numbered = {
        ahead(privilege, rank, waiting, turns).number: name
        for privilege, kind, n in ((E, "E", e), (P, "P", p), (G, "G", g))
        for rank, name in enumerate(names(kind, n))
    }
    return [numbered[number] for number in sorted(numbered)]


def reachable(steps: list[bool], p: int, g: int) -> Turns:
    """Turns after places were taken by P (true) or G, while others kept waiting."""
    turns = Turns()
    for by_priority in steps:
        turns = use_turn(turns, P if by_priority else G, Waiting(0, p, g))
    return turns


def test_the_order_of_the_rule() -> None:
    order = list(in_order(names("E", 1), names("P", 2), names("G", 5), Turns()))
    assert order == ["E1", "P1", "G1", "G2", "G3", "P2", "G4", "G5"]
    assert by_closed_form(1, 2, 5, Turns()) == order


def test_when_one_class_ends_the_rest_of_the_other_follows() -> None:
    assert "".join(n[0] for n in in_order([], names("P", 4), names("G", 2), Turns())) == "PGGPPP"


@pytest.mark.parametrize(("privilege", "number"), [(E, 3), (P, 3), (G, 0)])
def test_the_number_in_the_privilege_class_is_zero_for_those_without_one(
    privilege: PrivilegeClass, number: int
) -> None:
    assert number_in_class(privilege, 2) == number


@given(waiting_counts, st.lists(st.booleans(), max_size=60))
def test_the_closed_form_is_the_walk_of_the_cycle(counts: tuple[int, int, int], steps: list[bool]) -> None:
    e, p, g = counts
    turns = reachable(steps, p, g)
    walked = list(in_order(names("E", e), names("P", p), names("G", g), turns))
    assert by_closed_form(e, p, g, turns) == walked


@given(waiting_counts, st.lists(st.booleans(), max_size=60))
def test_those_ahead_of_each_class_add_up_to_the_number(counts: tuple[int, int, int], steps: list[bool]) -> None:
    e, p, g = counts
    turns = reachable(steps, p, g)
    order = list(in_order(names("E", e), names("P", p), names("G", g), turns))
    for privilege, kind, n in ((P, "P", p), (G, "G", g)):
        for rank, name in enumerate(names(kind, n)):
            place = ahead(privilege, rank, Waiting(e, p, g), turns)
            before = order[: order.index(name)]
            assert place.extraordinary == sum(x[0] == "E" for x in before)
            assert place.priority == sum(x[0] == "P" for x in before)
            assert place.general == sum(x[0] == "G" for x in before)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_a_quarter_of_the_turns_go_to_the_privileged_whoever_finishes_first(seed: int) -> None:
    dice = random.Random(seed)
    p, g, turns, taken = 400, 1200, Turns(), ""
    for _ in range(400):
        first = list(in_order([], [P] * p, [G] * g, turns))[:6]
        privilege = dice.choice(first)
        p, g = (p - 1, g) if privilege is P else (p, g - 1)
        turns = use_turn(turns, privilege, Waiting(0, p, g))
        taken += privilege.value
    deviation = max(abs(taken[:n].count("P") - n / 4) for n in range(1, len(taken)))
    assert deviation <= 6


def test_a_class_that_was_empty_builds_no_debt() -> None:
    turns, g = Turns(), 500
    for _ in range(300):
        g -= 1
        turns = use_turn(turns, G, Waiting(0, 0, g))
    order = "".join(x[0] for x in in_order([], names("P", 20), names("G", g), turns))
    assert order[:9].count("P") <= 3


def test_a_family_that_sleeps_builds_no_debt_for_those_who_come_later() -> None:
    turns, g = Turns(), 600
    for _ in range(300):
        g -= 1
        turns = use_turn(turns, G, Waiting(0, 1, g))
    order = "".join(x[0] for x in in_order([], names("P", 21), names("G", g), turns))
    assert order[0] == "P"
    assert order[:21].count("P") <= 6
