"""The table of who may ask what is closed, and the page about it is the table."""

from pathlib import Path

from services.auth.domain.authorisation import (
    IN_SESSION,
    RULES,
    SERVICES,
    STAFF,
    Action,
    Asker,
    Relation,
    askers_in_session,
    matrix,
    may,
)
from services.auth.domain.duties import Role

PAGE = Path(__file__).parents[3] / "docs" / "authorisation.md"


def test_every_door_has_a_rule_and_every_rule_a_door() -> None:
    assert set(RULES) == set(Action)
    assert all(rule.askers for rule in RULES.values())


def test_what_the_table_does_not_say_is_refused() -> None:
    for action in Action:
        assert not may(action, ())
    assert not may("GET /everything", Asker)  # type: ignore[arg-type]


def test_every_role_is_an_asker_and_a_role_nobody_knows_adds_nothing() -> None:
    assert {role.value for role in Role} == {asker.value for asker in STAFF}
    assert askers_in_session(["clerk", "king", "nobody", "queue", "newcomer"]) == {Asker.PARENT, Asker.CLERK}


def test_whoever_may_without_a_session_may_with_one_and_a_service_is_no_person() -> None:
    for action, rule in RULES.items():
        if Asker.NOBODY in rule.askers:
            assert rule.askers == set(Asker), action
        else:
            assert not (rule.askers & SERVICES and rule.askers & IN_SESSION), action


def test_what_has_an_owner_is_for_people_in_session() -> None:
    for action, rule in RULES.items():
        if rule.relation is not Relation.ANY:
            assert rule.askers <= IN_SESSION, action


def test_the_page_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == matrix(), "run `python -m services.auth authorisation-matrix`"
