"""What the clock alone brings: windows that lapse, days with consequences, outages to be given back, a day to close."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial

from services.chassis.clock import Clock, real_now
from services.chassis.scheduler import Due
from services.chassis.service import Regularly
from services.queue.domain.outages import Pulse
from services.queue.usecases import keeping, outages, recount, turns
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger import closing


def due(desk: Desk) -> tuple[Due, ...]:
    """Work that belongs to a moment."""

    async def stream_due(stream_id: str, now: datetime) -> None:
        await outages.beat(desk, Pulse(now, real_now()))
        await turns.due(desk, stream_id, now)

    store = desk.store
    return (
        Due(store.outages, partial(outages.apply, desk)),
        Due(store.streams, stream_due),
        Due(store.applications, partial(keeping.due, desk)),
    )


def regularly(desk: Desk, clock: Clock) -> tuple[Regularly, ...]:
    """Work that is done again and again."""

    async def beat() -> None:
        await outages.beat(desk, Pulse(clock.now(), real_now()))

    return (Regularly(outages.BEAT.total_seconds(), beat),)


def nightly(desk: Desk, clock: Clock) -> Mapping[str, Callable[[], Awaitable[object]]]:
    """Work of every night, by the collection that keeps when it was done."""
    return {
        "recounts": lambda: recount.of_the_city(desk, clock.now()),
        "closings": lambda: closing.close_yesterday(desk, clock.now()),
    }
