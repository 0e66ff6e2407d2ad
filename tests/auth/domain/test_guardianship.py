"""Guardians of a child have equal rights; a stranger learns nothing."""

import pytest

from services.auth.domain.guardianship import Guardianship, ensure_guardian, linked
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.refusals import NoSuchChild, NotAGuardian

CHILD, MOTHER, FATHER = ChildId("c-1"), PersonId("p-1"), PersonId("p-2")


def test_linking_twice_changes_nothing() -> None:
    once = linked(Guardianship(CHILD), MOTHER)
    assert linked(once, MOTHER) == once
    assert linked(once, FATHER).guardians == (MOTHER, FATHER)


def test_a_stranger_hears_the_same_as_about_a_child_nobody_knows() -> None:
    with pytest.raises(NotAGuardian):
        ensure_guardian(linked(Guardianship(CHILD), MOTHER), FATHER)
    with pytest.raises(NotAGuardian):
        ensure_guardian(None, FATHER)
    assert NotAGuardian.code == NoSuchChild.code
