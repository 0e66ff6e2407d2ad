"""One row of the old queue: from its cells to what is taken over."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import TypeVar
from uuid import UUID

from services.chassis.calendar import WorkCalendar
from services.queue.cli.sheets import MORE
from services.queue.cli.wrongs import Invalid, Wrong
from services.queue.domain.application import Privilege
from services.queue.domain.filing import FIRST_YEAR, serial_in
from services.queue.domain.words import Category, ChildId, PersonId, PrivilegeClass, PrivilegeKind, QueueType, Status
from services.queue.usecases.filing import OldRow

REQUIRED = ("child_id", "birth_date", "region", "queue_type", "category", "registered_at", "serial")
OPTIONAL = (
    "applicant_id",
    "privilege_class",
    "privilege_confirmed_until",
    "application_number",
    "service_centre_number",
    "egov_number",
    "status",
    "removed_at",
    "last_number",
)
LAST_SERIAL = 9_899_999
"""The largest serial that is taken over: after 9,999,999 there is no application number (R7), and new ones need some."""

CITY = WorkCalendar()
"""Days are the city's, in whatever zone a moment is written."""

T = TypeVar("T")


def read_row(cells: Mapping[str, str], now: datetime, zone: tzinfo | None = None) -> OldRow:
    """One row; moments without a zone are of `zone`, when one is named. Raises Invalid for what is wrong first."""
    if MORE in cells:
        raise Invalid(Wrong.CELLS_DO_NOT_FIT)
    registered_at = _cell(cells, "registered_at", lambda text: _moment(text, now, zone), Wrong.MOMENT_UNREADABLE)
    removed_at, last_number = _removal(cells, now, zone, registered_at)
    row = OldRow(
        child_id=ChildId(str(_cell(cells, "child_id", _id, Wrong.NOT_AN_ID))),
        filed_by=_optional(cells, "applicant_id", lambda text: PersonId(str(_id(text))), Wrong.NOT_AN_ID),
        birth_date=_cell(cells, "birth_date", date.fromisoformat, Wrong.DATE_UNREADABLE),
        region=_cell(cells, "region", _like(r"[a-z][a-z-]{1,30}"), Wrong.REGION_MALFORMED),
        queue_type=_cell(cells, "queue_type", QueueType, Wrong.QUEUE_TYPE_UNKNOWN),
        category=_optional(cells, "category", Category, Wrong.CATEGORY_UNKNOWN),
        privilege=_privilege(cells, registered_at),
        registered_at=registered_at,
        serial=_cell(cells, "serial", lambda text: _between(text, LAST_SERIAL), Wrong.SERIAL_OUT_OF_RANGE),
        application_number=_optional(cells, "application_number", _number, Wrong.NUMBER_MALFORMED),
        service_centre_number=_optional(cells, "service_centre_number", _REQUEST, Wrong.REQUEST_MALFORMED),
        egov_number=_optional(cells, "egov_number", _REQUEST, Wrong.REQUEST_MALFORMED),
        removed_at=removed_at,
        last_number=last_number,
    )
    _check_together(row, now)
    return row


def _check_together(row: OldRow, now: datetime) -> None:
    if row.birth_date.year < FIRST_YEAR or row.birth_date > CITY.local_day(now):
        raise Invalid(Wrong.BIRTH_DATE_OUTSIDE, "birth_date")
    if CITY.local_day(row.registered_at) < row.birth_date:
        raise Invalid(Wrong.BEFORE_BIRTH, "registered_at")
    if row.service_centre_number and row.egov_number:
        raise Invalid(Wrong.TWO_REQUESTS, "egov_number")


def _removal(
    cells: Mapping[str, str], now: datetime, zone: tzinfo | None, registered_at: datetime
) -> tuple[datetime | None, int | None]:
    """When a removed application left, and with which number; (None, None) of one that stands in the queue."""
    status = _optional(cells, "status", Status, Wrong.STATUS_UNKNOWN) or Status.QUEUED
    if status not in {Status.QUEUED, Status.REMOVED}:
        raise Invalid(Wrong.STATUS_UNKNOWN, "status")
    removed_at = _optional(cells, "removed_at", lambda text: _moment(text, now, zone), Wrong.MOMENT_UNREADABLE)
    number = _optional(cells, "last_number", lambda text: _between(text, 9_999_999), Wrong.LAST_NUMBER_OUT_OF_RANGE)
    if status is Status.QUEUED and (removed_at or number):
        raise Invalid(Wrong.REMOVAL_NOT_MEANT, "status")
    if status is Status.REMOVED and removed_at is None:
        raise Invalid(Wrong.REMOVAL_INCOMPLETE, "removed_at")
    if removed_at is not None and removed_at < registered_at:
        raise Invalid(Wrong.REMOVED_BEFORE_REGISTERED, "removed_at")
    return removed_at, number


def _privilege(cells: Mapping[str, str], registered_at: datetime) -> Privilege | None:
    """A privilege without the last day of its confirmation is claimed, not confirmed, and ranks as general (R17)."""
    rank = _optional(cells, "privilege_class", PrivilegeClass, Wrong.CLASS_UNKNOWN)
    until = _optional(cells, "privilege_confirmed_until", date.fromisoformat, Wrong.DATE_UNREADABLE)
    if rank is None and until is not None:
        raise Invalid(Wrong.CLASS_MISSING, "privilege_class")
    if rank is None or rank is PrivilegeClass.GENERAL:
        return None
    confirmed_on = CITY.local_day(registered_at) if until else None
    return Privilege(kind=PrivilegeKind[rank.name], rank=rank, confirmed_on=confirmed_on, valid_until=until)


def _cell(cells: Mapping[str, str], name: str, read: Callable[[str], T], wrong: Wrong) -> T:
    text = (cells.get(name) or "").strip()
    if not text:
        raise Invalid(Wrong.CELL_EMPTY, name)
    try:
        return read(text)
    except _Because as because:
        raise Invalid(because.wrong, name) from because
    except ValueError as error:
        raise Invalid(wrong, name) from error


def _optional(cells: Mapping[str, str], name: str, read: Callable[[str], T], wrong: Wrong) -> T | None:
    return _cell(cells, name, read, wrong) if (cells.get(name) or "").strip() else None


class _Because(ValueError):
    """A cell is wrong in a way that has a name of its own."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def _id(text: str) -> UUID:
    if re.fullmatch(r"\d{12}", text):
        raise _Because(Wrong.IIN_IN_FILE)
    if not re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        raise ValueError("not an id")
    return UUID(text)


def _moment(text: str, now: datetime, zone: tzinfo | None) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if zone is None:
            raise _Because(Wrong.NO_TIME_ZONE)
        moment = moment.replace(tzinfo=zone)
    if moment > now:
        raise _Because(Wrong.IN_THE_FUTURE)
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _like(pattern: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError("malformed")
        return text

    return read


_REQUEST = _like(r"[0-9A-Za-z][0-9A-Za-z./-]{0,39}")


def _number(text: str) -> str:
    number = _like(r"KDDO\.20[0-9]{2}\.[0-9]{1,7}\.[0-9]{1,3}")(text)
    if not 1 <= serial_in(number) <= LAST_SERIAL:
        raise ValueError("out of range")
    return number


def _between(text: str, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise ValueError("out of range")
    return int(text)
