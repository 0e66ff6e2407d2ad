"""What an application is told: its turn, the notice, the end of an invitation, the holds and referrals of its child."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.chassis.aggregates import retry_stale
from services.chassis.errors import Park
from services.queue.domain import hearing
from services.queue.domain.application import Application, Change
from services.queue.domain.words import ApplicationId, ChildId, EndReason, HoldId, HoldState, InvitationId
from services.queue.usecases.desk import Desk
from services.queue.usecases.keeping import keep

Decide = Callable[[Application], Change]


def waits_for(application_id: str) -> str:
    """The name under which facts about an unknown application wait."""
    return f"application:{application_id}"


def waits_for_turn(invitation_id: str) -> str:
    """The name under which notices of an invitation wait that no application has heard of."""
    return f"invitation:{invitation_id}"


async def invited(
    desk: Desk, application_id: ApplicationId, invitation: tuple[InvitationId, datetime, int], now: datetime
) -> None:
    """Its turn came: invitation, deadline, number."""
    await _change(desk, application_id, lambda each: hearing.invited(each, *invitation, desk.moment(now)), now)


async def invitation_prolonged(
    desk: Desk, application_id: ApplicationId, prolonged: tuple[InvitationId, datetime], now: datetime
) -> None:
    """The window of an invitation is longer: its new deadline. Heard before the turn itself, it waits."""
    invitation_id, deadline = prolonged
    stored = await desk.store.applications.get(application_id)
    known = stored.state.invitations if stored else ()
    if not any(each.invitation_id == invitation_id and each.deadline is not None for each in known):
        raise Park(waits_for_turn(invitation_id))
    moment = desk.moment(now)
    await _change(
        desk, application_id, lambda each: hearing.invitation_prolonged(each, invitation_id, deadline, moment), now
    )


async def invitation_ended(
    desk: Desk, application_id: ApplicationId, invitation_id: InvitationId, reason: EndReason, now: datetime
) -> None:
    """An invitation ended."""
    moment, inactivates = desk.moment(now), desk.rules(now).own.after_window == "inactive"
    await _change(
        desk,
        application_id,
        lambda each: hearing.invitation_ended(each, invitation_id, reason, moment, lapse_inactivates=inactivates),
        now,
    )


async def notice_handed_over(desk: Desk, child_id: ChildId, invitation_id: InvitationId, now: datetime) -> None:
    """The notice left the house; it names the child and the invitation. Heard before the turn itself, it waits."""
    moment = desk.moment(now)
    application_id = await _invited_with(desk, child_id, invitation_id)
    await _change(desk, application_id, lambda each: hearing.notice_handed_over(each, invitation_id, moment), now)


async def hold_heard(
    desk: Desk,
    child_id: ChildId,
    hold_id: HoldId,
    made_with: ApplicationId,
    state: HoldState,
    now: datetime,
    *,
    is_returned: bool = False,
) -> None:
    """A hold of the child came this far: all applications of the child learn it, the one it was made with first."""
    others = [each.state.application_id for each in await desk.store.of_child(child_id)]
    heard = partial(
        hearing.hold_heard,
        hold_id=hold_id,
        made_with=made_with,
        state=state,
        now=desk.moment(now),
        is_returned=is_returned,
    )
    for application_id in (made_with, *(each for each in others if each != made_with)):
        await _change(desk, application_id, heard, now)


@retry_stale
async def _change(desk: Desk, application_id: ApplicationId, decide: Decide, now: datetime) -> None:
    stored = await desk.store.applications.get(application_id)
    if stored is None:
        raise Park(waits_for(application_id))
    after, said = decide(stored.state)
    if after == stored.state and not said:
        return
    await keep(desk, stored, after, said, now)


async def _invited_with(desk: Desk, child_id: ChildId, invitation_id: InvitationId) -> ApplicationId:
    """Which application of the child has heard of the invitation."""
    for stored in await desk.store.of_child(child_id):
        if any(heard.invitation_id == invitation_id for heard in stored.state.invitations):
            return stored.state.application_id
    raise Park(waits_for_turn(invitation_id))
