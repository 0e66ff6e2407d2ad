"""Entering and leaving the queue."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid4, uuid5

from services.chassis.aggregates import Stored
from services.chassis.errors import AlreadyExists
from services.queue import events
from services.queue.domain.application import Actor, Application, Privilege, application_number
from services.queue.domain.filing import Filing, Turnstile, check_age, check_clock, register, removed_before, serial_in
from services.queue.domain.refusals import (
    AlreadyInQueue,
    NumberTaken,
    RowDiffers,
)
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    PersonId,
    QueueType,
)
from services.queue.store import NUMBER
from services.queue.usecases.desk import Desk
from services.queue.usecases.keeping import look_again

COUNTER = "applications"
DRAWS = 100
"""So many numbers are drawn for one filing at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guardian asks for, or a clerk in a guardian's name."""

    child_id: ChildId
    birth_date: date
    queue_type: QueueType
    category: Category | None
    privilege: Privilege | None = None
    service_centre_number: str | None = None
    egov_number: str | None = None


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
    removed_at: datetime | None = None
    """When it left the old queue; such a one stands in the books with its last number, and in no queue."""
    last_number: int | None = None


async def file(
    desk: Desk, person_id: PersonId | None, asked: Asked, now: datetime, *, by: Actor = Actor.GUARDIAN
) -> Stored[Application]:
    """Puts a child into the queue now (R7-R11); a clerk files in a guardian's name, what a clerk files is reviewed.

    The counter gives serial and moment together, so that clocks of replicas cannot disagree with the order. A number
    that an application of the old queue bears already is passed over.
    Refused: BIRTH_DATE_OUTSIDE, TOO_OLD, CATEGORY_REQUIRED, ALREADY_IN_QUEUE, CLOCK_WENT_BACK.
    """
    rules = desk.rules(now)
    check_age(asked.birth_date, rules.school_year(now), rules.own.max_age, desk.today(now))
    filing = Filing(
        application_id=ApplicationId(str(uuid4())),
        child_id=asked.child_id,
        filed_by=person_id,
        region=desk.region,
        queue_type=asked.queue_type,
        category=asked.category,
        group_year=asked.birth_date.year,
        privilege=asked.privilege,
        service_centre_number=asked.service_centre_number,
        egov_number=asked.egov_number,
        by=by,
    )
    review = rules.own.applications.review and by is Actor.GUARDIAN
    for _ in range(DRAWS):
        serial, at = await desk.store.counters.next(COUNTER, at=now)
        check_clock(at, now, timedelta(minutes=rules.own.applications.clock_tolerance_minutes))
        year = rules.calendar.local_day(at).year
        with contextlib.suppress(NumberTaken):
            entry = Turnstile(serial, at, application_number(year, serial))
            return await _enter(desk, filing, entry, now, review=review)
    raise NumberTaken


async def take_over(desk: Desk, row: OldRow, now: datetime) -> bool:
    """Puts an application of the old queue into this one; False when it is here already.

    Refused: CATEGORY_REQUIRED; ALREADY_IN_QUEUE when another application of the child stands in a queue of this type;
    NUMBER_TAKEN when another application bears the number; ROW_DIFFERS when it is here with another date or number.
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
    departure = (row.removed_at, row.last_number) if row.removed_at else None
    try:
        entry = Turnstile(row.serial, row.registered_at, number)
        await _enter(desk, filing, entry, now, departure=departure)
    except (AlreadyInQueue, NumberTaken):
        known = await desk.store.applications.get(filing.application_id)
        if known is None:
            raise
        if (known.state.registered_at, known.state.application_number) != (row.registered_at, number):
            raise RowDiffers from None
        return False
    return True


async def counted_past(desk: Desk, rows: Sequence[OldRow]) -> None:
    """New applications get serials and moments after those of the old queue, and numbers that it did not give."""
    if rows:
        last = max(row.registered_at for row in rows)
        numbered = [serial_in(row.application_number) for row in rows if row.application_number]
        await desk.store.counters.at_least(COUNTER, max([*numbered, *(row.serial for row in rows)]), at=last)


async def _enter(
    desk: Desk,
    filing: Filing,
    entry: Turnstile,
    now: datetime,
    *,
    review: bool = False,
    departure: tuple[datetime, int | None] | None = None,
) -> Stored[Application]:
    siblings = [each.state for each in await desk.store.of_child(filing.child_id)]
    application, said = register(filing, entry, desk.moment(now), siblings=siblings, review=review)
    if departure is not None:
        application, said = removed_before(application, *departure, desk.moment(now))
    facts, look = events.of_application(application, said), look_again(desk, application, now)
    try:
        return await desk.store.applications.add(application.application_id, application, at=now, facts=facts, due=look)
    except AlreadyExists as error:
        raise (NumberTaken if error.index == NUMBER else AlreadyInQueue) from error


def id_of(row: OldRow) -> ApplicationId:
    """The same row has the same id, so that a repeated import changes nothing."""
    name = f"zholdama/queue/{row.region}/{row.queue_type}/{row.serial}/{row.child_id}"
    return ApplicationId(str(uuid5(NAMESPACE_URL, name)))
