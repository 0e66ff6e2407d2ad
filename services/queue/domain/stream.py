"""A stream: those who compete for the same places (R13), its tokens, its invitations, what it knows of holds.

A token is the promise of one place. Tokens are conserved: a publication brings them, an invitation uses one up, every
end of an invitation hands it back with its reason. Facts may come late, twice and in any order: each effect is
guarded by the id of its own story (publication, invitation, hold, withdrawal). A function that changes nothing
returns the same object.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.queue.domain.order import Turns
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    OutageId,
    PrivilegeClass,
    PublicationId,
    QueueType,
    RoundId,
    StreamId,
    WithdrawalId,
)


@dataclass(frozen=True, slots=True)
class Window:
    """Times of an invitation: a hold may be made before `deadline`; it lapses at `lapses_at` (deadline + hold + 1
    min)."""

    deadline: datetime
    lapses_at: datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """One live application of the stream as invitations see it, in the order of the queue."""

    application_id: ApplicationId
    child_id: ChildId
    queue_number: int
    privilege: PrivilegeClass
    invitable: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """A turn that came. `ended` is empty while it is live.

    `places_open` counts the promises of the stream at the moment of the invitation, this one included.
    """

    invitation_id: InvitationId
    application_id: ApplicationId
    child_id: ChildId
    queue_number: int
    places_open: int
    privilege: PrivilegeClass
    invited_at: datetime
    window: Window
    ended: EndReason | None = None
    policy: str | None = None
    """The version of the rules it was made by (R50); empty for those made before versions were kept."""
    first_deadline: datetime | None = None
    """The deadline before an outage prolonged it."""


@dataclass(frozen=True, slots=True)
class KnownHold:
    """What the stream has heard of one hold. `counted` guards the effects of `taken`: the turn and the token.

    `policy` is the version of the rules by which the turn was used (R50).
    """

    hold_id: HoldId
    application_id: ApplicationId
    child_id: ChildId
    state: HoldState
    invitation_id: InvitationId | None = None
    counted: bool = False
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """How many tokens a publication brought, and when they came; kept so that the log can be replayed."""

    at: datetime
    n: int


@dataclass(frozen=True, slots=True)
class Stream:
    """State of one stream; `available` may be negative: a place that was promised has been withdrawn."""

    stream_id: StreamId
    turns: Turns = field(default_factory=Turns)
    available: int = 0
    invitations: tuple[Invitation, ...] = ()
    holds: tuple[KnownHold, ...] = ()
    publications: tuple[PublicationId, ...] = ()
    withdrawals: tuple[WithdrawalId, ...] = ()
    brought: tuple[Brought, ...] = ()
    rounds: tuple[RoundId, ...] = ()
    """Rounds of wishes that have been ranked."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation was made."""

    invitation: Invitation
    places_open: int


@dataclass(frozen=True, slots=True)
class InvitationEnded:
    """An invitation ended; its token goes where the reason says."""

    invitation: Invitation
    reason: EndReason


@dataclass(frozen=True, slots=True)
class TokenReclaimed:
    """A hold outlived its invitation and was signed all the same: the token handed back at the end is asked back."""

    hold_id: HoldId
    invitation: Invitation
    reason: EndReason


@dataclass(frozen=True, slots=True)
class InvitationProlonged:
    """The window of an invitation is longer, for an outage; it carries the new deadline."""

    invitation: Invitation
    outage_id: OutageId


@dataclass(frozen=True, slots=True)
class Ranked:
    """Those who wished for places of a round, in the order of the queue."""

    round_id: RoundId
    application_ids: tuple[ApplicationId, ...]


StreamFact = Invited | InvitationEnded | TokenReclaimed | InvitationProlonged | Ranked
Change = tuple[Stream, tuple[StreamFact, ...]]


def stream_id_of(region: str, queue_type: QueueType, category: Category | None, group_year: int) -> StreamId:
    """Readable id of a stream (R13); names nobody. The general queue has no category."""
    return StreamId(f"{region}:{queue_type.value.lower()}:{category.value if category else 'ANY'}:{group_year}")


def live_invitations(stream: Stream) -> tuple[Invitation, ...]:
    """All turns that came and have not ended."""
    return tuple(i for i in stream.invitations if i.ended is None)


def live_invitation(stream: Stream, child_id: ChildId) -> Invitation | None:
    """The live invitation of a child, at most one."""
    return next((i for i in stream.invitations if i.child_id == child_id and i.ended is None), None)


def is_choosing(stream: Stream, child_id: ChildId) -> bool:
    """Whether a live hold of this child is known here."""
    return any(h.child_id == child_id and h.state is HoldState.HELD for h in stream.holds)


def has_or_chooses(stream: Stream, child_id: ChildId) -> bool:
    """Whether a hold of this child is known that is live, or whose place is taken and not given back."""
    return any(h.child_id == child_id and h.state in {HoldState.HELD, HoldState.TAKEN} for h in stream.holds)


def ended(stream: Stream, invitation: Invitation, reason: EndReason) -> Change:
    """The stream with this invitation ended, and the word of it."""
    over = replace(invitation, ended=reason)
    rest = tuple(over if i.invitation_id == over.invitation_id else i for i in stream.invitations)
    return replace(stream, invitations=rest), (InvitationEnded(over, reason),)


def known_hold(stream: Stream, hold_id: HoldId) -> KnownHold | None:
    """What is known of a hold."""
    return next((h for h in stream.holds if h.hold_id == hold_id), None)


def with_hold(stream: Stream, hold: KnownHold) -> Stream:
    """The stream knowing this of a hold; the same object when it knew already."""
    if hold in stream.holds:
        return stream
    rest = tuple(h for h in stream.holds if h.hold_id != hold.hold_id)
    return replace(stream, holds=(*rest, hold))
