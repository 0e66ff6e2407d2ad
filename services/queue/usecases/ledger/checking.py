"""Does the own log still lead to what was published? Every closed day is recomputed from its rows."""

from services.queue.domain.ledger import merkle
from services.queue.domain.ledger.days import unbroken
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger.closing import ends_of, leaves_between
from services.queue.usecases.ledger.showing import days


async def wrong_days(desk: Desk) -> list[str]:
    """What is wrong, a sentence each; nothing when all is well."""
    closed = await days(desk, "")
    wrong = [] if unbroken(closed) else ["the days are not chained"]
    before = None
    for day in closed:
        leaves = [leaf async for leaf in leaves_between(desk, await ends_of(desk, before), await ends_of(desk, day))]
        if len(leaves) != day.size or merkle.root(leaves).hex() != day.root:
            wrong.append(f"{day.day}: the log is not the one that was published")
        before = day
    return wrong
