"""The opening hour of a stream: drafted places go to the queue, owed places to everybody, tokens to the queue.

The plan is written first, then each place, then the ledger's end with `opened`; whoever comes after a crash goes on from
the plan.
"""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from services.chassis.aggregates import Stored, retry_stale
from services.vacancy import events
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain.ledger import Ledger, Plan
from services.vacancy.domain.place import Publication
from services.vacancy.domain.words import PlaceState, PublicationId, StreamId
from services.vacancy.usecases.changing import change_place
from services.vacancy.usecases.desk import Desk, Rules


async def publish(desk: Desk, stream_id: str, now: datetime) -> None:
    """Do what is due at the last opening hour; one that was begun is finished first."""
    planned = await _plan(desk, StreamId(stream_id), now)
    if planned is None:
        return
    for place_id in planned.to_publish:
        await change_place(desk, place_id, lambda place: places.publish(place, planned.publication), now)
    for place_id in planned.to_open:
        await change_place(desk, place_id, lambda place: places.open_to_all(place, planned.publication), now)
    await _complete(desk, StreamId(stream_id), planned, now)


@retry_stale
async def _plan(desk: Desk, stream_id: StreamId, now: datetime) -> Plan | None:
    """The plan under way, or a new one; None when this day is done, and then the next day is looked forward to."""
    stored = await desk.store.ledgers.get(stream_id)
    if stored is None or stored.state.plan is not None:
        return stored.state.plan if stored else None
    planned = await _planned(desk, stored, now)
    await desk.store.ledgers.save(stored, planned, at=now, due=desk.next_look(planned, now))
    return planned.plan


async def _planned(desk: Desk, stored: Stored[Ledger], now: datetime) -> Ledger:
    rules, ledger = desk.rules(now), stored.state
    opening = rules.last_opening(now)
    publication = _publication(rules, ledger.stream_id, opening, now)
    working = rules.calendar.is_working_day(publication.day)
    opens = working or rules.own.free_choice_on_days_off
    owed = ledger.to_open > 0 and opens
    return ledgers.planned(
        ledger,
        publication,
        publishes=working,
        drafts=await desk.store.drafts(ledger.stream_id, opening) if working else (),
        priority=await desk.store.in_state(ledger.stream_id, PlaceState.PUBLISHED_PRIORITY) if owed else (),
    )


def _publication(rules: Rules, stream_id: StreamId, opening: datetime, now: datetime) -> Publication:
    day = rules.calendar.local_day(opening)
    id = PublicationId(str(uuid5(NAMESPACE_URL, f"publication/{stream_id}/{day.isoformat()}")))
    return Publication(id, day, rules.moment_of_publication(opening, now))


@retry_stale
async def _complete(desk: Desk, stream_id: StreamId, plan: Plan, now: datetime) -> None:
    stored = await desk.store.ledgers.get(stream_id)
    if stored is None or stored.state.plan != plan:
        return
    published = await desk.store.marked(plan.publication, plan.to_publish, "published_by")
    opened = await desk.store.marked(plan.publication, plan.to_open, "opened_by")
    ledger, said = ledgers.completed(stored.state, plan, published=published, opened=opened)
    facts = events.opened(ledger, said)
    await desk.store.ledgers.save(stored, ledger, at=plan.publication.at, facts=facts, due=desk.next_look(ledger, now))
