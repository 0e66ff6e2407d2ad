"""Roles are given and taken by others; those of a preschool are bound to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.auth.domain.duties import OF_AN_ORGANISATION, Duties, Role, RoleChange, granted, revoked, role_named
from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.domain.refusals import (
    LastOfficer,
    OwnRoles,
    RoleOfAnOrganisation,
    RoleOfNoOrganisation,
    RoleUnknown,
)

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
WHO, OFFICER = PersonId("p-1"), PersonId("p-2")
HERE, THERE = OrganisationId("o-1"), OrganisationId("o-2")


def given(role: Role, organisation_id: OrganisationId | None = None, by: PersonId = OFFICER) -> RoleChange:
    return RoleChange(NOW, role, given=True, by=by, organisation_id=organisation_id)


def taken(role: Role, by: PersonId = OFFICER) -> RoleChange:
    return RoleChange(NOW + timedelta(days=1), role, given=False, by=by)


def test_a_role_of_a_preschool_names_the_preschool_and_others_name_none() -> None:
    for role in Role:
        if role in OF_AN_ORGANISATION:
            assert granted(Duties(WHO), given(role, HERE)).organisation_id == HERE
            with pytest.raises(RoleOfAnOrganisation):
                granted(Duties(WHO), given(role))
        else:
            assert granted(Duties(WHO), given(role)).organisation_id is None
            with pytest.raises(RoleOfNoOrganisation):
                granted(Duties(WHO), given(role, HERE))


def test_staff_of_one_preschool_are_not_staff_of_another_as_well() -> None:
    manager = granted(Duties(WHO), given(Role.MANAGER, HERE))
    with pytest.raises(RoleOfAnOrganisation):
        granted(manager, given(Role.PRESCHOOL, THERE))
    moved = granted(revoked(manager, taken(Role.MANAGER), officers=1), given(Role.PRESCHOOL, THERE))
    assert (moved.roles, moved.organisation_id) == ((Role.PRESCHOOL,), THERE)


def test_a_manager_may_what_the_staff_may() -> None:
    assert granted(Duties(WHO), given(Role.MANAGER, HERE)).told == (Role.MANAGER, Role.PRESCHOOL)
    assert granted(Duties(WHO), given(Role.CLERK)).told == (Role.CLERK,)


def test_nobody_changes_the_own_roles() -> None:
    with pytest.raises(OwnRoles):
        granted(Duties(WHO), given(Role.AUDITOR, by=WHO))
    with pytest.raises(OwnRoles):
        revoked(Duties(WHO, (Role.OFFICER,)), taken(Role.OFFICER, by=WHO), officers=5)


def test_the_last_officer_stays() -> None:
    officer = granted(Duties(WHO), given(Role.OFFICER))
    with pytest.raises(LastOfficer):
        revoked(officer, taken(Role.OFFICER), officers=1)
    assert revoked(officer, taken(Role.OFFICER), officers=2).roles == ()


def test_giving_and_taking_twice_is_doing_it_once() -> None:
    clerk = granted(Duties(WHO), given(Role.CLERK))
    assert granted(clerk, given(Role.CLERK)) == clerk
    none = revoked(clerk, taken(Role.CLERK), officers=1)
    assert revoked(none, taken(Role.CLERK), officers=1) == none
    assert [(change.role, change.given) for change in none.history] == [(Role.CLERK, True), (Role.CLERK, False)]


def test_the_roles_of_a_past_day_are_told_as_they_were() -> None:
    none = revoked(granted(Duties(WHO), given(Role.CLERK)), taken(Role.CLERK), officers=1)
    assert none.held_at(NOW - timedelta(days=1)) == ()
    assert none.held_at(NOW + timedelta(hours=1)) == (Role.CLERK,)
    assert none.held_at(NOW + timedelta(days=2)) == ()
    assert Duties(WHO, (Role.CLERK,)).held_at(NOW) == (Role.CLERK,)


def test_the_organisation_of_a_past_day_is_told_as_it_was() -> None:
    here = revoked(granted(Duties(WHO), given(Role.PRESCHOOL, HERE)), taken(Role.PRESCHOOL), officers=1)
    there = granted(here, replace(given(Role.MANAGER, THERE), at=NOW + timedelta(days=2)))
    assert there.organisation_id == THERE
    assert there.organisation_at(NOW + timedelta(hours=1)) == HERE
    assert there.organisation_at(NOW + timedelta(days=3)) == THERE


def test_the_organisation_from_before_the_history_is_todays_or_unknown() -> None:
    ever_since = Duties(WHO, (Role.PRESCHOOL,), HERE)
    assert ever_since.organisation_at(NOW) == HERE
    assert granted(ever_since, given(Role.CLERK)).organisation_at(NOW) == HERE
    assert granted(ever_since, given(Role.MANAGER, HERE)).organisation_at(NOW - timedelta(days=1)) == HERE
    moved = granted(revoked(ever_since, taken(Role.PRESCHOOL), officers=1), given(Role.PRESCHOOL, THERE))
    assert moved.organisation_at(NOW - timedelta(days=1)) is None


def test_a_word_that_is_no_role_is_refused() -> None:
    assert role_named("auditor") is Role.AUDITOR
    for word in ("", "Officer", "parent", "admin"):
        with pytest.raises(RoleUnknown):
            role_named(word)
