"""What a child's place and turn rest on: a privilege (R17, R18), a conclusion of the consultation (R10), the stop list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from services.queue.domain.refusals import (
    ConclusionExpired,
    DateInTheFuture,
    PrivilegeExpired,
    PrivilegeNotHere,
)
from services.queue.domain.words import Category, PrivilegeClass, PrivilegeKind, QueueType


class Source(StrEnum):
    """Where a confirmation comes from."""

    PAPER = "PAPER"
    """A document shown to a clerk."""
    INTEGRATION = "INTEGRATION"
    """Another register of the state."""
    OLD_QUEUE = "OLD_QUEUE"
    """The queue that was kept elsewhere before."""


CLASS_OF: Mapping[PrivilegeKind, PrivilegeClass] = MappingProxyType(
    {
        PrivilegeKind.EXTRAORDINARY: PrivilegeClass.EXTRAORDINARY,
        PrivilegeKind.MILITARY_SERVICE: PrivilegeClass.EXTRAORDINARY,
        PrivilegeKind.SPECIAL_STATE_BODY: PrivilegeClass.EXTRAORDINARY,
    }
    | {
        kind: PrivilegeClass.PRIORITY
        for kind in PrivilegeKind
        if kind not in {PrivilegeKind.EXTRAORDINARY, PrivilegeKind.MILITARY_SERVICE, PrivilegeKind.SPECIAL_STATE_BODY}
    }
)
"""The class that each privilege gives when it counts."""

SHORT_LIVED = frozenset({PrivilegeKind.MILITARY_SERVICE, PrivilegeKind.SPECIAL_STATE_BODY, PrivilegeKind.TEACHER})
"""Privileges that no register can show: their paper is good for a number of days only (R17)."""


@dataclass(frozen=True, slots=True)
class Privilege:
    """A right to stand earlier. Counts only when confirmed and in date (R17); `valid_until` is its last day."""

    kind: PrivilegeKind
    rank: PrivilegeClass
    confirmed_on: date | None = None
    valid_until: date | None = None
    source: Source | None = None
    document_number: str | None = None
    document_date: date | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A conclusion of the consultation, entered by staff or by the integration only; `valid_until` is its last day."""

    valid_until: date
    number: str | None = None
    issued_on: date | None = None
    source: Source = Source.PAPER
    warned: bool = False
    """Whether its coming end has been told."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in the stop list: `until` is its last day; `story` says what put the child there, once."""

    until: date
    story: str


def claimed(kind: PrivilegeKind, queue_type: QueueType) -> Privilege | None:
    """A privilege that a family claims and nobody has confirmed: shown, and of no weight (R17).

    None for special needs in the correctional queue: everybody there has them (R18).
    """
    if is_none(kind, queue_type):
        return None
    return Privilege(kind, CLASS_OF[kind])


def is_none(kind: PrivilegeKind, queue_type: QueueType) -> bool:
    """Whether a privilege is no privilege in a queue of this type (R18)."""
    return kind is PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS and queue_type is QueueType.CORRECTIONAL


@dataclass(frozen=True, slots=True)
class Document:
    """A paper or a register's word: number, date, and its last day where it bears one."""

    number: str
    issued_on: date
    valid_until: date | None = None
    source: Source = Source.PAPER


def confirmed(
    kind: PrivilegeKind, queue_type: QueueType, document: Document, today: date, paper_days: int
) -> Privilege:
    """A privilege that counts from today.

    Refused: PRIVILEGE_NOT_HERE (R18), DATE_IN_THE_FUTURE, PRIVILEGE_EXPIRED. The paper of a short-lived one is good for
    `paper_days` from its date, and never longer than it says.
    """
    if is_none(kind, queue_type):
        raise PrivilegeNotHere
    if document.issued_on > today:
        raise DateInTheFuture
    days = [document.valid_until] if document.valid_until else []
    if kind in SHORT_LIVED:
        days.append(document.issued_on + timedelta(days=paper_days))
    last = min(days, default=None)
    if last is not None and last < today:
        raise PrivilegeExpired
    return Privilege(kind, CLASS_OF[kind], today, last, document.source, document.number, document.issued_on)


def concluded(document: Document, today: date, valid_months: int) -> Conclusion:
    """A conclusion that holds from today. Refused: DATE_IN_THE_FUTURE, CONCLUSION_EXPIRED."""
    if document.issued_on > today:
        raise DateInTheFuture
    last = document.valid_until or _months_later(document.issued_on, valid_months)
    if last < today:
        raise ConclusionExpired
    return Conclusion(last, document.number, document.issued_on, document.source)


def class_by(privilege: Privilege | None, today: date) -> PrivilegeClass:
    """The class that a privilege, or none, gives on a day (R17)."""
    if privilege is None or privilege.confirmed_on is None or privilege.confirmed_on > today:
        return PrivilegeClass.GENERAL
    in_date = privilege.valid_until is None or today <= privilege.valid_until
    return privilege.rank if in_date else PrivilegeClass.GENERAL


def category_differs(known: Category | None, said: Category | None) -> bool:
    """Whether a conclusion speaks of another category than the application stands in."""
    return said is not None and known is not None and said is not known


def _months_later(day: date, months: int) -> date:
    """The day before the same day so many months later: a year from 1 March ends on the last of February."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    after = first + timedelta(days=day.day - 1)
    return min(after, _end_of_month(first) + timedelta(days=1)) - timedelta(days=1)


def _end_of_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
