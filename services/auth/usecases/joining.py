"""The other parent joins: asks with the application's number and the child's IIN, a guardian or the register confirms (R5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import structlog

from services.auth import events
from services.auth.domain import guardianship
from services.auth.domain.guardianship import REQUEST_LIFE, Basis, Guardianship
from services.auth.domain.ids import ChildId, JoinRequestId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import AlreadyAGuardian, GuardianIsTheChild, NoSuchRequest
from services.auth.domain.register import RegisterUnreachable
from services.auth.store import Reading, Store
from services.auth.usecases.desk import Desk
from services.auth.usecases.guardians import link
from services.auth.usecases.limiting import ensure_seldom
from services.auth.usecases.people import identity_of
from services.auth.usecases.services import cards
from services.chassis.aggregates import Stored, retry_stale

log = structlog.get_logger("auth")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to join as the guardians of the child see it."""

    request_id: JoinRequestId
    child_id: ChildId
    asker: Identity
    asked_at: datetime
    expires_at: datetime


async def join(
    desk: Desk, person_id: PersonId, number: str, child_iin: Iin, address: str | None, now: datetime
) -> None:
    """Asks the guardians of a child, when the application of this number is that child's.

    Nothing is returned and nothing raised that would tell whether the pair is right: the same questions are asked for a
    wrong one. Raises AlreadyAGuardian and GuardianIsTheChild, which only tell what the person knows, and TooManyRequests.
    """
    await ensure_seldom(desk.store, desk.limits.joins_of_a_person, person_id, now)
    await ensure_seldom(desk.store, desk.limits.joins, address, now)
    child_id = ChildId(await desk.store.vault.id_or_nobody(child_iin))
    if PersonId(child_id) == person_id:
        raise GuardianIsTheChild
    found = await desk.store.guardianships.get(child_id)
    if found is not None and person_id in found.state.guardians:
        raise AlreadyAGuardian
    registered = await _registered(desk, person_id, child_iin)
    right = await desk.store.applications.belongs(number, child_id)
    log.info("auth.join.asked", person_id=person_id, right=right, registered=registered)
    if right and registered:
        await link(desk.store, child_id, person_id, now, basis=Basis.REGISTER)
    elif right:
        await _ask(desk.store, child_id, person_id, now)


async def waiting(reading: Reading, person_id: PersonId, now: datetime) -> list[Asked]:
    """The requests that this guardian may answer, oldest first; of the asker the name is told, to be recognised by."""
    own = await reading.children_of(person_id)
    asked = [(each.child_id, request) for each in own for request in guardianship.waiting(each, now)]
    known = await cards(reading, list({request.asker_id for _, request in asked}))
    names = {card.person_id: card.identity for card in known if not card.identity.erased}
    return [
        Asked(request.request_id, child_id, names[request.asker_id], request.asked_at, request.asked_at + REQUEST_LIFE)
        for child_id, request in sorted(asked, key=lambda each: each[1].asked_at)
        if request.asker_id in names
    ]


@retry_stale
async def confirm(store: Store, person_id: PersonId, request_id: JoinRequestId, now: datetime) -> None:
    """A guardian says yes: the asker is a guardian with equal rights. Raises NoSuchRequest, RequestDecided."""
    found = await _addressed(store, person_id, request_id)
    after = guardianship.confirmed(found.state, request_id, person_id, now)
    if after != found.state:
        facts = (events.linked(after),) if after.guardians != found.state.guardians else ()
        await store.guardianships.save(found, after, at=now, facts=facts)


@retry_stale
async def refuse(store: Store, person_id: PersonId, request_id: JoinRequestId, now: datetime) -> None:
    """A guardian says no. Raises NoSuchRequest, RequestDecided."""
    found = await _addressed(store, person_id, request_id)
    after = guardianship.refused(found.state, request_id, person_id, now)
    if after != found.state:
        await store.guardianships.save(found, after, at=now)


@retry_stale
async def _ask(store: Store, child_id: ChildId, person_id: PersonId, now: datetime) -> None:
    found = await store.guardianships.get(child_id)
    if found is None:
        return
    request_id = JoinRequestId(str(uuid4()))
    after = guardianship.asked(found.state, request_id, person_id, now)
    if after != found.state:
        await store.guardianships.save(found, after, at=now, facts=(events.join_asked(after, request_id),))


async def _registered(desk: Desk, person_id: PersonId, child_iin: Iin) -> bool:
    """What the register says; one that is away is no obstacle, the guardians are asked then."""
    try:
        return await desk.register.confirms((await identity_of(desk.store, person_id)).iin, child_iin)
    except RegisterUnreachable:
        log.warning("auth.register.unreachable")
        return False


async def _addressed(store: Store, person_id: PersonId, request_id: JoinRequestId) -> Stored[Guardianship]:
    """The guardianship in which this person is asked; a request to others is as good as none."""
    query = {"guardians": person_id, "requests.request_id": request_id}
    found = await store.guardianships.find(query, limit=1)
    if not found:
        raise NoSuchRequest
    return found[0]
