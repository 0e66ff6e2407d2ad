"""The doors of officers: who of the staff holds which role."""

from typing import Annotated, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from services.auth.api.cards import Id
from services.auth.api.gate import Gate
from services.auth.domain.authorisation import Action
from services.auth.domain.duties import Duties, role_named
from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.domain.iin import parse_iin
from services.auth.usecases import roles
from services.auth.usecases.desk import Desk
from services.auth.usecases.roles import Member
from services.chassis.clock import Clock
from services.chassis.security import Person

RoleName = Annotated[str, Field(max_length=32)]


class GrantBody(BaseModel):
    """Whom to give which role; managers and staff of a preschool are bound to `organisation_id`, others have none."""

    iin: Annotated[str, Field(max_length=12)]
    role: RoleName
    organisation_id: Id | None = None


class RevokeBody(BaseModel):
    """Whose role to take."""

    person_id: Id
    role: RoleName


class DutiesAnswer(BaseModel):
    """The roles of a person."""

    person_id: str
    roles: list[str]
    organisation_id: str | None

    @classmethod
    def of(cls, duties: Duties) -> Self:
        """As held now."""
        return cls(
            person_id=duties.person_id,
            roles=[role.value for role in duties.roles],
            organisation_id=duties.organisation_id,
        )


class MemberAnswer(DutiesAnswer):
    """One of the staff; names are empty until the person has logged in."""

    surname: str
    given: str
    patronymic: str

    @classmethod
    def named(cls, member: Member) -> Self:
        """By name."""
        known = member.identity
        return cls(
            **DutiesAnswer.of(member.duties).model_dump(),
            surname=known.surname if known else "",
            given=known.given if known else "",
            patronymic=known.patronymic if known else "",
        )


def doors(desk: Desk, gate: Gate, clock: Clock) -> APIRouter:
    """Roles are seen, given and taken."""
    router = APIRouter(tags=["roles"])

    @router.get("/roles")
    async def staff(_: Annotated[Person, Depends(gate.person(Action.LIST_STAFF))]) -> list[MemberAnswer]:
        return [MemberAnswer.named(each) for each in await roles.staff(desk.reading)]

    @router.post("/roles:grant")
    async def grant(
        body: GrantBody, person: Annotated[Person, Depends(gate.person(Action.GRANT_ROLE))]
    ) -> DutiesAnswer:
        role, iin, by = role_named(body.role), parse_iin(body.iin), PersonId(person.person_id)
        organisation_id = OrganisationId(body.organisation_id) if body.organisation_id else None
        return DutiesAnswer.of(await roles.grant_by_iin(desk.store, iin, role, organisation_id, by, clock.now()))

    @router.post("/roles:revoke")
    async def revoke(
        body: RevokeBody, person: Annotated[Person, Depends(gate.person(Action.REVOKE_ROLE))]
    ) -> DutiesAnswer:
        role, by = role_named(body.role), PersonId(person.person_id)
        return DutiesAnswer.of(await roles.revoke(desk.store, PersonId(body.person_id), role, by, clock.now()))

    return router
