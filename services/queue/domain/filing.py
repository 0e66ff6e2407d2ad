"""Entering and leaving the queue: an application is filed, reviewed where the rules want it, removed at the family's
wish."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

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
    moved,
    noted,
    settled,
)
from services.queue.domain.refusals import (
    BirthDateOutside,
    CategoryRequired,
    ChoiceInProgress,
    ClockWentBack,
    NotInQueue,
    TooOld,
)
from services.queue.domain.rights import Conclusion, is_none
from services.queue.domain.statuses import LEAVABLE, check_step
from services.queue.domain.stream import stream_id_of
from services.queue.domain.words import ApplicationId, Category, ChildId, PersonId, QueueType, Status

FIRST_YEAR = 2000
"""Group years, and so birth years, are of this century."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is asked for: the child, the queue, and whose guardian files (nobody's for an imported application)."""

    application_id: ApplicationId
    child_id: ChildId
    filed_by: PersonId | None
    region: str
    queue_type: QueueType
    category: Category | None
    group_year: int
    privilege: Privilege | None = None
    conclusion: Conclusion | None = None
    service_centre_number: str | None = None
    egov_number: str | None = None
    by: Actor | None = None
    """As what it was filed; empty: by a guardian, or by the system when there is none."""


@dataclass(frozen=True, slots=True)
class Turnstile:
    """What the counter gave: the serial and the moment together, so that clocks of replicas cannot disagree with it."""

    serial: int
    at: datetime
    application_number: str


def serial_in(application_number: str) -> int:
    """The serial inside a number KDDO.year.serial.sub (R7)."""
    return int(application_number.split(".")[2])


def check_clock(entry_at: datetime, now: datetime, tolerance: timedelta) -> None:
    """CLOCK_WENT_BACK when the last registration is further ahead of the clock than replicas may differ (R9)."""
    if entry_at - now > tolerance:
        raise ClockWentBack


def register(
    filing: Filing, entry: Turnstile, now: Now, *, siblings: Sequence[Application] = (), review: bool = False
) -> Change:
    """Put a child into the queue. An imported application keeps its old date, serial and number in `entry`.

    `siblings` are the child's other applications: what they have heard of its holds holds for this one too. With
    `review` it is only submitted: it has its date, and stands in the queue when a clerk has accepted it.
    Refused: CATEGORY_REQUIRED in the correctional queue (R10).
    """
    if filing.queue_type is QueueType.CORRECTIONAL and filing.category is None:
        raise CategoryRequired
    status = Status.SUBMITTED if review else Status.QUEUED
    check_step(None, status)
    privilege = filing.privilege
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
        status=status,
        status_since=entry.at,
        invitable=not review,
        standing=standing_of(filing.child_id, filing.queue_type),
        privilege=None if privilege is None or is_none(privilege.kind, filing.queue_type) else privilege,
        conclusion=filing.conclusion,
        service_centre_number=filing.service_centre_number,
        egov_number=filing.egov_number,
        holds=_of_the_child(siblings),
    )
    application, _ = settled(application, now)
    by = filing.by or (Actor.GUARDIAN if filing.filed_by else Actor.SYSTEM)
    if review:
        return noted(application, now, Happening.SUBMITTED, by), (ApplicationFact.SUBMITTED,)
    return noted(application, now, Happening.REGISTERED, by), (ApplicationFact.REGISTERED,)


def standing_of(child_id: ChildId, queue_type: QueueType) -> str:
    """What at most one application may have at a time (R8)."""
    return f"{child_id}:{queue_type.value}"


def removed_before(application: Application, at: datetime, last_number: int | None, now: Now) -> Change:
    """An application of the old queue that had left it already: in the books with its last number, in no queue (R12)."""
    gone = moved(replace(application, last_number=last_number, holds=()), Status.REMOVED, now)
    gone = replace(gone, status_since=at)
    line = noted(gone, now, Happening.REMOVED, Actor.SYSTEM, reason="OLD_QUEUE")
    return line, (ApplicationFact.REMOVED,)


def _of_the_child(siblings: Sequence[Application]) -> tuple[HeardHold, ...]:
    told = {hold.hold_id: replace(hold, mine=False) for sibling in siblings for hold in sibling.holds if hold.mine}
    return tuple(told.values())


def check_age(birth_date: date, school_year: int, max_age: int, today: date | None = None) -> None:
    """Refuse (TOO_OLD) a child who turns `max_age` by 1 September of the school year (R11), and (BIRTH_DATE_OUTSIDE)
    one born after `today` or before this century."""
    if birth_date.year < FIRST_YEAR or (today is not None and birth_date > today):
        raise BirthDateOutside
    birthday = (birth_date.month, birth_date.day)
    age = school_year - birth_date.year - (birthday > (9, 1))
    if age >= max_age:
        raise TooOld


def remove(
    application: Application,
    now: Now,
    *,
    by: Actor,
    last_number: int | None,
    reason: str | None = None,
    story: str | None = None,
) -> Change:
    """The family leaves the queue (R12). Said twice, the second time changes nothing. `story`: the signature's id.

    Refused: CHOICE_IN_PROGRESS while a hold is known; NOT_IN_QUEUE where nobody can leave. A hold still on its way
    wins, and its referral is returned by itself.
    """
    if application.status is Status.REMOVED:
        return application, ()
    if application.status not in LEAVABLE:
        raise NotInQueue
    if is_choosing(application):
        raise ChoiceInProgress
    gone = replace(application, last_number=last_number, departure=None)
    removed = moved(gone, Status.REMOVED, now)
    return noted(removed, now, Happening.REMOVED, by, reason=reason, story=story), (ApplicationFact.REMOVED,)
