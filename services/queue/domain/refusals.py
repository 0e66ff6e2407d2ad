"""Refusals of the waiting list. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """The queue says no; `code` is part of the public contract."""

    code: ClassVar[str] = "REFUSED"


class NoSuchApplication(Refusal):
    """There is no such application, or it is not this person's (R4: both look the same)."""

    code = "NO_SUCH_APPLICATION"


class AlreadyInQueue(Refusal):
    """The child already stands in a queue of this type (R8)."""

    code = "ALREADY_IN_QUEUE"


class TooOld(Refusal):
    """The child has reached the age limit on 1 September of the school year (R11)."""

    code = "TOO_OLD"


class CategoryRequired(Refusal):
    """The correctional queue needs a category (R10)."""

    code = "CATEGORY_REQUIRED"


class ChoiceInProgress(Refusal):
    """A place is held for this child: the choice must end before the application may leave the queue."""

    code = "CHOICE_IN_PROGRESS"


class NotInQueue(Refusal):
    """The application is not in a status from which this step is possible."""

    code = "NOT_IN_QUEUE"


class NoLiveInvitation(Refusal):
    """The invitation is unknown or has already ended."""

    code = "NO_LIVE_INVITATION"
