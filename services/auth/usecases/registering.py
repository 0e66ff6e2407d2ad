"""Guardians taken over from a list of the register of families, line by line; a line is taken whole or not at all (R5)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain.guardianship import Basis
from services.auth.domain.ids import ChildId
from services.auth.domain.iin import Iin, parse_iin
from services.auth.domain.person import Identity
from services.auth.domain.refusals import Refusal
from services.auth.store import Store
from services.auth.usecases.guardians import link
from services.auth.usecases.people import recognised

REQUIRED = ("guardian_iin", "child_iin")
OPTIONAL = ("guardian_surname", "guardian_given", "guardian_patronymic")


class Outcome(StrEnum):
    """What has become of a line, or would."""

    LINKED = "LINKED"
    LINKED_BEFORE = "LINKED_BEFORE"
    NO_SUCH_CHILD = "NO_SUCH_CHILD"
    IIN_INVALID = "IIN_INVALID"
    GUARDIAN_IS_THE_CHILD = "GUARDIAN_IS_THE_CHILD"

    @property
    def taken(self) -> bool:
        """False for a line that changes nothing because something is wrong with it."""
        return self in {Outcome.LINKED, Outcome.LINKED_BEFORE}


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """A line: who is a guardian of whom; None where a number is not one."""

    row: int
    guardian: Identity | None
    child_iin: Iin | None


def pairs(lines: Iterable[Mapping[str, str | None]]) -> Iterator[Pair]:
    """The lines, counted from 1."""
    for row, line in enumerate(lines, start=1):
        told = {name: (line.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
        guardian, child = _iin(told["guardian_iin"]), _iin(told["child_iin"])
        surname, given, patronymic = (told[name] for name in OPTIONAL)
        yield Pair(row, Identity(guardian, surname, given, patronymic) if guardian else None, child)


async def register(store: Store, pair: Pair, now: datetime, *, dry: bool) -> Outcome:
    """Links the guardian of a line. Everything is looked at before anything is written; `dry` writes nothing."""
    guardian, child_iin = pair.guardian, pair.child_iin
    if guardian is None or child_iin is None:
        return Outcome.IIN_INVALID
    if guardian.iin == child_iin:
        return Outcome.GUARDIAN_IS_THE_CHILD
    child = await store.vault.by_iin(child_iin)
    known = await store.guardianships.get(child.id) if child else None
    if known is None:
        return Outcome.NO_SUCH_CHILD
    person = await store.vault.by_iin(guardian.iin)
    if person is not None and person.id in known.state.guardians:
        return Outcome.LINKED_BEFORE
    if not dry:
        guardian_id = await recognised(store, guardian, now)
        await link(store, ChildId(known.id), guardian_id, now, basis=Basis.REGISTER)
    return Outcome.LINKED


def _iin(text: str) -> Iin | None:
    try:
        return parse_iin(text)
    except Refusal:
        return None
