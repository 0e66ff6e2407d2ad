"""Out: what an application or a stream says, as a contract."""

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from contracts import queue
from contracts.envelope import Fact
from contracts.fields import EndReason
from services.chassis.aggregates import Stored
from services.queue.domain.application import Application, ApplicationFact
from services.queue.domain.stream import (
    Invitation,
    InvitationEnded,
    Invited,
    Stream,
    StreamFact,
    TokenReclaimed,
    live_invitations,
)

_OF_APPLICATION: Mapping[ApplicationFact, Callable[..., Fact]] = {
    ApplicationFact.REGISTERED: queue.RegisteredV1,
    ApplicationFact.STATUS_CHANGED: queue.StatusChangedV1,
    ApplicationFact.REFERRED: queue.ReferredV1,
    ApplicationFact.REMOVED: queue.RemovedV1,
    ApplicationFact.RESTORED: queue.RestoredV1,
}


def of_application(application: Application, said: Iterable[ApplicationFact]) -> list[Fact]:
    """Each with the whole public state after the change."""
    return [_OF_APPLICATION[each](**_public(application)) for each in said]


def stated(stored: Stored[Application]) -> Fact:
    """An application as it is."""
    return queue.StatedV1(**_public(stored.state))


def stream_stated(stored: Stored[Stream]) -> Fact | None:
    """A stream as it is; None before it has said anything."""
    if stored.sequence == 0:
        return None
    invitations = [
        queue.LiveInvitation(
            invitation_id=each.invitation_id,
            application_id=each.application_id,
            child_id=each.child_id,
            queue_number=each.queue_number,
            places_open=each.places_open,
            deadline=each.window.deadline,
        )
        for each in live_invitations(stored.state)
    ]
    return queue.StreamStatedV1(stream_id=stored.state.stream_id, invitations=tuple(invitations))


def of_stream(stream: Stream, said: Iterable[StreamFact]) -> list[Fact]:
    """What happened to the promises of a stream."""
    return [_of_stream(stream, each) for each in said]


def _of_stream(stream: Stream, said: StreamFact) -> Fact:
    about = _about(stream, said.invitation)
    match said:
        case Invited(invitation, places_open):
            number, deadline = invitation.queue_number, invitation.window.deadline
            return queue.InvitedV1(**about, queue_number=number, places_open=places_open, deadline=deadline)
        case InvitationEnded(_, reason):
            return queue.InvitationEndedV1(**about, reason=EndReason(reason))
        case TokenReclaimed(hold_id, _, reason):
            return queue.TokenReclaimedV1(**about, hold_id=hold_id, reason=EndReason(reason))
    assert_never(said)


def _about(stream: Stream, invitation: Invitation) -> dict[str, str]:
    return {
        "stream_id": stream.stream_id,
        "invitation_id": invitation.invitation_id,
        "application_id": invitation.application_id,
        "child_id": invitation.child_id,
    }


def _public(application: Application) -> dict[str, object]:
    return {
        "application_id": application.application_id,
        "child_id": application.child_id,
        "stream_id": application.stream_id,
        "application_number": application.application_number,
        "registered_at": application.registered_at,
        "serial": application.serial,
        "status": application.status.value,
        "invitable": application.invitable,
    }
