"""The words that fields of facts are made of.

Each is narrow on purpose: what can only be an id cannot carry an IIN or a name.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field, PlainSerializer

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def _iso(moment: datetime) -> str:
    """RFC 3339 to the millisecond, in the zone it was given in."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


Id = Annotated[str, Field(pattern=f"^{_UUID}$")]
"""A random or derived UUID in lower case; names nobody."""


class QueueType(StrEnum):
    """Kind of queue; a child may stand once in each (R8)."""

    GENERAL = "GENERAL"
    CORRECTIONAL = "CORRECTIONAL"
    SANATORIUM = "SANATORIUM"


class Category(StrEnum):
    """Whom a group is for, by the words of the conclusion; of a group public, of a person health data (R48)."""

    SPEECH = "SPEECH"
    HEARING = "HEARING"
    VISION = "VISION"
    INTELLECT = "INTELLECT"
    MOTOR = "MOTOR"
    DELAY = "DELAY"
    EMOTION = "EMOTION"
    COMPLEX = "COMPLEX"


_CATEGORIES = "|".join(Category)
_OTHER_TYPES = "|".join(each.lower() for each in QueueType if each is not QueueType.CORRECTIONAL)

STREAM = (
    r"^[a-z][a-z-]{1,30}"
    rf":(?:{QueueType.CORRECTIONAL.lower()}:(?:{_CATEGORIES})|(?:{_OTHER_TYPES}):(?:ANY|{_CATEGORIES}))"
    r":20[0-9]{2}$"
)
"""The pattern of a stream's id; the queue of special groups always has a category, in the others `ANY` is none."""

StreamId = Annotated[str, Field(pattern=STREAM)]
"""region:queue type:category:group year (R13)."""

ReaderId = Annotated[str, Field(pattern=f"^({_UUID}|service:[a-z]+)$")]
"""Who read: a person's id, or `service:<name>`."""

ApplicationNumber = Annotated[str, Field(pattern=r"^KDDO\.20[0-9]{2}\.[0-9]{1,7}\.[0-9]{1,3}$")]
"""R7: never reused, never shown truncated."""

ReferralNumber = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9.-]{3,31}$")]
"""The public number of a referral."""

Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z_]{1,39}$")]
"""A stable word of a producer's own list, such as a reason; never free text."""

Moment = Annotated[AwareDatetime, PlainSerializer(_iso, return_type=str, when_used="json")]
"""A point in time with its zone; written in UTC to the millisecond."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A digest in lower-case hexadecimal."""

Count = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]
GroupYear = Annotated[int, Field(ge=2000, le=2099)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


class Status(StrEnum):
    """Where an application stands."""

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


class EndReason(StrEnum):
    """Why an invitation ended. Only `used` and `place_withdrawn` hand no token back."""

    USED = "used"
    LAPSED = "lapsed"
    REFUSED = "refused"
    REMOVED = "removed"
    INELIGIBLE = "ineligible"
    TOOK_FREE_CHOICE = "took_free_choice"
    PLACE_WITHDRAWN = "place_withdrawn"


class Against(StrEnum):
    """What a family appeals against (R49)."""

    NUMBER = "NUMBER"
    REFUSAL = "REFUSAL"
    REMOVAL = "REMOVAL"
    STOP_LIST = "STOP_LIST"


class Mode(StrEnum):
    """By which right a place is given: by the queue, or to whoever of the stream comes."""

    PRIORITY = "PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"


class Language(StrEnum):
    """The language of instruction of a place."""

    KK = "kk"
    RU = "ru"


class PlaceType(StrEnum):
    """What kind of place it is."""

    GENERAL_USE = "GENERAL_USE"
    TEMPORARY = "TEMPORARY"
    EARLY_BOOKING = "EARLY_BOOKING"
    STAFF = "STAFF"


class PlaceState(StrEnum):
    """The life of a place."""

    DRAFT = "DRAFT"
    PUBLISHED_PRIORITY = "PUBLISHED_PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"
    HELD = "HELD"
    TAKEN = "TAKEN"
    WITHDRAWN = "WITHDRAWN"
    CLOSED = "CLOSED"


class ReferralState(StrEnum):
    """The life of a referral."""

    ISSUED = "ISSUED"
    EXTENDED = "EXTENDED"
    PRESENTED = "PRESENTED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    RETURNED = "RETURNED"
