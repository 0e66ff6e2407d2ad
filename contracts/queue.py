"""What queue says: where an application stands and whose turn it is.

Never the queue number of an application: it changes with others.
"""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.envelope import Fact
from contracts.fields import Against, ApplicationNumber, EndReason, Id, Moment, Ordinal, Status, StreamId


class ApplicationFact(Fact):
    """The whole public state of an application after the change."""

    topic: ClassVar[str] = "zholdama.queue.application.v1"

    application_id: Id
    child_id: Id
    stream_id: StreamId
    application_number: ApplicationNumber
    registered_at: Moment
    """The ranking key; set once, never changed (R9)."""
    serial: Ordinal
    """Breaks ties of `registered_at`."""
    status: Status
    invitable: bool
    """Whether it may be invited or choose freely now; a live application that may not keeps its number."""

    def key(self) -> str:
        """The application."""
        return self.application_id

    def subject(self) -> str:
        """The application."""
        return self.application_id


class SubmittedV1(ApplicationFact):
    """An application came in and waits for the clerk's review; it has its date and no number in the queue yet."""

    type: ClassVar[str] = "queue.application.submitted.v1"


class RegisteredV1(ApplicationFact):
    """The child stands in the queue."""

    type: ClassVar[str] = "queue.application.registered.v1"


class StatusChangedV1(ApplicationFact):
    """The status or the right to be invited changed."""

    type: ClassVar[str] = "queue.application.status_changed.v1"


class ReferredV1(ApplicationFact):
    """A referral was issued for this application."""

    type: ClassVar[str] = "queue.application.referred.v1"


class RefusedV1(ApplicationFact):
    """The application was refused at its review."""

    type: ClassVar[str] = "queue.application.refused.v1"


class EnrolledV1(ApplicationFact):
    """A preschool accepted the child with the referral of this application."""

    type: ClassVar[str] = "queue.application.enrolled.v1"


class DischargedV1(ApplicationFact):
    """The preschool that had accepted the child discharged it."""

    type: ClassVar[str] = "queue.application.discharged.v1"


class StoppedV1(ApplicationFact):
    """The child is in the stop list and returns on the day by itself (R35)."""

    type: ClassVar[str] = "queue.application.stopped.v1"


class PrivilegeChangedV1(ApplicationFact):
    """A right to stand earlier was confirmed, withdrawn or ran out: numbers of the stream may move (R17)."""

    type: ClassVar[str] = "queue.application.privilege_changed.v1"


class ConclusionChangedV1(ApplicationFact):
    """A conclusion of the consultation was entered in place of the one before (R10)."""

    type: ClassVar[str] = "queue.application.conclusion_changed.v1"


class ConclusionExpiringV1(ApplicationFact):
    """The conclusion runs out soon; without a new one the child keeps its place and is not invited (R10)."""

    type: ClassVar[str] = "queue.application.conclusion_expiring.v1"


class RemovedV1(ApplicationFact):
    """The family left the queue (R12)."""

    type: ClassVar[str] = "queue.application.removed.v1"


class RestoredV1(ApplicationFact):
    """The child is back in the queue with the date it had."""

    type: ClassVar[str] = "queue.application.restored.v1"


class StatedV1(ApplicationFact):
    """The application as it is, said again for those who came later."""

    type: ClassVar[str] = "queue.application.stated.v1"


APPLICATION_FACTS: tuple[type[ApplicationFact], ...] = (
    SubmittedV1,
    RegisteredV1,
    StatusChangedV1,
    ReferredV1,
    RefusedV1,
    EnrolledV1,
    DischargedV1,
    StoppedV1,
    PrivilegeChangedV1,
    ConclusionChangedV1,
    ConclusionExpiringV1,
    RemovedV1,
    RestoredV1,
    StatedV1,
)
"""Everything said of an application: whoever keeps a picture of it hears all of them."""


class AppealFact(Fact):
    """Something about an appeal of a family (R49)."""

    topic: ClassVar[str] = "zholdama.queue.appeal.v1"

    appeal_id: Id
    application_id: Id
    child_id: Id
    stream_id: StreamId
    against: Against

    def key(self) -> str:
        """The appeal."""
        return self.appeal_id

    def subject(self) -> str:
        """The appeal."""
        return self.appeal_id


class AppealOpenedV1(AppealFact):
    """A family appealed."""

    type: ClassVar[str] = "queue.appeal.opened.v1"

    answer_due: Moment
    """The first moment at which the answer is late: 24:00 of the last working day."""
    freezes: bool
    """Whether the rules of the city keep the affected place for the child until the answer."""


class AppealAnsweredV1(AppealFact):
    """An appeal was decided; what was frozen for it is free."""

    type: ClassVar[str] = "queue.appeal.answered.v1"

    granted: bool


class StreamFact(Fact):
    """Something about the promises of a stream."""

    topic: ClassVar[str] = "zholdama.queue.stream.v1"

    stream_id: StreamId

    def key(self) -> str:
        """The stream."""
        return self.stream_id

    def subject(self) -> str:
        """The stream."""
        return self.stream_id


class InvitationFact(StreamFact):
    """Something that happened to one promise."""

    invitation_id: Id
    application_id: Id
    child_id: Id


class InvitedV1(InvitationFact):
    """The turn of a child came; one token is used by the invitation."""

    type: ClassVar[str] = "queue.stream.invited.v1"

    queue_number: Ordinal
    """The number at the moment of the invitation."""
    places_open: Ordinal
    """Places of the stream promised at this moment, this one included."""
    deadline: Moment
    """The first moment at which it is too late: 24:00 of the last day (R24)."""


class InvitationEndedV1(InvitationFact):
    """An invitation is over; the reason says what becomes of its token."""

    type: ClassVar[str] = "queue.stream.invitation_ended.v1"

    reason: EndReason


class InvitationProlongedV1(InvitationFact):
    """An outage took days from the family, and its window is longer by them."""

    type: ClassVar[str] = "queue.stream.invitation_prolonged.v1"

    outage_id: Id
    """The last of the recorded outages for which it is longer."""
    deadline: Moment
    """The new first moment at which it is too late. It only ever moves later: of two words the later deadline counts."""


class TokenReclaimedV1(InvitationFact):
    """A hold outlived its invitation and was signed: the token handed back at the end was one too many."""

    type: ClassVar[str] = "queue.stream.token_reclaimed.v1"

    hold_id: Id
    reason: EndReason
    """With which reason the invitation had ended."""


class RankedV1(StreamFact):
    """Those who wished for places of a round, in the order of the queue; who may not be given one now is left out."""

    type: ClassVar[str] = "queue.stream.ranked.v1"

    round_id: Id
    application_ids: tuple[Id, ...]


class LiveInvitation(BaseModel):
    """A turn that came and has not ended, as it was said."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    invitation_id: Id
    application_id: Id
    child_id: Id
    queue_number: Ordinal
    """The number at the moment of the invitation."""
    places_open: Ordinal
    """Places of the stream promised at that moment, this one included."""
    deadline: Moment
    """The first moment at which it is too late: 24:00 of the last day (R24)."""


class StreamStatedV1(StreamFact):
    """The stream as it is: all its live invitations, said again for those who came later.

    It carries no token: what an end hands back is said by `invitation_ended` alone.
    """

    type: ClassVar[str] = "queue.stream.stated.v1"

    invitations: tuple[LiveInvitation, ...]
