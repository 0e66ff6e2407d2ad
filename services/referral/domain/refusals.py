"""Refusals about choices and referrals. A refusal is an answer with a stable code, not a failure."""

from typing import ClassVar


class Refusal(Exception):
    """Referral says no; `code` is part of the public contract."""

    code: ClassVar[str] = "REFUSED"


class NoSuchChoice(Refusal):
    """There is no such choice, or it is not of a child this person acts for (R4: both look the same)."""

    code = "NO_SUCH_CHOICE"


class NoSuchReferral(Refusal):
    """There is no such referral, or it is not of a child this person acts for."""

    code = "NO_SUCH_REFERRAL"


class HoldEnded(Refusal):
    """The time to sign has passed, or the choice has ended without a signature."""

    code = "HOLD_ENDED"


class SignatureBeingChecked(Refusal):
    """A signature has been received and its verdict is awaited; nothing else can be done with the choice meanwhile."""

    code = "SIGNATURE_BEING_CHECKED"


class AlreadySigned(Refusal):
    """The choice is signed: the point of no return."""

    code = "ALREADY_SIGNED"


class ReferralOver(Refusal):
    """The referral is no longer valid."""

    code = "REFERRAL_OVER"
