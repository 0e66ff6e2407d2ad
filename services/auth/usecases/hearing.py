"""What auth hears of others: who looked at a child's record, which application is whose."""

from services.auth.domain.access_log import Read
from services.auth.domain.ids import ChildId
from services.auth.store import Store


async def heard(store: Store, read: Read) -> None:
    """Puts a read into its service's chain; hearing it again changes nothing."""
    await store.access_log.append(read)


async def application_heard(
    store: Store, application_id: str, child_id: ChildId, number: str, *, stands: bool, sequence: int
) -> None:
    """Keeps the number of a child's application, for the other parent who joins by it (R5)."""
    await store.applications.heard(application_id, child_id, number, stands=stands, sequence=sequence)
