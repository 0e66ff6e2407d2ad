"""Who looked: the chains of reads, shown to the guardians and walked by whoever checks them."""

from services.auth.domain.access_log import Entry, follows
from services.auth.domain.guardianship import ensure_guardian
from services.auth.domain.ids import ChildId, PersonId
from services.auth.store import Reading


async def of_child(reading: Reading, person_id: PersonId, child_id: ChildId) -> list[Entry]:
    """Who looked at a child's record; raises NotAGuardian."""
    found = await reading.guardianships.get(child_id)
    ensure_guardian(found.state if found else None, person_id)
    return await reading.access_log.of_child(child_id)


async def check(reading: Reading, service: str) -> tuple[int, int | None]:
    """Walks a chain: how many entries stand in it, and the number of the first that does not follow the one before it.

    Only one entry and its predecessor are held at a time: the chain grows for years.
    """
    length, break_at = 0, None
    before: Entry | None = None
    async for entry in reading.access_log.chain(service):
        if break_at is None and not follows(entry, before):
            break_at = entry.number
        length, before = length + 1, entry
    return length, break_at
