"""The words of the waiting list: ids, statuses and reasons (the field's names in Kazakh: see the glossary)."""

from enum import StrEnum
from typing import NewType

ApplicationId = NewType("ApplicationId", str)
ChildId = NewType("ChildId", str)
PersonId = NewType("PersonId", str)
StreamId = NewType("StreamId", str)
InvitationId = NewType("InvitationId", str)
PublicationId = NewType("PublicationId", str)
HoldId = NewType("HoldId", str)
WithdrawalId = NewType("WithdrawalId", str)
OutageId = NewType("OutageId", str)
RoundId = NewType("RoundId", str)


class QueueType(StrEnum):
    """Kind of queue; a child may stand once in each (R8)."""

    GENERAL = "GENERAL"
    CORRECTIONAL = "CORRECTIONAL"
    SANATORIUM = "SANATORIUM"


class Category(StrEnum):
    """Category from the conclusion of the psychological, medical and pedagogical consultation; health data."""

    SPEECH = "SPEECH"
    HEARING = "HEARING"
    VISION = "VISION"
    INTELLECT = "INTELLECT"
    MOTOR = "MOTOR"
    DELAY = "DELAY"
    EMOTION = "EMOTION"
    COMPLEX = "COMPLEX"


class Status(StrEnum):
    """Status of an application as its journal shows it."""

    SUBMITTED = "SUBMITTED"
    UNDER_REVIEW = "UNDER_REVIEW"
    REFUSED = "REFUSED"
    QUEUED = "QUEUED"
    NOTIFIED = "NOTIFIED"
    REFERRED = "REFERRED"
    ENROLLED = "ENROLLED"
    STOP_LIST = "STOP_LIST"
    INACTIVE = "INACTIVE"
    REMOVED = "REMOVED"
    DISCHARGED = "DISCHARGED"


LIVE = frozenset({Status.QUEUED, Status.NOTIFIED})
"""Statuses that have a number in the queue (R14, R19)."""

OVER = frozenset({Status.REFUSED, Status.REMOVED, Status.DISCHARGED})
"""Statuses after which the child may file again; nothing that is heard revives such an application."""


class PrivilegeClass(StrEnum):
    """Class of an application inside its stream (R14)."""

    EXTRAORDINARY = "E"
    PRIORITY = "P"
    GENERAL = "G"


class PrivilegeKind(StrEnum):
    """By which right a child stands earlier. The first two name a class only, where the old queue told no more."""

    EXTRAORDINARY = "EXTRAORDINARY"
    PRIORITY = "PRIORITY"
    MILITARY_SERVICE = "MILITARY_SERVICE"
    SPECIAL_STATE_BODY = "SPECIAL_STATE_BODY"
    PARENT_WITH_DISABILITY = "PARENT_WITH_DISABILITY"
    WITHOUT_PARENTAL_CARE = "WITHOUT_PARENTAL_CARE"
    ORPHAN = "ORPHAN"
    LARGE_FAMILY = "LARGE_FAMILY"
    SPECIAL_EDUCATIONAL_NEEDS = "SPECIAL_EDUCATIONAL_NEEDS"
    CHILD_WITH_DISABILITY = "CHILD_WITH_DISABILITY"
    TEACHER = "TEACHER"


class EndReason(StrEnum):
    """Why an invitation ended; the reason says where its token goes."""

    USED = "used"
    LAPSED = "lapsed"
    REFUSED = "refused"
    REMOVED = "removed"
    INELIGIBLE = "ineligible"
    TOOK_FREE_CHOICE = "took_free_choice"
    PLACE_WITHDRAWN = "place_withdrawn"


class HoldState(StrEnum):
    """How far the story of one hold has been heard here. RELEASED and TAKEN exclude each other, so do the last two."""

    HELD = "HELD"
    RELEASED = "RELEASED"
    TAKEN = "TAKEN"
    ENROLLED = "ENROLLED"
    ENDED = "ENDED"
    DISCHARGED = "DISCHARGED"


_HOW_FAR = {
    HoldState.HELD: 0,
    HoldState.RELEASED: 1,
    HoldState.TAKEN: 1,
    HoldState.ENROLLED: 2,
    HoldState.ENDED: 3,
    HoldState.DISCHARGED: 3,
}


def further(known: HoldState, heard: HoldState) -> HoldState:
    """The later of two chapters of one hold, so that facts may be heard in any order and any number of times."""
    return heard if _HOW_FAR[heard] > _HOW_FAR[known] else known
