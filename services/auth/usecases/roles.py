"""Roles of staff: given and taken by an officer, the first officer by an operator's command."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from services.auth.domain import duties as rules
from services.auth.domain.duties import Duties, Role, RoleChange, Turn
from services.auth.domain.ids import OrganisationId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import NoSuchPerson, OfficerExists
from services.auth.store import Reading, Store
from services.auth.usecases.people import duties_of, recognised
from services.auth.usecases.services import cards
from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import Stale

log = structlog.get_logger("auth")

_STAFF_AT_MOST = 1000
_OFFICERS = "officers"
_TURN = timedelta(seconds=10)
"""A turn that was never given back, because a process ended meanwhile, is over after this."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the staff, by name. The name is empty until the person has logged in for the first time."""

    identity: Identity | None
    duties: Duties


@retry_stale
async def grant(
    store: Store,
    person_id: PersonId,
    role: Role,
    organisation_id: OrganisationId | None,
    now: datetime,
    by: PersonId | None = None,
) -> Duties:
    """Gives a role; giving it twice changes nothing. Raises RoleOfAnOrganisation, RoleOfNoOrganisation, OwnRoles."""
    found = await store.duties.get(person_id)
    known = found.state if found else Duties(person_id)
    duties = rules.granted(known, RoleChange(now, role, given=True, by=by, organisation_id=organisation_id))
    if duties != known:
        await store.duties.keep(person_id, found, duties, at=now)
    return duties


async def grant_by_iin(
    store: Store, iin: Iin, role: Role, organisation_id: OrganisationId | None, by: PersonId, now: datetime
) -> Duties:
    """The same for a person named by number, who need not have logged in yet."""
    known = await store.vault.by_iin(iin)
    rules.ensure_place(await duties_of(store, known.state.person_id) if known else _NOBODY, role, organisation_id)
    person_id = await recognised(store, Identity(iin, "", ""), now)
    duties = await grant(store, person_id, role, organisation_id, now, by)
    log.info("auth.role.granted", person_id=person_id, role=role, by=by)
    return duties


async def revoke(store: Store, person_id: PersonId, role: Role, by: PersonId, now: datetime) -> Duties:
    """Takes a role; it ends with the access tokens that tell it, within minutes.

    Raises NoSuchPerson, OwnRoles, LastOfficer.
    """
    if role is not Role.OFFICER:
        return await _revoked(store, person_id, role, by, now)
    turn = await _turn(store, now)
    try:
        return await _revoked(store, person_id, role, by, now)
    finally:
        with contextlib.suppress(Stale):
            await store.officers.save(turn, Turn(), at=now)


@retry_stale
async def _turn(store: Store, now: datetime) -> Stored[Turn]:
    """Officers lose their role one after another: two who took it from each other at once would both count two."""
    found = await store.officers.get(_OFFICERS)
    if found is not None and found.state.taken_until is not None and found.state.taken_until > now:
        raise Stale(_OFFICERS)
    return await store.officers.keep(_OFFICERS, found, Turn(now + _TURN), at=now)


@retry_stale
async def _revoked(store: Store, person_id: PersonId, role: Role, by: PersonId, now: datetime) -> Duties:
    found = await store.duties.get(person_id)
    if found is None:
        raise NoSuchPerson
    officers = await store.duties.count({"roles": Role.OFFICER.value}, limit=2)
    duties = rules.revoked(found.state, RoleChange(now, role, given=False, by=by), officers=officers)
    if duties != found.state:
        await store.duties.save(found, duties, at=now)
        log.info("auth.role.revoked", person_id=person_id, role=role, by=by)
    return duties


async def grant_first_officer(store: Store, iin: Iin, now: datetime) -> Duties:
    """Gives the city its first officer; raises OfficerExists. The same person again is no second one."""
    person_id = await recognised(store, Identity(iin, "", ""), now)
    officers = await store.duties.ids({"roles": Role.OFFICER.value}, limit=1)
    if officers and officers != [person_id]:
        raise OfficerExists
    return await grant(store, person_id, Role.OFFICER, None, now)


async def staff(reading: Reading) -> list[Member]:
    """Everybody who holds a role."""
    found = await reading.duties.find({"roles": {"$in": [role.value for role in Role]}}, limit=_STAFF_AT_MOST)
    names = {card.person_id: card.identity for card in await cards(reading, [each.state.person_id for each in found])}
    return [Member(names.get(each.state.person_id), each.state) for each in found]


_NOBODY = Duties(PersonId(""))
