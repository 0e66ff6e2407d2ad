"""Why a number is another than it was (R20): every row that moved it, by kind, with counts only.

The effect of a row is the number after it less the number before it, so the effects add up to the difference by
construction, whatever the rules of the order are. No other child is named: a cause is a kind, a class and a count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.queue.domain.ledger.decisions import Decision, Did, Place, Replay, until
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status


class Cause(StrEnum):
    """What can move a number. The first four are the family's own."""

    YOU_ENTERED = "YOU_ENTERED"
    YOU_LEFT = "YOU_LEFT"
    YOUR_CLASS_CHANGED = "YOUR_CLASS_CHANGED"
    YOUR_DATE_CORRECTED = "YOUR_DATE_CORRECTED"
    ENTERED = "ENTERED"
    RETURNED = "RETURNED"
    REFERRED = "REFERRED"
    ENROLLED = "ENROLLED"
    REMOVED = "REMOVED"
    STOPPED = "STOPPED"
    LEFT = "LEFT"
    CLASS_CHANGED = "CLASS_CHANGED"
    DATE_CORRECTED = "DATE_CORRECTED"
    TURN_PASSED = "TURN_PASSED"


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of cause: how often it moved the number, and by how much in all (below zero is nearer to the front)."""

    cause: Cause
    privilege: PrivilegeClass | None
    """Class of those who caused it, where that matters: of who entered, of who changed class the new one."""
    count: int
    change: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Number at two moments (None while the application had none) and the shares that add up to the difference.

    A missing number counts as 0: whoever entered in between has the number it entered with among its causes.
    """

    since: datetime
    until: datetime
    number_then: int | None
    number_now: int | None
    shares: tuple[Share, ...]

    @property
    def difference(self) -> int:
        """What the shares add up to."""
        return (self.number_now or 0) - (self.number_then or 0)


_OWN = {
    Did.ENTERED: Cause.YOU_ENTERED,
    Did.LEFT: Cause.YOU_LEFT,
    Did.CLASS_CHANGED: Cause.YOUR_CLASS_CHANGED,
    Did.CORRECTED: Cause.YOUR_DATE_CORRECTED,
}
_LEFT = {
    Status.REFERRED: Cause.REFERRED,
    Status.ENROLLED: Cause.ENROLLED,
    Status.REMOVED: Cause.REMOVED,
    Status.STOP_LIST: Cause.STOPPED,
}
_BY_CLASS = frozenset({Cause.ENTERED, Cause.RETURNED, Cause.CLASS_CHANGED})


def explained(rows: Sequence[Decision], application_id: ApplicationId, since: datetime, till: datetime) -> Explanation:
    """The causes between two moments, the larger effect first; `rows` is the log of the application's stream."""
    begin, end = until(rows, since), until(rows, max(since, till))
    replay, seen = Replay(application_id), set[ApplicationId]()
    then = 0
    found: dict[tuple[Cause, PrivilegeClass | None], list[int]] = {}
    for index, row in enumerate(rows[:end]):
        before = replay.number
        cause = _cause(row, application_id, known=row.application_id in seen)
        replay.take(row)
        if row.application_id is not None:
            seen.add(row.application_id)
        if index < begin:
            then = replay.number
        elif replay.number != before:
            found.setdefault((cause, _shown_class(cause, row.place)), []).append(replay.number - before)
    shares = [Share(cause, privilege, len(moves), sum(moves)) for (cause, privilege), moves in found.items()]
    shares.sort(key=lambda each: (-abs(each.change), each.cause, each.privilege or ""))
    return Explanation(since, till, then or None, replay.number or None, tuple(shares))


def _cause(row: Decision, mine: ApplicationId, *, known: bool) -> Cause:
    if row.did is Did.TURNS_USED:
        return Cause.TURN_PASSED
    if row.application_id == mine:
        return _OWN[row.did]
    match row.did:
        case Did.LEFT:
            return _LEFT.get(row.status, Cause.LEFT) if row.status else Cause.LEFT
        case Did.ENTERED:
            return Cause.RETURNED if known else Cause.ENTERED
        case Did.CLASS_CHANGED:
            return Cause.CLASS_CHANGED
        case _:
            return Cause.DATE_CORRECTED


def _shown_class(cause: Cause, place: Place | None) -> PrivilegeClass | None:
    return place.privilege if place is not None and cause in _BY_CLASS else None
