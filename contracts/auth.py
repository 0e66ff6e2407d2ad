"""What auth says: who acts for a child, and what a person should know of the own account. Names and IINs never leave its vault."""

from enum import StrEnum
from typing import ClassVar

from contracts.envelope import Fact
from contracts.fields import Id, Moment


class LinkBasis(StrEnum):
    """What a link rests on: the first filing, a list that was imported, a guardian's word, the register, a paper."""

    FILING = "FILING"
    LIST = "LIST"
    CONFIRMATION = "CONFIRMATION"
    REGISTER = "REGISTER"
    PAPER = "PAPER"


class Channel(StrEnum):
    """The ways a code travels."""

    EMAIL = "email"
    SMS = "sms"


class GuardianshipFact(Fact):
    """All guardians of a child after the change."""

    topic: ClassVar[str] = "zholdama.auth.guardianship.v1"

    child_id: Id
    guardians: tuple[Id, ...]

    def key(self) -> str:
        """The child."""
        return self.child_id

    def subject(self) -> str:
        """The child."""
        return self.child_id


class LinkedV1(GuardianshipFact):
    """A guardian was linked to the child (R5)."""

    type: ClassVar[str] = "auth.guardianship.linked.v1"

    linked_id: Id | None = None
    """Who is a guardian from now on."""
    basis: LinkBasis | None = None


class UnlinkedV1(GuardianshipFact):
    """A guardian was unlinked from the child, by staff or by erasure; an open choice of theirs is not theirs any more."""

    type: ClassVar[str] = "auth.guardianship.unlinked.v1"

    unlinked_id: Id
    """Who is a guardian no longer."""


class JoinAskedV1(GuardianshipFact):
    """Somebody asks to be a guardian too; the guardians are to answer (R5). Who asks is told in the cabinet only."""

    type: ClassVar[str] = "auth.guardianship.join_asked.v1"

    request_id: Id


class StatedV1(GuardianshipFact):
    """The guardians as they are, said again for those who came later."""

    type: ClassVar[str] = "auth.guardianship.stated.v1"


class AccountFact(Fact):
    """Something a person should know of the own account, said once."""

    topic: ClassVar[str] = "zholdama.auth.account.v1"

    person_id: Id

    def key(self) -> str:
        """The person."""
        return self.person_id

    def subject(self) -> str:
        """The person."""
        return self.person_id


class ConfirmationAskedV1(AccountFact):
    """A person wants to prove an address by a code; code and address are asked of auth when they are sent, and stand nowhere."""

    type: ClassVar[str] = "auth.account.confirmation_asked.v1"

    confirmation_id: Id
    channel: Channel
    expires_at: Moment

    def subject(self) -> str:
        """The confirmation."""
        return self.confirmation_id


class SignedInFromNewPlaceV1(AccountFact):
    """A session was opened with a browser or from a network that this person had not used before."""

    type: ClassVar[str] = "auth.account.signed_in_from_new_place.v1"

    session_id: Id


class CertificateExpiringV1(AccountFact):
    """The newest login key of a person ends in thirty days and no newer one has been seen."""

    type: ClassVar[str] = "auth.account.certificate_expiring.v1"

    valid_until: Moment
