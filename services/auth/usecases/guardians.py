"""Who may act for a child, and the sentence about it that a family takes to the waiting list."""

import contextlib
from dataclasses import dataclass
from datetime import date, datetime

from services.auth import events
from services.auth.domain import guardianship
from services.auth.domain.guardianship import Basis, Change, Guardianship, Paper
from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import NoSuchChild
from services.auth.store import Store
from services.auth.usecases.desk import Desk
from services.auth.usecases.people import recognised
from services.chassis.aggregates import retry_stale
from services.chassis.errors import AlreadyExists

FILING = "filing"


@dataclass(frozen=True, slots=True, repr=False)
class ChildNamed:
    """A child as its guardian names it when filing for the first time."""

    surname: str
    given: str
    patronymic: str
    birth_date: date

    def is_about(self, known: Identity) -> bool:
        """True when a recorded person has these names and this birth date: a number alone must not open a stranger's record."""
        told = (self.surname.casefold(), self.given.casefold(), self.birth_date)
        return told == (known.surname.casefold(), known.given.casefold(), known.birth_date)


@retry_stale
async def link(
    store: Store,
    child_id: ChildId,
    person_id: PersonId,
    now: datetime,
    *,
    basis: Basis = Basis.LIST,
    by: PersonId | None = None,
    paper: Paper | None = None,
) -> Guardianship:
    """Adds a guardian and says so; a guardian already linked is not said again."""
    found = await store.guardianships.get(child_id)
    before = found.state if found else Guardianship(child_id)
    after = guardianship.linked(before, Change(now, person_id, linked=True, basis=basis, by=by, paper=paper))
    if after == before:
        return before
    facts = (events.linked(after),)
    await store.guardianships.keep(child_id, found, after, at=now, facts=facts)
    return after


async def filing_statement(
    desk: Desk, person_id: PersonId, child_iin: Iin, named: ChildNamed | None, now: datetime
) -> str:
    """A signed sentence {child_id, birth_date, guardian}. Raises NoSuchChild, NotAGuardian.

    A child nobody has filed for becomes known by its first filer's word, who becomes its guardian (R4). A child that has
    guardians takes no new one here (R5).
    """
    child_id = await _child(desk.store, person_id, child_iin, named, now)
    found = await desk.store.guardianships.get(child_id)
    guardianship.ensure_guardian(found.state if found else None, person_id)
    born = await birth_date(desk.store, child_iin)
    claims = {"child_id": child_id, "birth_date": born.isoformat(), "guardian": person_id}
    return desk.mint.statement(person_id, FILING, claims, now)


async def _child(store: Store, person_id: PersonId, child_iin: Iin, named: ChildNamed | None, now: datetime) -> ChildId:
    found = await store.vault.by_iin(child_iin)
    if found is None:
        if named is None:
            raise NoSuchChild
        seen = Identity(child_iin, named.surname, named.given, named.patronymic, named.birth_date)
        child_id = ChildId(await recognised(store, seen, now))
        await _claim(store, child_id, person_id, now)
        return child_id
    child_id = ChildId(found.state.person_id)
    unclaimed = await store.guardianships.get(child_id) is None
    if unclaimed and named is not None and named.is_about(store.vault.identity(found.state)):
        await _claim(store, child_id, person_id, now)
    return child_id


async def _claim(store: Store, child_id: ChildId, person_id: PersonId, now: datetime) -> None:
    """Makes the first filer the guardian; of two at once one is first, and the other is no guardian."""
    filed = Change(now, person_id, linked=True, basis=Basis.FILING, by=person_id)
    first = guardianship.linked(Guardianship(child_id), filed)
    with contextlib.suppress(AlreadyExists):
        await store.guardianships.add(child_id, first, at=now, facts=(events.linked(first),))


async def birth_date(store: Store, child_iin: Iin) -> date:
    """The birth date in the vault. Raises NoSuchChild."""
    found = await store.vault.by_iin(child_iin)
    born = store.vault.identity(found.state).birth_date if found else None
    if born is None:
        raise NoSuchChild
    return born
