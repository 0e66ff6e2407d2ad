"""Staff: which roles a person holds, in which organisation, given by whom."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.domain.refusals import (
    LastOfficer,
    OwnRoles,
    RoleOfAnOrganisation,
    RoleOfNoOrganisation,
    RoleUnknown,
)


class Role(StrEnum):
    """What a person may do besides acting for the own children.

    A manager directs a preschool and may what its staff may; a clerk serves families for the whole city; an officer is of
    the department; an auditor sees who did what; support helps with sessions and sees no child.
    """

    MANAGER = "manager"
    PRESCHOOL = "preschool"
    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    SUPPORT = "support"


OF_AN_ORGANISATION = frozenset({Role.MANAGER, Role.PRESCHOOL})
"""Roles held in one organisation; the others are held for the whole city."""

_INCLUDED = {Role.MANAGER: frozenset({Role.PRESCHOOL})}


@dataclass(frozen=True, slots=True)
class RoleChange:
    """One line of the history: a role was given or taken; `by` is absent when an operator did it by a command."""

    at: datetime
    role: Role
    given: bool
    by: PersonId | None = None
    organisation_id: OrganisationId | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """Roles of a person and the organisation they are held in, if any."""

    person_id: PersonId
    roles: tuple[Role, ...] = ()
    organisation_id: OrganisationId | None = None
    history: tuple[RoleChange, ...] = ()

    @property
    def told(self) -> tuple[Role, ...]:
        """The roles as a token tells them, with those that are included in others."""
        more = {role for held in self.roles for role in _INCLUDED.get(held, frozenset())} - set(self.roles)
        return (*self.roles, *sorted(more))

    def held_at(self, at: datetime) -> tuple[Role, ...]:
        """The roles held at a moment; those given before the history began count as held ever since."""
        held = set(self.roles)
        for change in reversed(self.history):
            if change.at > at:
                (held.discard if change.given else held.add)(change.role)
        return tuple(role for role in Role if role in held)

    def organisation_at(self, at: datetime) -> OrganisationId | None:
        """The organisation that a role of one was held in at a moment; None when nobody can tell.

        All such roles that are held at once are held in one organisation: the last one given tells it. One given before the
        history began was held where the person is today, unless such a role has been taken since.
        """
        changes = [change for change in self.history if change.role in OF_AN_ORGANISATION]
        given = [change for change in changes if change.given and change.at <= at]
        if given:
            return given[-1].organisation_id
        return self.organisation_id if all(change.given for change in changes) else None


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is to take the officer's role from somebody: nobody's, unless it is taken until a moment to come."""

    taken_until: datetime | None = None


def role_named(text: str) -> Role:
    """Raises RoleUnknown."""
    try:
        return Role(text)
    except ValueError:
        raise RoleUnknown from None


def ensure_place(duties: Duties, role: Role, organisation_id: OrganisationId | None) -> None:
    """Raises RoleOfAnOrganisation, RoleOfNoOrganisation. Staff of one preschool are not staff of another as well."""
    if role not in OF_AN_ORGANISATION:
        if organisation_id is not None:
            raise RoleOfNoOrganisation
        return
    bound = duties.organisation_id if set(duties.roles) & OF_AN_ORGANISATION else organisation_id
    if organisation_id is None or bound != organisation_id:
        raise RoleOfAnOrganisation


def granted(duties: Duties, change: RoleChange) -> Duties:
    """With the role; the same value when held already. Raises as `ensure_place`, and OwnRoles."""
    _ensure_of_another(duties, change)
    ensure_place(duties, change.role, change.organisation_id)
    if change.role in duties.roles:
        return duties
    return replace(
        duties,
        roles=(*duties.roles, change.role),
        organisation_id=change.organisation_id or duties.organisation_id,
        history=(*duties.history, change),
    )


def revoked(duties: Duties, change: RoleChange, *, officers: int) -> Duties:
    """Without the role; the same value when not held. `officers` counts all there are. Raises OwnRoles, LastOfficer."""
    _ensure_of_another(duties, change)
    if change.role not in duties.roles:
        return duties
    if change.role is Role.OFFICER and officers <= 1:
        raise LastOfficer
    roles = tuple(role for role in duties.roles if role is not change.role)
    organisation_id = duties.organisation_id if set(roles) & OF_AN_ORGANISATION else None
    return replace(duties, roles=roles, organisation_id=organisation_id, history=(*duties.history, change))


def _ensure_of_another(duties: Duties, change: RoleChange) -> None:
    if change.by == duties.person_id:
        raise OwnRoles
