"""Who looked: heard from every service, kept in a chain, shown to the guardians."""

from services.auth.domain.access_log import Entry, Read, follows
from services.auth.domain.guardianship import ensure_guardian
from services.auth.domain.ids import ChildId, PersonId
from services.auth.store import Store


async def heard(store: Store, read: Read) -> None:
    """Puts a read into its service's chain; hearing it again changes nothing."""
    await store.access_log.append(read)


async def of_child(store: Store, person_id: PersonId, child_id: ChildId) -> list[Entry]:
    """Who looked at a child's record; raises NotAGuardian."""
    found = await store.guardianships.get(child_id)
    ensure_guardian(found.state if found else None, person_id)
    return await store.access_log.of_child(child_id)


async def check(store: Store, service: str) -> tuple[int, int | None]:
    """Walks a chain: how many entries stand in it, and the number of the first that does not follow the one before it.

    Only one entry and its predecessor are held at a time: the chain grows for years.
    """
    length, break_at = 0, None
    before: Entry | None = None
    async for entry in store.access_log.chain(service):
        if break_at is None and not follows(entry, before):
            break_at = entry.number
        length, before = length + 1, entry
    return length, break_at
