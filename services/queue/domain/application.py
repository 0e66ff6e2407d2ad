"""An application: one child waiting in one stream. Its status, its right to be invited, its history.

What happens to it is told by several topics in any order, so what was heard is kept (invitations, holds) and the
status is derived from all of it: an invitation never revives a removed application, a returned referral heard before
`taken` leaves the child in the queue. A function that changes nothing returns the same object and says nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.queue.domain.history import Happening, HistoryEntry, appended
from services.queue.domain.refusals import NumbersUsedUp
from services.queue.domain.rights import Conclusion, Privilege, Stop, class_by
from services.queue.domain.statuses import HEARING, Actor, check_step
from services.queue.domain.words import (
    LIVE,
    OVER,
    ApplicationId,
    Category,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PersonId,
    PrivilegeClass,
    QueueType,
    Status,
    StreamId,
)

__all__ = ["Actor", "Happening", "HistoryEntry", "Privilege", "class_by"]


class ApplicationFact(StrEnum):
    """What an application says; every fact carries its whole public state."""

    SUBMITTED = "submitted"
    REGISTERED = "registered"
    STATUS_CHANGED = "status_changed"
    REFERRED = "referred"
    REFUSED = "refused"
    ENROLLED = "enrolled"
    DISCHARGED = "discharged"
    STOPPED = "stopped"
    PRIVILEGE_CHANGED = "privilege_changed"
    CONCLUSION_CHANGED = "conclusion_changed"
    CONCLUSION_EXPIRING = "conclusion_expiring"
    REMOVED = "removed"
    RESTORED = "restored"


class NotInvitable(StrEnum):
    """Why an application is skipped by invitations and free choice; the card shows it."""

    NOT_IN_QUEUE = "NOT_IN_QUEUE"
    CONCLUSION_EXPIRED = "CONCLUSION_EXPIRED"
    REFERRED_ELSEWHERE = "REFERRED_ELSEWHERE"


@dataclass(frozen=True, slots=True)
class HeardInvitation:
    """What the application has heard of one invitation; `deadline` is empty until `invited` itself was heard."""

    invitation_id: InvitationId
    deadline: datetime | None = None
    queue_number: int | None = None
    handed_over: bool = False
    ended: EndReason | None = None


@dataclass(frozen=True, slots=True)
class HeardHold:
    """What the application has heard of one hold of its child; `mine` when it was made with this application."""

    hold_id: HoldId
    mine: bool
    state: HoldState


@dataclass(frozen=True, slots=True)
class Departure:
    """A removal that a guardian was given to sign: the octets, by whom they were asked for, how long they may be
    signed."""

    document: str
    asked_by: PersonId
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """State of one application. `standing` is child and queue type while it may not be filed again (R8), for
    uniqueness."""

    application_id: ApplicationId
    child_id: ChildId
    stream_id: StreamId
    queue_type: QueueType
    category: Category | None = None
    group_year: int
    application_number: str
    registered_at: datetime
    serial: int
    filed_by: PersonId | None = None
    status: Status
    status_since: datetime
    invitable: bool
    standing: str | None = None
    privilege: Privilege | None = None
    conclusion: Conclusion | None = None
    service_centre_number: str | None = None
    """Number of the request in a service centre (ХҚКО), of an application that came that way."""
    egov_number: str | None = None
    """Number of the request in the portal of electronic government (ЭҮП), likewise."""
    last_number: int | None = None
    """The number it had when it left the queue, kept for display (R12)."""
    stop: Stop | None = None
    """The stop list, while it lasts."""
    inactive_since: date | None = None
    """Since when the family's silence keeps it out, where the rules want it so."""
    reactivated: bool = False
    twins: str | None = None
    """What twins have in common: they get their referrals together where the rules want it so (R38)."""
    departure: Departure | None = None
    looked_on: date | None = None
    """The last day whose consequences have been drawn: what runs out, who comes back."""
    invitations: tuple[HeardInvitation, ...] = ()
    holds: tuple[HeardHold, ...] = ()
    history: tuple[HistoryEntry, ...] = ()


Change = tuple[Application, tuple[ApplicationFact, ...]]


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a change: `at` for the record, `today` (in the city) for what is in date, `rules` it is decided
    by."""

    at: datetime
    today: date
    rules: str | None = None


LAST_SERIAL = 9_999_999
"""The form of the number has seven digits for it (R7)."""


def application_number(year: int, serial: int, sub: int = 1) -> str:
    """KDDO.year.serial.sub (R7); never reused, never shown truncated. NUMBERS_USED_UP when the serial does not fit."""
    if serial > LAST_SERIAL:
        raise NumbersUsedUp
    return f"KDDO.{year}.{serial}.{sub}"


def privilege_class(application: Application, today: date) -> PrivilegeClass:
    """The class it ranks in today: an unconfirmed or outdated privilege ranks as G (R17)."""
    return class_by(application.privilege, today)


def why_not_invitable(application: Application, today: date) -> NotInvitable | None:
    """Why it is skipped today, or None. A live application that is skipped keeps its number.

    A conclusion whose date was never entered does not bar: only one known to be out of date does (R10).
    """
    if application.status not in LIVE:
        return NotInvitable.NOT_IN_QUEUE
    if any(not h.mine and h.state in {HoldState.TAKEN, HoldState.ENROLLED} for h in application.holds):
        return NotInvitable.REFERRED_ELSEWHERE
    conclusion = application.conclusion
    if conclusion is not None and conclusion.valid_until < today:
        return NotInvitable.CONCLUSION_EXPIRED
    return None


def is_choosing(application: Application) -> bool:
    """Whether a live hold of this application is known here."""
    return any(h.mine and h.state is HoldState.HELD for h in application.holds)


def shown_invitation(application: Application) -> HeardInvitation | None:
    """The invitation that the card shows: the last one that is heard and not ended."""
    live = [i for i in application.invitations if i.deadline is not None and i.ended is None]
    return live[-1] if live and application.status in LIVE else None


def settled(application: Application, now: Now) -> Change:
    """Derive status and right from what has been heard, and what is to be said of the difference."""
    before = application
    application = moved(application, _derived_status(application), now)
    if (application.status, application.invitable) == (before.status, before.invitable):
        return before, ()
    return application, (_said(before, application),)


def moved(application: Application, status: Status, now: Now) -> Application:
    """The application in another status, if the table of statuses has the step (NO_SUCH_STEP), and its right anew."""
    if status is not application.status:
        check_step(application.status, status)
        application = replace(application, status=status, status_since=now.at)
    return replace(
        application,
        invitable=why_not_invitable(application, now.today) is None,
        standing=None if status in OVER else application.standing,
    )


def noted(
    application: Application,
    now: Now,
    what: Happening,
    by: Actor,
    *,
    reason: str | None = None,
    story: str | None = None,
) -> Application:
    """The application with one more line of history."""
    entry = HistoryEntry(now.at, what, application.status, by, reason, story, rules=now.rules)
    return replace(application, history=appended(application.application_id, application.history, entry))


def _derived_status(application: Application) -> Status:
    """What follows from what was heard; other statuses are set by a person and moved by nothing that is heard."""
    if application.status not in HEARING:
        return application.status
    mine = {h.state for h in application.holds if h.mine}
    for state, status in _OF_HOLDS.items():
        if state in mine:
            return status
    if application.stop is not None:
        return Status.STOP_LIST
    if application.inactive_since is not None:
        return Status.INACTIVE
    told = any(i.deadline is not None and i.handed_over and i.ended is None for i in application.invitations)
    return Status.NOTIFIED if told else Status.QUEUED


_OF_HOLDS = {
    HoldState.DISCHARGED: Status.DISCHARGED,
    HoldState.ENROLLED: Status.ENROLLED,
    HoldState.TAKEN: Status.REFERRED,
}

_SAID = {
    Status.REFERRED: ApplicationFact.REFERRED,
    Status.ENROLLED: ApplicationFact.ENROLLED,
    Status.DISCHARGED: ApplicationFact.DISCHARGED,
    Status.STOP_LIST: ApplicationFact.STOPPED,
}

_AWAY = frozenset({Status.REFERRED, Status.ENROLLED, Status.STOP_LIST, Status.INACTIVE})


def _said(before: Application, after: Application) -> ApplicationFact:
    if after.status is not before.status and after.status in _SAID:
        return _SAID[after.status]
    if (before.status in _AWAY and after.status in LIVE) or (after.invitable and not before.invitable):
        return ApplicationFact.RESTORED
    return ApplicationFact.STATUS_CHANGED
