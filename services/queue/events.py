"""Out: what an application or a stream says, as a contract."""

from collections.abc import Callable, Iterable, Mapping
from typing import assert_never

from contracts import queue
from contracts.envelope import Fact
from contracts.fields import EndReason
from services.chassis.aggregates import Stored
from services.queue.domain.appeal import Appeal, AppealFact, AppealState
from services.queue.domain.application import Application, ApplicationFact
from services.queue.domain.stream import (
    Invitation,
    InvitationEnded,
    InvitationProlonged,
    Invited,
    Ranked,
    Stream,
    StreamFact,
    TokenReclaimed,
    live_invitations,
)

_OF_APPLICATION: Mapping[ApplicationFact, Callable[..., Fact]] = {
    ApplicationFact.SUBMITTED: queue.SubmittedV1,
    ApplicationFact.REGISTERED: queue.RegisteredV1,
    ApplicationFact.STATUS_CHANGED: queue.StatusChangedV1,
    ApplicationFact.REFERRED: queue.ReferredV1,
    ApplicationFact.REFUSED: queue.RefusedV1,
    ApplicationFact.ENROLLED: queue.EnrolledV1,
    ApplicationFact.DISCHARGED: queue.DischargedV1,
    ApplicationFact.STOPPED: queue.StoppedV1,
    ApplicationFact.PRIVILEGE_CHANGED: queue.PrivilegeChangedV1,
    ApplicationFact.CONCLUSION_CHANGED: queue.ConclusionChangedV1,
    ApplicationFact.CONCLUSION_EXPIRING: queue.ConclusionExpiringV1,
    ApplicationFact.REMOVED: queue.RemovedV1,
    ApplicationFact.RESTORED: queue.RestoredV1,
}


def of_application(application: Application, said: Iterable[ApplicationFact]) -> list[Fact]:
    """Each with the whole public state after the change."""
    return [_OF_APPLICATION[each](**_public(application)) for each in said]


def stated(stored: Stored[Application]) -> Fact:
    """An application as it is."""
    return queue.StatedV1(**_public(stored.state))


def of_appeal(appeal: Appeal, said: Iterable[AppealFact]) -> list[Fact]:
    """That a family appealed, or was answered."""
    return [_of_appeal(appeal, each) for each in said]


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
    if isinstance(said, Ranked):
        ids = tuple(said.application_ids)
        return queue.RankedV1(stream_id=stream.stream_id, round_id=said.round_id, application_ids=ids)
    about = _about(stream, said.invitation)
    match said:
        case Invited(invitation, places_open):
            number, deadline = invitation.queue_number, invitation.window.deadline
            return queue.InvitedV1(**about, queue_number=number, places_open=places_open, deadline=deadline)
        case InvitationEnded(_, reason):
            return queue.InvitationEndedV1(**about, reason=EndReason(reason))
        case InvitationProlonged(invitation, outage_id):
            deadline = invitation.window.deadline
            return queue.InvitationProlongedV1(**about, outage_id=outage_id, deadline=deadline)
        case TokenReclaimed(hold_id, _, reason):
            return queue.TokenReclaimedV1(**about, hold_id=hold_id, reason=EndReason(reason))
    assert_never(said)


def _of_appeal(appeal: Appeal, said: AppealFact) -> Fact:
    about = {
        "appeal_id": appeal.appeal_id,
        "application_id": appeal.application_id,
        "child_id": appeal.child_id,
        "stream_id": appeal.stream_id,
        "against": appeal.against.value,
    }
    match said:
        case AppealFact.OPENED:
            return queue.AppealOpenedV1(**about, answer_due=appeal.answer_due, freezes=appeal.freezes)
        case AppealFact.ANSWERED:
            return queue.AppealAnsweredV1(**about, granted=appeal.state is AppealState.GRANTED)
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
