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


class NotAnOutage(Refusal):
    """A record of an outage that ends before it begins, lies in the future or lasts longer than a month."""

    code = "NOT_AN_OUTAGE"
    detail = "An outage ends after it began, not in the future, and lasts at most 31 days."


class NoSuchStep(Refusal):
    """The table of statuses has no such step."""

    code = "NO_SUCH_STEP"
    detail = "This step is not possible from the status the application has now."


class BirthDateOutside(Refusal):
    """The child was born in the future, or in a year for which there are no groups."""

    code = "BIRTH_DATE_OUTSIDE"
    detail = "The birth date lies in the future or outside the years that preschools take."


class ClockWentBack(Refusal):
    """The clock of the server stands far behind the last registration: nothing is registered until it is right."""

    code = "CLOCK_WENT_BACK"
    detail = "The clock of the system is behind its last registration; nothing is registered until it is set right."


class PrivilegeMisstated(Refusal):
    """The class that was claimed is not the one that this privilege gives."""

    code = "PRIVILEGE_MISSTATED"
    detail = "This privilege gives another class than the one that was asked for."


class PrivilegeNotHere(Refusal):
    """Special needs give no privilege in the queue where everybody has them (R18)."""

    code = "PRIVILEGE_NOT_HERE"
    detail = "In the queue for special preschools special needs give no privilege."


class PrivilegeExpired(Refusal):
    """The document of the privilege is out of date (R17)."""

    code = "PRIVILEGE_EXPIRED"
    detail = "The document of the privilege is out of date."


class ConclusionExpired(Refusal):
    """The conclusion is out of date (R10)."""

    code = "CONCLUSION_EXPIRED"
    detail = "The conclusion of the consultation is out of date."


class CategoryDiffers(Refusal):
    """The conclusion speaks of another category than the one the application stands in."""

    code = "CATEGORY_DIFFERS"
    detail = "The conclusion names another category than the application stands in."


class DateInTheFuture(Refusal):
    """A document cannot be dated after today."""

    code = "DATE_IN_THE_FUTURE"
    detail = "The document is dated after today."


class DayNotAhead(Refusal):
    """The last day of the stop list lies behind, or further ahead than the rules allow."""

    code = "DAY_NOT_AHEAD"
    detail = "The last day must not lie behind, nor further ahead than the rules allow."


class NotTwins(Refusal):
    """Twins are different children, born in the same year, who wait in the same stream."""

    code = "NOT_TWINS"
    detail = "Only applications of different children that wait in the same stream can be linked as twins."


class TooLateToReturn(Refusal):
    """An inactive application is restored once, within the days of the rules."""

    code = "TOO_LATE_TO_RETURN"
    detail = "The application can be restored only once and only within the time that the rules give."


class SignatureRequired(Refusal):
    """The rules want the removal signed by the parent (R12)."""

    code = "SIGNATURE_REQUIRED"
    detail = "Leaving the queue must be signed with the parent's key."


class NothingToSign(Refusal):
    """No document of a removal was asked for, or its time is over."""

    code = "NOTHING_TO_SIGN"
    detail = "Ask for the document to sign first; it may be signed for a limited time."


class SignatureNotGood(Refusal):
    """The signature does not pass: not the parent's key, not this document, or not valid."""

    code = "SIGNATURE_NOT_GOOD"
    detail = "The signature over the removal is not good."


class NothingToAppeal(Refusal):
    """The application is not in a state that such an appeal could be against."""

    code = "NOTHING_TO_APPEAL"
    detail = "There is nothing now that this appeal could be against."


class AppealOpen(Refusal):
    """An appeal against the same is being considered already."""

    code = "APPEAL_OPEN"
    detail = "An appeal against the same is being considered already."


class NoSuchAppeal(Refusal):
    """There is no such appeal, or it is not this person's."""

    code = "NO_SUCH_APPEAL"
    detail = "There is no such appeal."


class AppealAnswered(Refusal):
    """The appeal has been answered otherwise already."""

    code = "APPEAL_ANSWERED"
    detail = "This appeal has been answered already."


class NoSuchSpan(Refusal):
    """The span of time that was asked about ends before it begins, or begins in the future."""

    code = "NO_SUCH_SPAN"
    detail = "The span of time must begin before it ends and must not begin in the future."


class NotPublished(Refusal):
    """Nothing of this name is published: it does not exist, or it is of too few children to be shown (R47)."""

    code = "NOT_PUBLISHED"
    detail = "Nothing of this name is published; what concerns too few children never is."


class RowDiffers(Refusal):
    """The application of this row of the old queue was taken over before, with another date or number."""

    code = "ROW_DIFFERS"
    detail = "This application was taken over before with another date or number."


class NumbersUsedUp(Refusal):
    """No serial is left that fits the form of an application number (R7)."""

    code = "NUMBERS_USED_UP"
    detail = "No application number is left; the form of the number must be widened first."


class NotInvited(Refusal):
    """There is no turn of this application that has not ended."""

    code = "NOT_INVITED"
    detail = "No turn of this application is open."
