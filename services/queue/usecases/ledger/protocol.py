"""The protocol of issued referrals, by stream: when, in which mode, to which organisation.

The number of a referral is not in it: at the public check whoever has it is shown the initials and the year of birth of
a child, and the stream would add its category, which is health data (R48).
"""

from datetime import datetime

from services.queue.domain.ledger.anonymity import Cell, day_of
from services.queue.domain.words import ApplicationId, StreamId
from services.queue.usecases.desk import Desk

LIMIT = 100_000


async def issued(
    desk: Desk, referral_id: str, application_id: ApplicationId, referral: tuple[datetime, str, str]
) -> None:
    """A referral was issued: its moment, mode and organisation. Told twice, it is kept once.

    The child is kept beside them so that children can be counted; it is never published.
    """
    stored = await desk.store.applications.get(application_id)
    if stored is None:
        return
    at, mode, organisation_id = referral
    day = day_of(desk.today(at))
    row = {"stream_id": stored.state.stream_id, "day": day, "mode": mode, "organisation_id": organisation_id}
    await desk.store.issued.add(referral_id, row | {"child_id": stored.state.child_id})


async def of_stream(desk: Desk, stream_id: StreamId) -> tuple[list[Cell], list[str]]:
    """The rows of a stream, oldest first, and the child of each; all that were kept without theirs count as of one."""
    found = await desk.store.issued.find({"stream_id": stream_id}, limit=LIMIT, sort=[("day", 1), ("_id", 1)])
    cells: list[Cell] = [(each["day"], each["mode"], each["organisation_id"]) for each in found]
    return cells, [each.get("child_id", "") for each in found]
