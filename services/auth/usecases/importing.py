"""Families that stand in a queue already: children and guardians taken over from a list, as often as it takes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from services.auth.domain.ids import ChildId, PersonId
from services.auth.domain.iin import Iin
from services.auth.domain.person import Contacts, Identity, Language, completed
from services.auth.store import Store
from services.auth.usecases.accounts import take_over_contacts
from services.auth.usecases.guardians import link
from services.auth.usecases.people import recognised

AT_ONCE = 24

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One line of the list: a child and one guardian."""

    row: int
    child: Identity
    guardian: Identity
    contacts: Contacts
    language: Language


@dataclass(frozen=True, slots=True)
class Imported:
    """What a line has become; ids only."""

    row: int
    child_id: ChildId
    guardian_ids: tuple[PersonId, ...]
    birth_date: date | None


async def import_families(store: Store, rows: Sequence[FamilyRow], now: datetime) -> list[Imported]:
    """Takes over every line; a line taken over before changes nothing and gives the same ids.

    Each person is looked up once, however many lines name them; the work is done some at a time.
    """
    people = _people(rows)
    found = await _each(list(people.values()), lambda identity: recognised(store, identity, now))
    ids = dict(zip(people, found, strict=True))
    reached = {row.guardian.iin: row for row in reversed(rows) if row.contacts != Contacts()}
    await _each(
        list(reached.values()),
        lambda row: take_over_contacts(store, ids[row.guardian.iin], row.contacts, row.language, now),
    )
    return await _each(rows, lambda row: _linked(store, row, ids, now))


def _people(rows: Sequence[FamilyRow]) -> dict[Iin, Identity]:
    """Everybody once; what a person's last line leaves out is taken from the lines before it."""
    people: dict[Iin, Identity] = {}
    for identity in (each for row in rows for each in (row.child, row.guardian)):
        earlier = people.get(identity.iin)
        people[identity.iin] = completed(identity, earlier) if earlier else identity
    return people


async def _linked(store: Store, row: FamilyRow, ids: dict[Iin, PersonId], now: datetime) -> Imported:
    child_id = ChildId(ids[row.child.iin])
    guardianship = await link(store, child_id, ids[row.guardian.iin], now)
    return Imported(row.row, child_id, guardianship.guardians, row.child.birth_date)


async def _each(those: Sequence[A], act: Callable[[A], Awaitable[B]]) -> list[B]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(each: A) -> B:
        async with gate:
            return await act(each)

    return list(await asyncio.gather(*(one(each) for each in those)))
