"""What a stream hears of holds: a place held, released, taken, its referral returned."""

from dataclasses import replace

from services.queue.domain.order import Waiting, use_turn
from services.queue.domain.stream import (
    Change,
    KnownHold,
    Stream,
    StreamFact,
    TokenReclaimed,
    ended,
    known_hold,
    with_hold,
)
from services.queue.domain.words import ApplicationId, ChildId, EndReason, HoldId, HoldState, InvitationId, further


def hold_heard(
    stream: Stream,
    hold_id: HoldId,
    application_id: ApplicationId,
    child_id: ChildId,
    invitation_id: InvitationId | None,
    state: HoldState,
) -> Change:
    """A hold was made, released, or its referral ended (HELD, RELEASED, ENDED). `taken` has a function of its own."""
    hold = known_hold(stream, hold_id) or KnownHold(hold_id, application_id, child_id, state, invitation_id)
    return with_hold(stream, replace(hold, state=further(hold.state, state))), ()


def hold_taken(
    stream: Stream,
    hold_id: HoldId,
    application_id: ApplicationId,
    child_id: ChildId,
    invitation_id: InvitationId | None,
    *,
    waiting: Waiting,
    policy: str | None = None,
) -> Change:
    """A place was taken: the invitation is used up, a turn is used in priority mode, a token given back early is
    reclaimed.

    `waiting` counts the live applications of the stream without this one; `policy` is the version of the rules.
    """
    hold = known_hold(stream, hold_id) or KnownHold(hold_id, application_id, child_id, HoldState.TAKEN)
    if hold.counted:
        return stream, ()
    state = further(hold.state, HoldState.TAKEN)
    hold = replace(hold, invitation_id=invitation_id, state=state, counted=True, policy=policy)
    stream = with_hold(stream, hold)
    said: list[StreamFact] = []
    for invitation in stream.invitations:
        mine = invitation.invitation_id == invitation_id
        if mine:
            stream = replace(stream, turns=use_turn(stream.turns, invitation.privilege, waiting))
        if invitation.child_id == child_id and invitation.ended is None:
            stream, facts = ended(stream, invitation, EndReason.USED if mine else EndReason.TOOK_FREE_CHOICE)
            said.extend(facts)
        elif mine and invitation.ended not in {None, EndReason.USED}:
            said.append(TokenReclaimed(hold_id, invitation, invitation.ended))
    return stream, tuple(said)
