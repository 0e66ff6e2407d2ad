"""Guardians of a child have equal rights; a stranger learns nothing; joining and leaving keep a history."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain import guardianship as rules
from services.auth.domain.guardianship import (
    QUIET,
    REQUEST_LIFE,
    WAITING_AT_MOST,
    Basis,
    Change,
    Guardianship,
    RequestState,
    UnlinkReason,
    ensure_guardian,
    linked,
    unlinked,
)
from services.auth.domain.ids import ChildId, JoinRequestId, PersonId
from services.auth.domain.refusals import (
    AlreadyAGuardian,
    GuardianIsTheChild,
    LastGuardian,
    NoSuchChild,
    NoSuchGuardian,
    NoSuchRequest,
    NotAGuardian,
    RequestDecided,
)

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
CHILD, MOTHER, FATHER, STRANGER = ChildId("c-1"), PersonId("p-1"), PersonId("p-2"), PersonId("p-3")
REQUEST = JoinRequestId("r-1")
A_MOMENT = timedelta(seconds=1)


def came(person_id: PersonId) -> Change:
    return Change(NOW, person_id, linked=True, basis=Basis.FILING)


def went(person_id: PersonId) -> Change:
    return Change(NOW, person_id, linked=False, basis=Basis.PAPER, reason=UnlinkReason.COURT_DECISION)


FAMILY = linked(Guardianship(CHILD), came(MOTHER))
ASKED = rules.asked(FAMILY, REQUEST, FATHER, NOW)


def test_linking_twice_changes_nothing() -> None:
    assert linked(FAMILY, came(MOTHER)) == FAMILY
    assert linked(FAMILY, came(FATHER)).guardians == (MOTHER, FATHER)


def test_a_stranger_hears_the_same_as_about_a_child_nobody_knows() -> None:
    with pytest.raises(NotAGuardian):
        ensure_guardian(FAMILY, FATHER)
    with pytest.raises(NotAGuardian):
        ensure_guardian(None, FATHER)
    assert NotAGuardian.code == NoSuchChild.code


def test_a_confirmed_asker_is_a_guardian_and_the_history_says_by_whose_word() -> None:
    after = rules.confirmed(ASKED, REQUEST, MOTHER, NOW + A_MOMENT)
    assert after.guardians == (MOTHER, FATHER)
    assert after.history[-1] == Change(NOW + A_MOMENT, FATHER, linked=True, basis=Basis.CONFIRMATION, by=MOTHER)
    assert rules.waiting(after, NOW + A_MOMENT) == ()
    assert rules.confirmed(after, REQUEST, MOTHER, NOW + 2 * A_MOMENT) == after


def test_a_refused_asker_is_none_and_may_not_be_confirmed_any_more() -> None:
    after = rules.refused(ASKED, REQUEST, MOTHER, NOW)
    assert after.guardians == (MOTHER,)
    assert rules.refused(after, REQUEST, MOTHER, NOW) == after
    with pytest.raises(RequestDecided):
        rules.confirmed(after, REQUEST, MOTHER, NOW)
    with pytest.raises(RequestDecided):
        rules.refused(rules.confirmed(ASKED, REQUEST, MOTHER, NOW), REQUEST, MOTHER, NOW)


def test_only_a_guardian_answers_and_only_what_was_asked() -> None:
    for act in (rules.confirmed, rules.refused):
        for person in (FATHER, STRANGER):
            with pytest.raises(NotAGuardian):
                act(ASKED, REQUEST, person, NOW)
        with pytest.raises(NoSuchRequest):
            act(ASKED, JoinRequestId("r-2"), MOTHER, NOW)


def test_a_request_waits_thirty_days_and_may_then_be_made_again() -> None:
    last = NOW + REQUEST_LIFE - A_MOMENT
    assert rules.asked(ASKED, JoinRequestId("r-2"), FATHER, last) == ASKED
    assert len(rules.waiting(ASKED, last)) == 1
    late = NOW + REQUEST_LIFE
    assert rules.waiting(ASKED, late) == ()
    with pytest.raises(RequestDecided):
        rules.confirmed(ASKED, REQUEST, MOTHER, late)
    again = rules.asked(ASKED, JoinRequestId("r-2"), FATHER, late)
    assert [each.request_id for each in again.requests] == ["r-2"]


def test_after_a_refusal_asking_again_is_not_shown_for_a_while() -> None:
    refused = rules.refused(ASKED, REQUEST, MOTHER, NOW)
    assert rules.asked(refused, JoinRequestId("r-2"), FATHER, NOW + QUIET - A_MOMENT) == refused
    assert rules.waiting(rules.asked(refused, JoinRequestId("r-2"), FATHER, NOW + QUIET), NOW + QUIET)


def test_a_crowd_of_askers_is_not_shown_to_the_family() -> None:
    crowded = FAMILY
    for number in range(WAITING_AT_MOST + 3):
        crowded = rules.asked(crowded, JoinRequestId(f"r-{number}"), PersonId(f"a-{number}"), NOW)
    assert len(rules.waiting(crowded, NOW)) == WAITING_AT_MOST


def test_a_guardian_does_not_ask() -> None:
    with pytest.raises(AlreadyAGuardian):
        rules.asked(FAMILY, REQUEST, MOTHER, NOW)


def test_unlinking_says_who_went_and_never_leaves_a_child_alone() -> None:
    both = linked(FAMILY, came(FATHER))
    after = unlinked(both, went(MOTHER))
    assert after.guardians == (FATHER,)
    assert after.history[-1] == went(MOTHER)
    with pytest.raises(NoSuchGuardian):
        unlinked(after, went(MOTHER))
    with pytest.raises(NoSuchGuardian):
        unlinked(None, went(MOTHER))
    with pytest.raises(LastGuardian):
        unlinked(after, went(FATHER))


def test_a_link_by_somebody_else_answers_the_own_request_and_no_other() -> None:
    crowded = rules.asked(ASKED, JoinRequestId("r-2"), STRANGER, NOW)
    after = linked(crowded, came(FATHER))
    assert [each.asker_id for each in rules.waiting(after, NOW)] == [STRANGER]
    assert rules.confirmed(after, REQUEST, MOTHER, NOW + A_MOMENT) == after
    with pytest.raises(RequestDecided):
        rules.refused(after, REQUEST, MOTHER, NOW)


def test_a_request_that_nobody_answered_in_time_stays_unanswered() -> None:
    late = Change(NOW + REQUEST_LIFE, FATHER, linked=True, basis=Basis.PAPER)
    assert linked(ASKED, late).requests == ASKED.requests


def test_nobody_is_a_guardian_of_themselves() -> None:
    with pytest.raises(GuardianIsTheChild):
        linked(FAMILY, came(PersonId(CHILD)))


def test_whoever_was_a_guardian_once_is_remembered() -> None:
    after = unlinked(linked(FAMILY, came(FATHER)), went(MOTHER))
    assert rules.ever(after) == {MOTHER, FATHER}
    assert rules.ever(Guardianship(CHILD, (STRANGER,))) == {STRANGER}


def test_one_who_was_unlinked_is_not_brought_back_by_the_old_confirmation() -> None:
    joined = rules.confirmed(ASKED, REQUEST, MOTHER, NOW)
    after = unlinked(joined, went(FATHER))
    assert rules.confirmed(after, REQUEST, MOTHER, NOW).guardians == (MOTHER,)
    assert rules.asked(after, JoinRequestId("r-2"), FATHER, NOW).requests[-1].state is RequestState.WAITING


PEOPLE = st.sampled_from([MOTHER, FATHER, STRANGER, PersonId("p-4")])
STEPS = st.lists(
    st.tuples(st.sampled_from(["ask", "confirm", "refuse", "unlink", "wait"]), PEOPLE, PEOPLE), max_size=40
)


@given(STEPS)
def test_nobody_becomes_a_guardian_but_by_a_guardians_word(steps: list[tuple[str, PersonId, PersonId]]) -> None:
    known, now = FAMILY, NOW
    for number, (what, who, by) in enumerate(steps):
        before, now = known, now + (timedelta(days=11) if what == "wait" else A_MOMENT)
        request_id = next((each.request_id for each in known.requests if each.asker_id == who), JoinRequestId("none"))
        try:
            if what == "ask":
                known = rules.asked(known, JoinRequestId(f"r-{number}"), who, now)
            elif what == "confirm":
                known = rules.confirmed(known, request_id, by, now)
            elif what == "refuse":
                known = rules.refused(known, request_id, by, now)
            elif what == "unlink":
                known = unlinked(known, went(who))
        except (AlreadyAGuardian, LastGuardian, NoSuchGuardian, NoSuchRequest, NotAGuardian, RequestDecided):
            assert known == before
        new = set(known.guardians) - set(before.guardians)
        assert not new or (what == "confirm" and new == {who} and by in before.guardians)
        assert known.guardians
        assert len(known.history) >= len(before.history)
        assert len({each.asker_id for each in known.requests}) == len(known.requests)
