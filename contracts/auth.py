"""What auth says: who acts for a child. Names and IINs never leave its vault."""

from typing import ClassVar

from contracts.envelope import Fact
from contracts.fields import Id


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


class UnlinkedV1(GuardianshipFact):
    """A guardian was unlinked from the child by staff; an open choice of theirs is not theirs any more."""

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
