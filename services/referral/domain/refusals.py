"""Refusals about choices and referrals. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """Referral says no; `code` is part of the public contract, `detail` says it in one plain sentence."""

    code: ClassVar[str] = "REFUSED"
    detail: ClassVar[str] = "This is refused."

    def __init__(self) -> None:
        super().__init__(self.detail)


class NoSuchChoice(Refusal):
    """There is no such choice, or it is not of a child this person acts for (R4: both look the same)."""

    code = "NO_SUCH_CHOICE"
    detail = "There is no such choice among those of your children."


class NoSuchReferral(Refusal):
    """There is no such referral, or it is not of a child this person acts for."""

    code = "NO_SUCH_REFERRAL"
    detail = "There is no such referral, or it is not shown to you."


class HoldEnded(Refusal):
    """The time to sign has passed, or the choice has ended without a signature."""

    code = "HOLD_ENDED"
    detail = "The place is no longer held: the time to sign has passed, or the choice has ended without a signature."


class SignatureBeingChecked(Refusal):
    """A signature has been received and its verdict is awaited; nothing else can be done with the choice meanwhile."""

    code = "SIGNATURE_BEING_CHECKED"
    detail = "A signature has been received and is being checked; wait for its verdict."


class AlreadySigned(Refusal):
    """The choice is signed: the point of no return."""

    code = "ALREADY_SIGNED"
    detail = "The choice is signed and can no longer be declined."


class SignedDocumentTooLarge(Refusal):
    """The signed document is larger than any that is judged."""

    code = "SIGNED_DOCUMENT_TOO_LARGE"
    detail = "The signed document is larger than 256 KiB in UTF-8."


class SignedDocumentUnreadable(Refusal):
    """The signed document holds characters that no XML 1.0 document may hold."""

    code = "SIGNED_DOCUMENT_UNREADABLE"
    detail = "The signed document holds characters that XML does not allow."


class ReferralOver(Refusal):
    """The referral is no longer valid."""

    code = "REFERRAL_OVER"
    detail = "The referral is no longer valid and cannot be returned."
