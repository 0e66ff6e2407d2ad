"""Entering and leaving the queue."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid4, uuid5

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists
from services.queue import events
from services.queue.domain.application import Actor, Application, Privilege, application_number
from services.queue.domain.filing import Filing, Turnstile, check_age, register, remove, serial_in
from services.queue.domain.refusals import AlreadyInQueue, NumberTaken
from services.queue.domain.words import LIVE, ApplicationId, Category, ChildId, PersonId, QueueType
from services.queue.store import NUMBER
from services.queue.usecases.asking import seen_by
from services.queue.usecases.desk import Desk

COUNTER = "applications"
DRAWS = 100
"""So many numbers are drawn for one filing at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guardian asks for."""

    child_id: ChildId
    birth_date: date
    queue_type: QueueType
    category: Category | None
    privilege: Privilege | None = None


@dataclass(frozen=True, slots=True)
class OldRow:
    """An application of the queue that was kept elsewhere before: its date, serial and number stay as they are."""

    child_id: ChildId
    filed_by: PersonId | None
    birth_date: date
    region: str
    queue_type: QueueType
    category: Category | None
    privilege: Privilege | None
    registered_at: datetime
    serial: int
    application_number: str | None
    service_centre_number: str | None = None
    egov_number: str | None = None


async def file(desk: Desk, person_id: PersonId, asked: Asked, now: datetime) -> Stored[Application]:
    """Puts a child into the queue now (R7-R11).

    The counter gives serial and moment together, so that clocks of replicas cannot disagree with the order. A number
    that an application of the old queue bears already is passed over.
    Refused: TOO_OLD, CATEGORY_REQUIRED, ALREADY_IN_QUEUE.
    """
    rules = desk.rules(now)
    check_age(asked.birth_date, rules.school_year(now), rules.own.max_age)
    filing = Filing(
        application_id=ApplicationId(str(uuid4())),
        child_id=asked.child_id,
        filed_by=person_id,
        region=desk.region,
        queue_type=asked.queue_type,
        category=asked.category,
        group_year=asked.birth_date.year,
        privilege=asked.privilege,
    )
    for _ in range(DRAWS):
        serial, at = await desk.store.counters.next(COUNTER, at=now)
        year = rules.calendar.local_day(at).year
        with contextlib.suppress(NumberTaken):
            return await _enter(desk, filing, Turnstile(serial, at, application_number(year, serial)), now)
    raise NumberTaken


async def take_over(desk: Desk, row: OldRow, now: datetime) -> bool:
    """Puts an application of the old queue into this one; False when it is here already.

    Refused: CATEGORY_REQUIRED; ALREADY_IN_QUEUE when another application of the child stands in a queue of this type;
    NUMBER_TAKEN when another application bears the number.
    """
    filing = Filing(
        application_id=id_of(row),
        child_id=row.child_id,
        filed_by=row.filed_by,
        region=row.region,
        queue_type=row.queue_type,
        category=row.category,
        group_year=row.birth_date.year,
        privilege=row.privilege,
        service_centre_number=row.service_centre_number,
        egov_number=row.egov_number,
    )
    year = desk.rules(now).calendar.local_day(row.registered_at).year
    number = row.application_number or application_number(year, row.serial)
    try:
        await _enter(desk, filing, Turnstile(row.serial, row.registered_at, number), now)
    except (AlreadyInQueue, NumberTaken):
        if await desk.store.applications.get(filing.application_id) is None:
            raise
        return False
    return True


async def counted_past(desk: Desk, rows: Sequence[OldRow]) -> None:
    """New applications get serials and moments after those of the old queue, and numbers that it did not give."""
    if rows:
        last = max(row.registered_at for row in rows)
        numbered = [serial_in(row.application_number) for row in rows if row.application_number]
        await desk.store.counters.at_least(COUNTER, max([*numbered, *(row.serial for row in rows)]), at=last)


@retry_stale
async def leave(desk: Desk, person_id: PersonId, application_id: ApplicationId, now: datetime) -> Application:
    """The family leaves the queue (R12). Refused: NO_SUCH_APPLICATION, NOT_IN_QUEUE, CHOICE_IN_PROGRESS."""
    stored = await seen_by(desk.store, person_id, application_id)
    number: int | None = None
    if stored.state.status in LIVE:
        turns = await desk.store.turns(stored.state.stream_id)
        number = (await desk.store.number_of(stored.state, turns, desk.today(now)))[0].number
    application, said = remove(stored.state, desk.moment(now), by=Actor.GUARDIAN, last_number=number)
    if said:
        facts = events.of_application(application, said)
        await desk.store.applications.save(stored, application, at=now, facts=facts)
    return application


async def _enter(desk: Desk, filing: Filing, entry: Turnstile, now: datetime) -> Stored[Application]:
    siblings = [each.state for each in await desk.store.of_child(filing.child_id)]
    application, said = register(filing, entry, desk.moment(now), siblings=siblings)
    facts = events.of_application(application, said)
    try:
        return await desk.store.applications.add(application.application_id, application, at=now, facts=facts)
    except AlreadyExists as error:
        raise (NumberTaken if error.index == NUMBER else AlreadyInQueue) from error


def id_of(row: OldRow) -> ApplicationId:
    """The same row has the same id, so that a repeated import changes nothing."""
    name = f"zholdama/queue/{row.region}/{row.queue_type}/{row.serial}/{row.child_id}"
    return ApplicationId(str(uuid5(NAMESPACE_URL, name)))
