"""The words of places: ids, states and modes."""

from enum import StrEnum
from typing import NewType

PlaceId = NewType("PlaceId", str)
OrganisationId = NewType("OrganisationId", str)
StreamId = NewType("StreamId", str)
ApplicationId = NewType("ApplicationId", str)
ChildId = NewType("ChildId", str)
PersonId = NewType("PersonId", str)
HoldId = NewType("HoldId", str)
InvitationId = NewType("InvitationId", str)
PublicationId = NewType("PublicationId", str)
WithdrawalId = NewType("WithdrawalId", str)


class PlaceState(StrEnum):
    """The life of a place."""

    DRAFT = "DRAFT"
    PUBLISHED_PRIORITY = "PUBLISHED_PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"
    HELD = "HELD"
    TAKEN = "TAKEN"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class Mode(StrEnum):
    """By which right a place is chosen: by the queue, or by whoever of the stream comes first."""

    PRIORITY = "PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"


class Language(StrEnum):
    """Language of instruction; a property of the place, never of the queue (R13)."""

    KK = "kk"
    RU = "ru"


class PlaceType(StrEnum):
    """Kind of place as the list shows it."""

    GENERAL_USE = "GENERAL_USE"
    TEMPORARY = "TEMPORARY"
    EARLY_BOOKING = "EARLY_BOOKING"
    STAFF = "STAFF"


class EndReason(StrEnum):
    """Why the queue ended an invitation; the reason says what becomes of its token."""

    USED = "used"
    LAPSED = "lapsed"
    REFUSED = "refused"
    REMOVED = "removed"
    INELIGIBLE = "ineligible"
    TOOK_FREE_CHOICE = "took_free_choice"
    PLACE_WITHDRAWN = "place_withdrawn"
