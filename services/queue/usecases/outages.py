"""Outages: recorded by an officer or found by queue itself, and given back to the families whose windows they met."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.chassis.errors import AlreadyExists, Stale
from services.queue.domain.outages import Outage, OutageCause, Pulse, recorded, stood_still
from services.queue.domain.words import OutageId, PersonId, StreamId
from services.queue.usecases import turns
from services.queue.usecases.desk import Desk

BEAT = timedelta(seconds=15)
"""So often, in real time, queue notes that it runs; whichever of its processes comes first."""
PAGE = 200
ONE = "queue"
_NAMES = UUID("0b0f2a52-6a1f-4d0c-8f1b-6d2f4b8b7e61")


async def beat(desk: Desk, now: Pulse) -> None:
    """Notes that queue runs. When it did not for as long as the limit, that outage is recorded before anything lapses."""
    stored = await desk.store.pulse.get(ONE)
    if stored is None:
        await _first_beat(desk, now)
        return
    gap = stood_still(stored.state, now, desk.rules(now.at).prolonging().limit)
    if gap is not None:
        await _found(desk, gap, now.at)
    if gap is not None or now.real - stored.state.real >= BEAT or now.at < stored.state.at:
        try:
            await desk.store.pulse.save(stored, now, at=now.at)
        except Stale:
            return


async def enter(
    desk: Desk, outage_id: OutageId, by: PersonId, span: tuple[datetime, datetime], cause: OutageCause, now: datetime
) -> Outage:
    """An officer records an outage; the same request again changes nothing. Raises NOT_AN_OUTAGE."""
    return await _keep(desk, recorded(_outage(desk, outage_id, span, cause, now, by=by), now), now)


async def apply(desk: Desk, id: str, now: datetime) -> None:
    """Every window of that time gets its days back. Done again, it changes nothing."""
    stored = await desk.store.outages.get(id)
    if stored is None or stored.state.applied_at is not None:
        return
    last = StreamId("")
    while page := await desk.store.with_live_invitations(last, limit=PAGE):
        for last in page:
            await turns.prolong(desk, last, now)
    await desk.store.outages.save(stored, stored.state.applied(now), at=now)


async def listed(desk: Desk) -> list[Outage]:
    """The records, latest first."""
    return await desk.reading.latest_outages()


async def _first_beat(desk: Desk, now: Pulse) -> None:
    try:
        await desk.store.pulse.add(ONE, now, at=now.at)
    except AlreadyExists:
        return


async def _found(desk: Desk, span: tuple[datetime, datetime], now: datetime) -> None:
    """Recorded whole, however long it was: what is measured is no mistake of a writer.

    Its name is that of the span. Who was killed between the record and the pulse finds a longer one next time, which is a
    record of its own; where two overlap, the time counts once.
    """
    outage_id = OutageId(str(uuid5(_NAMES, "/".join(moment.isoformat() for moment in span))))
    await _keep(desk, _outage(desk, outage_id, span, OutageCause.QUEUE_STOOD_STILL, now), now)


async def _keep(desk: Desk, outage: Outage, now: datetime) -> Outage:
    try:
        return (await desk.store.outages.add(outage.outage_id, outage, at=now, due=now)).state
    except AlreadyExists:
        stored = await desk.store.outages.get(outage.outage_id)
        return stored.state if stored else outage


def _outage(
    desk: Desk,
    outage_id: OutageId,
    span: tuple[datetime, datetime],
    cause: OutageCause,
    now: datetime,
    by: PersonId | None = None,
) -> Outage:
    return Outage(
        outage_id=outage_id,
        began_at=span[0],
        ended_at=span[1],
        cause=cause,
        recorded_at=now,
        policy=desk.rules(now).version,
        entered_by=by,
    )
