"""What a clerk may state for a family without a key of its own."""

from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.guardianship import Basis, Paper, ensure_guardian
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import NoSuchChild
from services.auth.store import Store
from services.auth.usecases import guardians
from services.auth.usecases.desk import Desk
from services.auth.usecases.guardians import ChildNamed
from services.auth.usecases.people import identity_of, recognised


@dataclass(frozen=True, slots=True, repr=False)
class Family:
    """Whom the paper names: child and guardian; `named` is needed for a child that nobody has filed for yet."""

    child_iin: Iin
    guardian_iin: Iin
    paper: Paper
    named: ChildNamed | None = None


async def filing_statement(desk: Desk, clerk_id: PersonId, family: Family, now: datetime) -> str:
    """A signed sentence {child_id, birth_date, guardian} that names the clerk. Raises NoSuchChild, NotAGuardian.

    A child nobody has filed for gets the guardian of the paper; one that has guardians takes no new one here. A person
    recorded already is a child to be filed for only by name and birth date too: a slip in the number names a stranger.
    Raises GuardianIsTheChild.
    """
    child_id = await _child(desk.store, family, now)
    guardian_id = await recognised(desk.store, Identity(family.guardian_iin, "", ""), now)
    known = await desk.store.guardianships.get(child_id)
    linked = known.state if known else None
    if linked is None and await _is_about(desk.store, child_id, family.named):
        linked = await guardians.link(
            desk.store, child_id, guardian_id, now, basis=Basis.PAPER, by=clerk_id, paper=family.paper
        )
    ensure_guardian(linked, guardian_id)
    born = await guardians.birth_date(desk.store, family.child_iin)
    claims = {"child_id": child_id, "birth_date": born.isoformat(), "guardian": guardian_id}
    return desk.mint.statement(clerk_id, guardians.FILING, claims, now)


async def _is_about(store: Store, child_id: ChildId, named: ChildNamed | None) -> bool:
    return named is not None and named.is_about(await identity_of(store, PersonId(child_id)))


async def _child(store: Store, family: Family, now: datetime) -> ChildId:
    found = await store.vault.by_iin(family.child_iin)
    if found is not None:
        return ChildId(found.state.person_id)
    if family.named is None:
        raise NoSuchChild
    named = family.named
    seen = Identity(family.child_iin, named.surname, named.given, named.patronymic, named.birth_date)
    return ChildId(await recognised(store, seen, now))
