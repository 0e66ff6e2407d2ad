"""An outage: a dated time in which families could not reach what they need to choose, and what it gives back to them.

The rule: every working day of a window on which outages lasted at least the limit is given back as one more day at its
end. The length of all records together counts, so two records of one outage give a day back once, and an answer that is
reckoned again is the same. A window that has ended is not opened again: its token has gone back.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.queue.domain.refusals import NotAnOutage
from services.queue.domain.stream import Change, Invitation, InvitationProlonged, Stream, StreamFact, Window
from services.queue.domain.words import OutageId, PersonId

LONGEST = timedelta(days=31)
"""A record longer than this is a mistake of the officer who wrote it; what queue itself finds may be longer."""


class OutageCause(StrEnum):
    """What did not work; a code, so that a record names nobody."""

    QUEUE_STOOD_STILL = "QUEUE_STOOD_STILL"
    """Found by queue itself: it did not run."""
    CABINET_UNREACHABLE = "CABINET_UNREACHABLE"
    SIGNATURE_UNAVAILABLE = "SIGNATURE_UNAVAILABLE"
    """The national certification authority or its key software."""
    NOTICES_NOT_SENT = "NOTICES_NOT_SENT"
    POWER_OR_NETWORK = "POWER_OR_NETWORK"
    PLANNED_WORK = "PLANNED_WORK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A record of an outage, from `began_at` to `ended_at`. `entered_by` is empty for one that queue found itself."""

    outage_id: OutageId
    began_at: datetime
    ended_at: datetime
    cause: OutageCause
    recorded_at: datetime
    policy: str
    """The version of the rules by which it prolongs."""
    entered_by: PersonId | None = None
    applied_at: datetime | None = None
    """When all windows of that time had been prolonged."""

    def applied(self, at: datetime) -> "Outage":
        """The record once every window has been looked at."""
        return replace(self, applied_at=at)


@dataclass(frozen=True, slots=True)
class Pulse:
    """When queue was last known to run: `at` in business time, `real` on the machine's own clock."""

    at: datetime
    real: datetime


@dataclass(frozen=True, slots=True)
class Prolonging:
    """What the rules of a city say about outages.

    `working_days` gives the working days that lie in a span as [first moment, last moment); `longer` is a deadline so
    many days of the window's kind later.
    """

    limit: timedelta
    working_days: Callable[[datetime, datetime], Iterable[tuple[datetime, datetime]]]
    longer: Callable[[datetime, int], datetime]


def recorded(outage: Outage, now: datetime) -> Outage:
    """An officer's record, unless it cannot be true: NOT_AN_OUTAGE when it ends before it begins, in the future, or
    after a month."""
    length = outage.ended_at - outage.began_at
    if not timedelta(0) < length <= LONGEST or outage.ended_at > now:
        raise NotAnOutage
    return outage


def stood_still(pulse: Pulse, now: Pulse, limit: timedelta) -> tuple[datetime, datetime] | None:
    """The time in which queue did not run, when it is as long as the limit on both clocks.

    A business clock that is moved is no outage, and neither is one that stands while queue runs.
    """
    if min(now.at - pulse.at, now.real - pulse.real) < limit:
        return None
    return pulse.at, now.at


def prolonged(stream: Stream, outages: Sequence[Outage], rules: Prolonging) -> Change:
    """Every live invitation with the deadline that the recorded outages give it; says each that changed."""
    said: list[StreamFact] = []
    invitations = []
    for invitation in stream.invitations:
        window, because = _window(invitation, outages, rules)
        if invitation.ended is None and because is not None and window.deadline > invitation.window.deadline:
            first = invitation.first_deadline or invitation.window.deadline
            invitation = replace(invitation, window=window, first_deadline=first)
            said.append(InvitationProlonged(invitation, because.outage_id))
        invitations.append(invitation)
    return (replace(stream, invitations=tuple(invitations)), tuple(said)) if said else (stream, ())


def _window(invitation: Invitation, outages: Sequence[Outage], rules: Prolonging) -> tuple[Window, Outage | None]:
    """The window as the outages leave it, and the last one it was prolonged for.

    A longer window may meet a further outage, so it is reckoned until nothing is added; each turn adds a day for a day
    that was lost, so it ends with the outages.
    """
    grace = invitation.window.lapses_at - invitation.window.deadline
    first = deadline = invitation.first_deadline or invitation.window.deadline
    while True:
        mine = [o for o in outages if o.began_at < deadline and o.ended_at > invitation.invited_at]
        lost = _days_lost(invitation.invited_at, deadline, mine, rules)
        later = rules.longer(first, lost)
        if later <= deadline:
            break
        deadline = later
    because = max(mine, key=lambda o: (o.ended_at, o.outage_id), default=None)
    return Window(deadline, deadline + grace), because


def _days_lost(begin: datetime, end: datetime, outages: Sequence[Outage], rules: Prolonging) -> int:
    """On how many working days of the span the outages together lasted at least the limit."""
    if not outages:
        return 0
    days = rules.working_days(begin, end)
    return sum(_down(max(first, begin), min(last, end), outages) >= rules.limit for first, last in days)


def _down(begin: datetime, end: datetime, outages: Sequence[Outage]) -> timedelta:
    """How long it was down in a span; where records overlap, the time counts once."""
    total, reached = timedelta(0), begin
    for outage in sorted(outages, key=lambda o: o.began_at):
        since, until = max(outage.began_at, reached), min(outage.ended_at, end)
        if until > since:
            total += until - since
            reached = until
    return total
