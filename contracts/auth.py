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


class StatedV1(GuardianshipFact):
    """The guardians as they are, said again for those who came later."""

    type: ClassVar[str] = "auth.guardianship.stated.v1"
