"""What an application hears: of its invitations, of notices, of the holds and referrals of its child."""

from dataclasses import replace
from datetime import datetime

from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Change,
    Happening,
    HeardHold,
    HeardInvitation,
    Now,
    noted,
    settled,
)
from services.queue.domain.words import LIVE, ApplicationId, EndReason, HoldId, HoldState, InvitationId, further


def invited(
    application: Application, invitation_id: InvitationId, deadline: datetime, queue_number: int, now: Now
) -> Change:
    """Its turn came. An application that has left or cannot be invited says so again: its stream did not know."""
    heard = _invitation(application, invitation_id)
    is_news = heard.deadline is None
    if is_news:
        heard = replace(heard, deadline=deadline, queue_number=queue_number)
        application = _with_invitation(application, heard)
    application, said = settled(application, now)
    if is_news:
        application = noted(application, now, Happening.INVITED, Actor.SYSTEM, story=invitation_id)
    welcome = application.status in LIVE and application.invitable
    if said or welcome or heard.ended is not None:
        return application, said
    return application, (ApplicationFact.STATUS_CHANGED,)


def notice_handed_over(application: Application, invitation_id: InvitationId, now: Now) -> Change:
    """The notice of an invitation left the house: from here the status is NOTIFIED (R42)."""
    heard = _invitation(application, invitation_id)
    if heard.handed_over:
        return application, ()
    application = _with_invitation(application, replace(heard, handed_over=True))
    application, said = settled(application, now)
    return noted(application, now, Happening.NOTICE_HANDED_OVER, Actor.SYSTEM, story=invitation_id), said


def invitation_prolonged(application: Application, invitation_id: InvitationId, deadline: datetime, now: Now) -> Change:
    """An outage made the window longer. Only a later deadline is news; the turn itself must have been heard before."""
    heard = _invitation(application, invitation_id)
    if heard.deadline is None or deadline <= heard.deadline:
        return application, ()
    application = _with_invitation(application, replace(heard, deadline=deadline))
    line = Happening.INVITATION_PROLONGED
    return noted(application, now, line, Actor.SYSTEM, reason="outage", story=invitation_id), ()


def invitation_ended(
    application: Application,
    invitation_id: InvitationId,
    reason: EndReason,
    now: Now,
    *,
    lapse_inactivates: bool = False,
) -> Change:
    """An invitation ended; the child is back to queued with its old date unless a place was taken (R25).

    Where the rules say that a lapse makes inactive (voucher model), the family must ask to be back.
    """
    heard = _invitation(application, invitation_id)
    if heard.ended is not None:
        return application, ()
    application = _with_invitation(application, replace(heard, ended=reason))
    if lapse_inactivates and reason is EndReason.LAPSED and application.status in LIVE:
        application = replace(application, inactive_since=now.today)
    application, said = settled(application, now)
    line = Happening.INVITATION_ENDED
    return noted(application, now, line, Actor.SYSTEM, reason=reason.value, story=invitation_id), said


def hold_heard(
    application: Application,
    hold_id: HoldId,
    made_with: ApplicationId,
    state: HoldState,
    now: Now,
    *,
    is_returned: bool = False,
) -> Change:
    """A hold of the child came this far: held, released, taken (or its referral issued), or its referral ended.

    `made_with` names the application the place was chosen with; another application of the same child is barred while
    the place is taken and restored when the referral ends. A later `taken` overrides a lapse. `is_returned`: the referral
    ended because the family gave it back.
    """
    known = next((h for h in application.holds if h.hold_id == hold_id), None)
    mine = made_with == application.application_id
    before = known.state if known else None
    after = further(known.state, state) if known else state
    if after is before:
        return application, ()
    rest = tuple(h for h in application.holds if h.hold_id != hold_id)
    application = replace(application, holds=(*rest, HeardHold(hold_id, mine, after)))
    if mine and after in {HoldState.TAKEN, HoldState.ENROLLED}:
        application = replace(application, inactive_since=None)
    application, said = settled(application, now)
    if mine:
        line = _LINE_OF_HOLD[after]
        is_own = after in _OWN_DEEDS or (
            is_returned and before is not HoldState.ENROLLED and application.status in LIVE
        )
        by = Actor.GUARDIAN if is_own else Actor.SYSTEM
        return noted(application, now, line, by, story=hold_id), said
    if said:
        application = noted(application, now, Happening.RIGHT_CHANGED, Actor.SYSTEM, story=hold_id)
    return application, said


_OWN_DEEDS = frozenset({HoldState.HELD, HoldState.RELEASED, HoldState.TAKEN})

_LINE_OF_HOLD = {
    HoldState.HELD: Happening.PLACE_HELD,
    HoldState.RELEASED: Happening.HOLD_RELEASED,
    HoldState.TAKEN: Happening.PLACE_TAKEN,
    HoldState.ENROLLED: Happening.ENROLLED,
    HoldState.DISCHARGED: Happening.DISCHARGED,
    HoldState.ENDED: Happening.REFERRAL_ENDED,
}


def _invitation(application: Application, invitation_id: InvitationId) -> HeardInvitation:
    known = (i for i in application.invitations if i.invitation_id == invitation_id)
    return next(known, HeardInvitation(invitation_id))


def _with_invitation(application: Application, heard: HeardInvitation) -> Application:
    rest = tuple(i for i in application.invitations if i.invitation_id != heard.invitation_id)
    return replace(application, invitations=(*rest, heard))
