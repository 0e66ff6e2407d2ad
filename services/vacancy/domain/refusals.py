"""Refusals about places. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """Vacancy says no; `code` is part of the public contract, `detail` says it to a reader of English."""

    code: ClassVar[str] = "REFUSED"
    detail: ClassVar[str] = "This is refused."

    def __init__(self) -> None:
        super().__init__(self.detail)


class NoSuchPlace(Refusal):
    """There is no such place in this child's stream, or it is open to nobody."""

    code = "NO_SUCH_PLACE"
    detail = "There is no such place in this child's queue, or it is not open."


class NoSuchOrganisation(Refusal):
    """The organisation is not registered."""

    code = "NO_SUCH_ORGANISATION"
    detail = "No preschool is registered under this id."


class NotYourOrganisation(Refusal):
    """A preschool's staff enter places of their own preschool only (R21)."""

    code = "NOT_YOUR_ORGANISATION"
    detail = "Staff of a preschool act for their own preschool only."


class NotYourChild(Refusal):
    """The application is unknown, or of a child this person does not act for: both look the same (R4)."""

    code = "NOT_YOUR_CHILD"
    detail = "There is no such application among those of your children."


class PlaceTaken(Refusal):
    """Another child holds or has taken the place."""

    code = "PLACE_TAKEN"
    detail = "Another child holds or has taken this place."


class ChildHasPlace(Refusal):
    """The child already holds or has taken another place."""

    code = "CHILD_HAS_PLACE"
    detail = "The child already holds or has taken another place."


class NotInvited(Refusal):
    """The place is given by the queue and this child's turn has not come."""

    code = "NOT_INVITED"
    detail = "This place is given by the queue, and the child's turn has not come."


class WindowOver(Refusal):
    """The child was invited, but the time to choose has passed."""

    code = "WINDOW_OVER"
    detail = "The time to choose by this invitation is over, or the invitation has been used."


class NotInQueue(Refusal):
    """The application does not stand in the queue, or may not be invited now."""

    code = "NOT_IN_QUEUE"
    detail = "The application does not stand in the queue, or may not be invited now."


class PlacePromised(Refusal):
    """The place cannot be withdrawn: it is promised to an invited family."""

    code = "PLACE_PROMISED"
    detail = "The place is promised to a family of the queue; an officer of the department may insist."


class CannotBeWithdrawn(Refusal):
    """A held or taken place is not withdrawn (R21)."""

    code = "CANNOT_BE_WITHDRAWN"
    detail = "A place that is held, taken or gone cannot be withdrawn."
