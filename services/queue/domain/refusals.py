"""Refusals of the waiting list. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """The queue says no; `code` is part of the public contract, `detail` says it in one plain sentence."""

    code: ClassVar[str] = "REFUSED"
    detail: ClassVar[str] = "The queue says no."

    def __init__(self) -> None:
        super().__init__(self.detail)


class NoSuchApplication(Refusal):
    """There is no such application, or it is not this person's (R4: both look the same)."""

    code = "NO_SUCH_APPLICATION"
    detail = "There is no such application among those of your children."


class NoSuchPair(Refusal):
    """No application of this child bears this number; which of the two is wrong is not told."""

    code = "NO_SUCH_PAIR"
    detail = "No application was found for this identity number and this application number."


class AlreadyInQueue(Refusal):
    """The child already stands in a queue of this type (R8)."""

    code = "ALREADY_IN_QUEUE"
    detail = "The child already stands in a queue of this type."


class NumberTaken(Refusal):
    """Another application bears this number already (R7)."""

    code = "NUMBER_TAKEN"
    detail = "Another application bears this number already."


class TooOld(Refusal):
    """The child has reached the age limit on 1 September of the school year (R11)."""

    code = "TOO_OLD"
    detail = "The child reaches the age limit by 1 September of this school year."


class CategoryRequired(Refusal):
    """The correctional queue needs a category (R10)."""

    code = "CATEGORY_REQUIRED"
    detail = "The queue for special preschools needs the category from the child's conclusion."


class ChoiceInProgress(Refusal):
    """A place is held for this child: the choice must end before the application may leave the queue."""

    code = "CHOICE_IN_PROGRESS"
    detail = "A place is held for this child; sign or decline the choice first."


class NotInQueue(Refusal):
    """The application is not in a status from which this step is possible."""

    code = "NOT_IN_QUEUE"
    detail = "The application does not stand in the queue now."
