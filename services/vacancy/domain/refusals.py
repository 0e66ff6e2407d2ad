"""Refusals about places. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """Vacancy says no; `code` is part of the public contract."""

    code: ClassVar[str] = "REFUSED"


class NoSuchPlace(Refusal):
    """There is no such place in this child's stream, or it is open to nobody."""

    code = "NO_SUCH_PLACE"


class NoSuchOrganisation(Refusal):
    """The organisation is not registered."""

    code = "NO_SUCH_ORGANISATION"


class NotYourOrganisation(Refusal):
    """A preschool's staff enter places of their own preschool only (R21)."""

    code = "NOT_YOUR_ORGANISATION"


class NotYourChild(Refusal):
    """The application is unknown, or of a child this person does not act for: both look the same (R4)."""

    code = "NOT_YOUR_CHILD"


class PlaceTaken(Refusal):
    """Another child holds or has taken the place."""

    code = "PLACE_TAKEN"


class ChildHasPlace(Refusal):
    """The child already holds or has taken another place."""

    code = "CHILD_HAS_PLACE"


class NotInvited(Refusal):
    """The place is given by the queue and this child's turn has not come."""

    code = "NOT_INVITED"


class WindowOver(Refusal):
    """The child was invited, but the time to choose has passed."""

    code = "WINDOW_OVER"


class NotInQueue(Refusal):
    """The application does not stand in the queue, or may not be invited now."""

    code = "NOT_IN_QUEUE"


class PlacePromised(Refusal):
    """The place cannot be withdrawn: it is promised to an invited family."""

    code = "PLACE_PROMISED"


class CannotBeWithdrawn(Refusal):
    """A held or taken place is not withdrawn (R21)."""

    code = "CANNOT_BE_WITHDRAWN"
