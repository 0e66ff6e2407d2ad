"""What notify says: whether a message about a child left the house. Addresses and texts stay inside."""

from typing import ClassVar

from contracts.envelope import Fact
from contracts.fields import Code, Id, Moment


class MessageFact(Fact):
    """What became of one message."""

    topic: ClassVar[str] = "zholdama.notify.message.v1"

    message_id: Id
    child_id: Id
    kind: Code
    """What the message is about."""
    invitation_id: Id | None = None
    referral_id: Id | None = None
    channels: tuple[Code, ...]
    """The channels by which it went, or was tried."""
    at: Moment

    def key(self) -> str:
        """The child."""
        return self.child_id

    def subject(self) -> str:
        """The message."""
        return self.message_id


class HandedOverV1(MessageFact):
    """At least one channel accepted the message for delivery."""

    type: ClassVar[str] = "notify.message.handed_over.v1"


class FailedV1(MessageFact):
    """No channel accepted the message."""

    type: ClassVar[str] = "notify.message.failed.v1"

    reason: Code
