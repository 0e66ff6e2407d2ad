"""An application: one child waiting in one stream. Its status, its right to be invited, its history.

What happens to it is told by several topics in any order, so what was heard is kept (invitations, holds) and the
status is derived from all of it: an invitation never revives a removed application, a returned referral heard before
`taken` leaves the child in the queue. A function that changes nothing returns the same object and says nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

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
    PrivilegeKind,
    QueueType,
    Status,
    StreamId,
)


class Actor(StrEnum):
    """Who did it, as a role: the history is shown and names nobody."""

    GUARDIAN = "GUARDIAN"
    CLERK = "CLERK"
    SYSTEM = "SYSTEM"


class Happening(StrEnum):
    """What an entry of the history tells."""

    REGISTERED = "REGISTERED"
    INVITED = "INVITED"
    NOTICE_HANDED_OVER = "NOTICE_HANDED_OVER"
    INVITATION_ENDED = "INVITATION_ENDED"
    PLACE_HELD = "PLACE_HELD"
    HOLD_RELEASED = "HOLD_RELEASED"
    PLACE_TAKEN = "PLACE_TAKEN"
    REFERRAL_ENDED = "REFERRAL_ENDED"
    RIGHT_CHANGED = "RIGHT_CHANGED"
    REMOVED = "REMOVED"


class ApplicationFact(StrEnum):
    """What an application says; every fact carries its whole public state."""

    REGISTERED = "registered"
    STATUS_CHANGED = "status_changed"
    REFERRED = "referred"
    REMOVED = "removed"
    RESTORED = "restored"


class NotInvitable(StrEnum):
    """Why an application is skipped by invitations and free choice; the card shows it."""

    NOT_IN_QUEUE = "NOT_IN_QUEUE"
    CONCLUSION_EXPIRED = "CONCLUSION_EXPIRED"
    REFERRED_ELSEWHERE = "REFERRED_ELSEWHERE"


@dataclass(frozen=True, slots=True)
class Privilege:
    """A right to stand earlier. Counts only when confirmed and in date (R17); `valid_until` is its last day."""

    kind: PrivilegeKind
    rank: PrivilegeClass
    confirmed_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history (R46); `reason` is a code, never free text."""

    at: datetime
    what: Happening
    status: Status
    by: Actor
    reason: str | None = None
    story: str | None = None
    """Id of the invitation, hold or referral that the line is about."""


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
    conclusion_valid_until: date | None = None
    service_centre_number: str | None = None
    """Number of the request in a service centre (ХҚКО), of an application that came that way."""
    egov_number: str | None = None
    """Number of the request in the portal of electronic government (ЭҮП), likewise."""
    last_number: int | None = None
    """The number it had when it left the queue, kept for display (R12)."""
    invitations: tuple[HeardInvitation, ...] = ()
    holds: tuple[HeardHold, ...] = ()
    history: tuple[HistoryEntry, ...] = ()


Change = tuple[Application, tuple[ApplicationFact, ...]]


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a change: `at` for the record, `today` (in the city) for what is in date."""

    at: datetime
    today: date


def application_number(year: int, serial: int, sub: int = 1) -> str:
    """KDDO.year.serial.sub (R7); never reused, never shown truncated."""
    return f"KDDO.{year}.{serial}.{sub}"


def privilege_class(application: Application, today: date) -> PrivilegeClass:
    """The class it ranks in today: an unconfirmed or outdated privilege ranks as G (R17)."""
    privilege = application.privilege
    if privilege is None or privilege.confirmed_on is None or privilege.confirmed_on > today:
        return PrivilegeClass.GENERAL
    in_date = privilege.valid_until is None or today <= privilege.valid_until
    return privilege.rank if in_date else PrivilegeClass.GENERAL


def why_not_invitable(application: Application, today: date) -> NotInvitable | None:
    """Why it is skipped today, or None. A live application that is skipped keeps its number.

    A conclusion whose date was never entered does not bar: only one known to be out of date does (R10).
    """
    if application.status not in LIVE:
        return NotInvitable.NOT_IN_QUEUE
    if any(not h.mine and h.state is HoldState.TAKEN for h in application.holds):
        return NotInvitable.REFERRED_ELSEWHERE
    valid_until = application.conclusion_valid_until
    if valid_until is not None and valid_until < today:
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
    status = _derived_status(application)
    before = application
    if status is not application.status:
        application = replace(application, status=status, status_since=now.at)
    application = replace(
        application,
        invitable=why_not_invitable(application, now.today) is None,
        standing=None if status in OVER else application.standing,
    )
    if (application.status, application.invitable) == (before.status, before.invitable):
        return before, ()
    return application, (_said(before, application),)


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
    entry = HistoryEntry(now.at, what, application.status, by, reason, story)
    return replace(application, history=(*application.history, entry))


def _derived_status(application: Application) -> Status:
    """Only those in the queue or referred are moved by what is heard; other statuses are set by a person or a rule."""
    if application.status not in {*LIVE, Status.REFERRED}:
        return application.status
    if any(h.mine and h.state is HoldState.TAKEN for h in application.holds):
        return Status.REFERRED
    told = any(i.deadline is not None and i.handed_over and i.ended is None for i in application.invitations)
    return Status.NOTIFIED if told else Status.QUEUED


def _said(before: Application, after: Application) -> ApplicationFact:
    if after.status is Status.REFERRED:
        return ApplicationFact.REFERRED
    if before.status is Status.REFERRED or (after.invitable and not before.invitable):
        return ApplicationFact.RESTORED
    return ApplicationFact.STATUS_CHANGED
