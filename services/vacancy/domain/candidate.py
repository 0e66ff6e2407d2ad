"""A candidate: what the queue has told of one child, and what it may choose by that.

Facts come by two topics in any order. Those of an application replace one another by their sequence; those of an
invitation are told apart by its id, and an end heard before its beginning keeps it from ever being live.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.vacancy.domain.place import Place
from services.vacancy.domain.refusals import NoSuchPlace, NotInQueue, NotInvited, NotYourChild, PlaceTaken, WindowOver
from services.vacancy.domain.words import ApplicationId, ChildId, InvitationId, Mode, PlaceState, StreamId


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What is known of an application: `live` = QUEUED or NOTIFIED, and `invitable` (not barred by a date or a
    referral)."""

    application_id: ApplicationId
    stream_id: StreamId
    live: bool
    invitable: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class KnownInvitation:
    """What is known of an invitation; `spent` when its child took a place or the queue said it ended."""

    invitation_id: InvitationId
    application_id: ApplicationId | None = None
    stream_id: StreamId | None = None
    deadline: datetime | None = None
    queue_number: int | None = None
    spent: bool = False
    sequence: int = 0
    """Which fact of the stream told of it: only a later word about the whole stream can say that it is over."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One child, its applications and invitations."""

    child_id: ChildId
    applications: tuple[ApplicationFacts, ...] = ()
    invitations: tuple[KnownInvitation, ...] = ()


@dataclass(frozen=True, slots=True)
class Right:
    """By which right a child may choose a place; `invitation` in priority mode."""

    mode: Mode
    invitation: KnownInvitation | None = None


def application_heard(candidate: Candidate, facts: ApplicationFacts) -> Candidate:
    """Only a fact with a greater sequence replaces what is known; gaps are fine."""
    known = application_of(candidate, facts.application_id)
    if known is not None and known.sequence >= facts.sequence:
        return candidate
    rest = tuple(a for a in candidate.applications if a.application_id != facts.application_id)
    return replace(candidate, applications=(*rest, facts))


def invited(candidate: Candidate, invitation: KnownInvitation) -> Candidate:
    """A turn came, unless its end has been heard of before. Heard again, only a later deadline is news."""
    known = next((i for i in candidate.invitations if i.invitation_id == invitation.invitation_id), None)
    if known is None:
        return replace(candidate, invitations=(*candidate.invitations, invitation))
    if known.spent or known.application_id is not None:
        return prolonged(candidate, invitation.invitation_id, invitation.deadline)
    deadline = max(filter(None, (known.deadline, invitation.deadline)), default=None)
    return _with(candidate, replace(invitation, deadline=deadline))


def prolonged(candidate: Candidate, invitation_id: InvitationId, deadline: datetime | None) -> Candidate:
    """The window of an invitation is longer, perhaps before its beginning was heard. A deadline only moves later."""
    known = next((i for i in candidate.invitations if i.invitation_id == invitation_id), KnownInvitation(invitation_id))
    if known.spent or deadline is None or (known.deadline is not None and deadline <= known.deadline):
        return candidate
    return _with(candidate, replace(known, deadline=deadline))


def invitation_ended(candidate: Candidate, invitation_id: InvitationId) -> Candidate:
    """An invitation ended, perhaps before its beginning was heard."""
    known = next((i for i in candidate.invitations if i.invitation_id == invitation_id), KnownInvitation(invitation_id))
    if known.spent:
        return candidate
    return _with(candidate, replace(known, spent=True))


def stated(candidate: Candidate, stream_id: StreamId, live: Sequence[KnownInvitation], sequence: int) -> Candidate:
    """The stream said which invitations of this child are live: unknown ones begin, those not among them are over.

    One that is spent stays spent; one told of later than this word is none of its business.
    """
    for invitation in live:
        candidate = invited(candidate, invitation)
    named = {i.invitation_id for i in live}
    for known in candidate.invitations:
        if known.stream_id == stream_id and known.sequence <= sequence and known.invitation_id not in named:
            candidate = invitation_ended(candidate, known.invitation_id)
    return candidate


def place_taken(candidate: Candidate) -> Candidate:
    """The child has a place: every live invitation is spent at once, the child may return the place before queue's
    word."""
    if all(i.spent for i in candidate.invitations):
        return candidate
    return replace(candidate, invitations=tuple(replace(i, spent=True) for i in candidate.invitations))


def application_of(candidate: Candidate, application_id: ApplicationId) -> ApplicationFacts | None:
    """What is known of one application of the child."""
    return next((a for a in candidate.applications if a.application_id == application_id), None)


def right_to(candidate: Candidate, application_id: ApplicationId, place: Place, now: datetime) -> Right:
    """The right by which this application may choose the place now (R29).

    Refused: NOT_YOUR_CHILD, NO_SUCH_PLACE (other stream, or open to nobody), PLACE_TAKEN, NOT_IN_QUEUE, NOT_INVITED,
    WINDOW_OVER.
    """
    application = application_of(candidate, application_id)
    if application is None:
        raise NotYourChild
    if place.stream_id != application.stream_id:
        raise NoSuchPlace
    if place.state in {PlaceState.HELD, PlaceState.TAKEN}:
        raise PlaceTaken
    if not (application.live and application.invitable):
        raise NotInQueue
    match place.mode:
        case None:
            raise NoSuchPlace
        case Mode.FREE_CHOICE:
            return Right(Mode.FREE_CHOICE)
        case Mode.PRIORITY:
            return Right(Mode.PRIORITY, _live_invitation(candidate, application_id, now))


def _with(candidate: Candidate, invitation: KnownInvitation) -> Candidate:
    rest = tuple(i for i in candidate.invitations if i.invitation_id != invitation.invitation_id)
    return replace(candidate, invitations=(*rest, invitation))


def _live_invitation(candidate: Candidate, application_id: ApplicationId, now: datetime) -> KnownInvitation:
    mine = [i for i in candidate.invitations if i.application_id == application_id and i.deadline is not None]
    if not mine:
        raise NotInvited
    for invitation in mine:
        if not invitation.spent and invitation.deadline is not None and now < invitation.deadline:
            return invitation
    raise WindowOver
