"""One stream put in order from rows alone, by the very functions the service answers with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from services.queue.domain.order import Position, Turns
from services.queue.domain.rights import Privilege
from services.queue.domain.standing import Row, Standing
from services.queue.domain.words import LIVE, ApplicationId, PrivilegeClass, PrivilegeKind, Status, StreamId

PHASES = ((0, 0), (1, 0), (1, 1), (1, 2))
"""Turns used by P and by G in each phase of the cycle 1 : 3; in phase 0 the next is a priority child."""

_STREAM = StreamId("ranking")
_DAY = date.min
"""Rows say whether a right counts, not from when to when: every day is like another."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An application to be put in order."""

    application_id: ApplicationId
    serial: int
    registered_at: datetime
    right: PrivilegeClass
    confirmed: bool
    status: Status


def ranking(applications: Iterable[Ranked], phase: int) -> Iterator[tuple[ApplicationId, Position | None]]:
    """From the first to the last; then those who have no number (R19), by (registered_at, serial)."""
    standing, apart = Standing(), []
    turns = Turns(*PHASES[phase])
    for each in applications:
        if each.status in LIVE:
            standing.gather([_row(each)])
        else:
            apart.append(each)
    standing.settle()
    standing.hear_turns(_STREAM, turns, 1)
    for application_id in list(standing.in_order(_STREAM, _DAY)):
        yield application_id, standing.position(application_id, _DAY)
    for each in sorted(apart, key=lambda each: (each.registered_at, each.serial, each.application_id)):
        yield each.application_id, None


def _row(each: Ranked) -> Row:
    privilege = None
    if each.right is not PrivilegeClass.GENERAL:
        confirmed_on = _DAY if each.confirmed else None
        privilege = Privilege(PrivilegeKind[each.right.name], each.right, confirmed_on)
    return Row(each.application_id, _STREAM, each.registered_at, each.serial, is_live=True, privilege=privilege)
