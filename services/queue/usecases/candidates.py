"""Who is to be invited: the stream is read as it is now, laid out in order, and looked at from the front only as far as there
are tokens."""

from collections.abc import Collection
from datetime import date, datetime

from services.queue.domain.application import Application, privilege_class, why_not_invitable
from services.queue.domain.stream import Candidate, Stream, has_or_chooses, live_invitation
from services.queue.domain.words import LIVE, ApplicationId
from services.queue.usecases import standing
from services.queue.usecases.desk import Desk

PAGE = 50


async def first_of(desk: Desk, stream: Stream, now: datetime) -> list[Candidate]:
    """The front of the queue: enough to find somebody for every token, or all when there are more tokens than children."""
    today = desk.today(now)
    await standing.read_stream(desk.reading, stream.stream_id)
    order = list(desk.reading.standing.in_order(stream.stream_id, today, stream.turns))
    found: list[Candidate] = []
    fit = 0
    for start in range(0, len(order), PAGE):
        page = order[start : start + PAGE]
        stored = await desk.store.applications.find({"_id": {"$in": page}}, limit=PAGE)
        by_id = {each.id: each.state for each in stored}
        for number, application_id in enumerate(page, start=start + 1):
            found.append(_candidate(by_id[application_id], number, today))
            fit += could_be_invited(stream, by_id[application_id], today)
        if fit >= stream.available:
            break
    return found


async def who_wished(desk: Desk, stream: Stream, wishing: Collection[ApplicationId], now: datetime) -> list[Candidate]:
    """Those of the stream who wished for something, in the order of the queue."""
    today, asked = desk.today(now), frozenset(wishing)
    await standing.read_stream(desk.reading, stream.stream_id)
    order = enumerate(desk.reading.standing.in_order(stream.stream_id, today, stream.turns), start=1)
    mine = [(number, application_id) for number, application_id in order if application_id in asked]
    found: list[Candidate] = []
    for start in range(0, len(mine), PAGE):
        page = mine[start : start + PAGE]
        stored = await desk.store.applications.find({"_id": {"$in": [one for _, one in page]}}, limit=PAGE)
        by_id = {each.id: each.state for each in stored}
        found += [_candidate(by_id[one], number, today) for number, one in page]
    return found


def could_be_invited(stream: Stream, application: Application, today: date) -> bool:
    """Whether a token of the stream could go to this child."""
    if application.status not in LIVE or why_not_invitable(application, today) is not None:
        return False
    return live_invitation(stream, application.child_id) is None and not has_or_chooses(stream, application.child_id)


def _candidate(application: Application, number: int, today: date) -> Candidate:
    return Candidate(
        application_id=application.application_id,
        child_id=application.child_id,
        queue_number=number,
        privilege=privilege_class(application, today),
        invitable=why_not_invitable(application, today) is None,
    )
