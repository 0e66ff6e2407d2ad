"""The decisions of a stream as one log, for whoever replays it under other rules."""

from services.queue.domain.application import Application, Happening
from services.queue.domain.ledger.decisions import Decision, Did
from services.queue.domain.simulation import Happened, LogRow, Mode
from services.queue.domain.stream import Stream
from services.queue.domain.words import StreamId
from services.queue.store import STREAM_LIMIT
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger.log import of_stream

PAGE = 200


async def streams(desk: Desk) -> list[str]:
    """All streams by name."""
    return sorted(await desk.reading.streams.ids({}, limit=STREAM_LIMIT))


async def log_of_stream(desk: Desk, stream_id: str) -> list[LogRow]:
    """Who entered, left and changed class by the ledger; publications, turns and choices by the stream."""
    rows = [row for decision in await of_stream(desk, StreamId(stream_id)) if (row := _of_decision(decision))]
    stored = await desk.reading.streams.get(stream_id)
    if stored is None:
        return rows
    stream = stored.state
    rows += [LogRow(at=each.at, what=Happened.PUBLISHED, n=each.n) for each in stream.brought]
    rows += [
        LogRow(at=each.invited_at, what=Happened.INVITED, application_id=each.application_id)
        for each in stream.invitations
    ]
    chose = sorted({hold.application_id for hold in stream.holds if hold.counted})
    for start in range(0, len(chose), PAGE):
        page = {"_id": {"$in": chose[start : start + PAGE]}}
        for each in await desk.reading.applications.find(page, limit=PAGE):
            rows += _choices(stream, each.state)
    return sorted(rows, key=lambda row: row.at)


def _of_decision(row: Decision) -> LogRow | None:
    what = {Did.ENTERED: Happened.ENTERED, Did.LEFT: Happened.LEFT, Did.CLASS_CHANGED: Happened.CLASS_CHANGED}
    if row.did not in what:
        return None
    return LogRow(
        at=row.at,
        what=what[row.did],
        application_id=row.application_id,
        privilege=row.place.privilege if row.place else None,
        registered_at=row.place.registered_at if row.place else None,
        serial=row.place.serial if row.place else None,
        status=row.status,
    )


def _choices(stream: Stream, application: Application) -> list[LogRow]:
    by_turn = {hold.hold_id: hold.invitation_id is not None for hold in stream.holds if hold.counted}
    return [
        LogRow(
            at=line.at,
            what=Happened.CHOSE,
            application_id=application.application_id,
            mode=Mode.PRIORITY if by_turn[hold_id] else Mode.FREE_CHOICE,
        )
        for line in application.history
        for hold_id in by_turn
        if line.what is Happening.PLACE_TAKEN and line.story == hold_id
    ]
