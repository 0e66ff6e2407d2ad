"""Who looked at whose record: one insert per answer, before the answer leaves, relayed to the identity service's chained log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid4, uuid5

from contracts.envelope import Fact
from services.chassis.aggregates import Aggregates
from services.chassis.errors import AlreadyExists
from services.chassis.security import Person

REMEMBERED = 20_000
"""So many reads are known to be kept without asking the engine."""


@dataclass(frozen=True, slots=True)
class ReadRecord:
    """One answer that held records of children."""

    child_ids: tuple[str, ...]
    reader_id: str
    why: str
    at: datetime


class Reads:
    """The reads log of one service; `fact` is the class of the service's own access topic."""

    def __init__(self, aggregates: Aggregates[ReadRecord], fact: Callable[..., Fact]) -> None:
        self.aggregates = aggregates
        self._fact = fact
        self._kept: dict[tuple[str, ...], None] = {}

    async def by_guardian(self, person: Person, child_ids: Sequence[str], why: str, at: datetime) -> None:
        """A guardian reads an own child's record: kept once per session."""
        told = ("read", person.session_id, why, *sorted(child_ids))
        if told in self._kept:
            return
        record = ReadRecord(tuple(child_ids), person.person_id, why, at)
        await self._keep(str(uuid5(NAMESPACE_URL, "/".join(told))), record)
        while len(self._kept) >= REMEMBERED:
            del self._kept[next(iter(self._kept))]
        self._kept[told] = None

    async def by_other(self, reader_id: str, child_ids: Sequence[str], why: str, at: datetime) -> None:
        """Staff or a service reads: kept every time."""
        await self._keep(str(uuid4()), ReadRecord(tuple(child_ids), reader_id, why, at))

    async def _keep(self, read_id: str, record: ReadRecord) -> None:
        if not record.child_ids:
            return
        fact = self._fact(
            read_id=read_id, child_ids=record.child_ids, reader_id=record.reader_id, why=record.why, at=record.at
        )
        try:
            await self.aggregates.add(read_id, record, at=record.at, facts=(fact,))
        except AlreadyExists:
            return
