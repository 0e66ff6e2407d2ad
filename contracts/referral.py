"""What referral says: how a choice ended and how a referral lives; to the city without application and child."""

from typing import ClassVar

from contracts.envelope import Fact
from contracts.fields import Id, Mode, Moment, ReferralNumber, ReferralState, Sha256


class ChoiceFact(Fact):
    """The outcome of one hold; each choice has exactly one."""

    topic: ClassVar[str] = "zholdama.referral.choice.v1"

    hold_id: Id
    place_id: Id
    application_id: Id
    child_id: Id

    def key(self) -> str:
        """The application."""
        return self.application_id

    def subject(self) -> str:
        """The hold."""
        return self.hold_id


class SignedV1(ChoiceFact):
    """A guardian's signature was found good: the point of no return."""

    type: ClassVar[str] = "referral.choice.signed.v1"


class DeclinedV1(ChoiceFact):
    """The family gave the held place back."""

    type: ClassVar[str] = "referral.choice.declined.v1"


class RejectedV1(ChoiceFact):
    """No verdict on the signature could be reached in time."""

    type: ClassVar[str] = "referral.choice.rejected.v1"


class ExpiredV1(ChoiceFact):
    """Nobody signed while the place was held."""

    type: ClassVar[str] = "referral.choice.expired.v1"


class ReferralFact(Fact):
    """The whole public state of a referral after the change."""

    topic: ClassVar[str] = "zholdama.referral.referral.v1"

    referral_id: Id
    hold_id: Id
    referral_number: ReferralNumber
    application_id: Id
    child_id: Id
    place_id: Id
    organisation_id: Id
    mode: Mode
    issued_at: Moment
    valid_until: Moment
    """The first moment at which it is no longer valid (R33)."""
    state: ReferralState
    document_sha256: Sha256
    """Of the signed PDF."""

    def key(self) -> str:
        """The application."""
        return self.application_id

    def subject(self) -> str:
        """The referral."""
        return self.referral_id


class IssuedV1(ReferralFact):
    """The referral was issued."""

    type: ClassVar[str] = "referral.referral.issued.v1"


class ReturnedV1(ReferralFact):
    """The family gave the referral back (R36)."""

    type: ClassVar[str] = "referral.referral.returned.v1"


class StatedV1(ReferralFact):
    """The referral as it is, said again for those who came later."""

    type: ClassVar[str] = "referral.referral.stated.v1"


class BulletinFact(Fact):
    """What everybody may know of a referral (R47)."""

    topic: ClassVar[str] = "zholdama.referral.bulletin.v1"

    referral_id: Id
    referral_number: ReferralNumber
    organisation_id: Id
    mode: Mode
    issued_at: Moment
    valid_until: Moment
    state: ReferralState

    def key(self) -> str:
        """The referral."""
        return self.referral_id

    def subject(self) -> str:
        """The referral."""
        return self.referral_id


class BulletinIssuedV1(BulletinFact):
    """The referral was issued."""

    type: ClassVar[str] = "referral.bulletin.issued.v1"


class BulletinReturnedV1(BulletinFact):
    """The referral was given back."""

    type: ClassVar[str] = "referral.bulletin.returned.v1"


class BulletinStatedV1(BulletinFact):
    """The referral as everybody may see it, said again for those who came later."""

    type: ClassVar[str] = "referral.bulletin.stated.v1"
