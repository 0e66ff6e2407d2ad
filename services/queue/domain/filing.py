"""Entering and leaving the queue: an application is registered, or removed at the family's wish."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Change,
    Happening,
    HeardHold,
    Now,
    Privilege,
    is_choosing,
    noted,
    settled,
)
from services.queue.domain.refusals import CategoryRequired, ChoiceInProgress, NotInQueue, TooOld
from services.queue.domain.stream import stream_id_of
from services.queue.domain.words import LIVE, ApplicationId, Category, ChildId, PersonId, QueueType, Status


@dataclass(frozen=True, slots=True)
class Filing:
    """What is asked for: the child, the queue, and whoever files (nobody for an imported application)."""

    application_id: ApplicationId
    child_id: ChildId
    filed_by: PersonId | None
    region: str
    queue_type: QueueType
    category: Category | None
    group_year: int
    privilege: Privilege | None = None
    conclusion_valid_until: date | None = None
    service_centre_number: str | None = None
    egov_number: str | None = None


@dataclass(frozen=True, slots=True)
class Turnstile:
    """What the counter gave: the serial and the moment together, so that clocks of replicas cannot disagree with it."""

    serial: int
    at: datetime
    application_number: str


def serial_in(application_number: str) -> int:
    """The serial inside a number KDDO.year.serial.sub (R7)."""
    return int(application_number.split(".")[2])


def register(filing: Filing, entry: Turnstile, now: Now, *, siblings: Sequence[Application] = ()) -> Change:
    """Put a child into the queue. An imported application keeps its old date, serial and number in `entry`.

    `siblings` are the child's other applications: what they have heard of its holds holds for this one too.

    Refused: CATEGORY_REQUIRED in the correctional queue (R10).
    """
    if filing.queue_type is QueueType.CORRECTIONAL and filing.category is None:
        raise CategoryRequired
    application = Application(
        application_id=filing.application_id,
        child_id=filing.child_id,
        stream_id=stream_id_of(filing.region, filing.queue_type, filing.category, filing.group_year),
        queue_type=filing.queue_type,
        category=filing.category,
        group_year=filing.group_year,
        application_number=entry.application_number,
        registered_at=entry.at,
        serial=entry.serial,
        filed_by=filing.filed_by,
        status=Status.QUEUED,
        status_since=entry.at,
        invitable=True,
        standing=f"{filing.child_id}:{filing.queue_type.value}",
        privilege=filing.privilege,
        conclusion_valid_until=filing.conclusion_valid_until,
        service_centre_number=filing.service_centre_number,
        egov_number=filing.egov_number,
        holds=_of_the_child(siblings),
    )
    application, _ = settled(application, now)
    by = Actor.GUARDIAN if filing.filed_by else Actor.SYSTEM
    return noted(application, now, Happening.REGISTERED, by), (ApplicationFact.REGISTERED,)


def _of_the_child(siblings: Sequence[Application]) -> tuple[HeardHold, ...]:
    told = {hold.hold_id: replace(hold, mine=False) for sibling in siblings for hold in sibling.holds if hold.mine}
    return tuple(told.values())


def check_age(birth_date: date, school_year: int, max_age: int) -> None:
    """Refuse (TOO_OLD) a child who turns `max_age` by 1 September of the school year (R11)."""
    birthday = (birth_date.month, birth_date.day)
    age = school_year - birth_date.year - (birthday > (9, 1))
    if age >= max_age:
        raise TooOld


def remove(
    application: Application, now: Now, *, by: Actor, last_number: int | None, reason: str | None = None
) -> Change:
    """The family leaves the queue (R12). Said twice, the second time changes nothing.

    Refused: CHOICE_IN_PROGRESS while a hold is known; NOT_IN_QUEUE when it is not live. A hold still on its way wins,
    and its referral is returned by itself.
    """
    if application.status is Status.REMOVED:
        return application, ()
    if application.status not in LIVE:
        raise NotInQueue
    if is_choosing(application):
        raise ChoiceInProgress
    removed = replace(
        application,
        status=Status.REMOVED,
        status_since=now.at,
        invitable=False,
        standing=None,
        last_number=last_number,
    )
    return noted(removed, now, Happening.REMOVED, by, reason=reason), (ApplicationFact.REMOVED,)
