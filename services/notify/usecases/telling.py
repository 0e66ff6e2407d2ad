"""To tell a family something, or no longer: the intent is written down, nothing is sent here."""

from datetime import datetime

from services.chassis.aggregates import retry_stale
from services.chassis.errors import AlreadyExists
from services.notify.domain import sending
from services.notify.domain.message import (
    ChildId,
    Kind,
    Message,
    MessageId,
    State,
    message_id,
    place_withdrawn,
    turn_that_ended,
)
from services.notify.store import Store


async def tell(store: Store, id: MessageId, message: Message) -> None:
    """Writes a message down, due at once. Asked again for the same story, nothing changes."""
    try:
        await store.messages.add(id, message, at=message.created_at, due=message.created_at)
    except AlreadyExists:
        return


@retry_stale
async def untell(store: Store, id: MessageId, message: Message, now: datetime) -> Message:
    """What the message tells is no longer so: it is dropped unless somebody has it already; returns it as it is then.

    `message` is what is known of it: an end heard before its beginning leaves it behind, dropped, so that the beginning,
    whenever it is heard, tells nobody.
    """
    stored = await store.messages.get(id)
    if stored is None:
        dropped = sending.no_longer_true(message).message
        try:
            return (await store.messages.add(id, dropped, at=now)).state
        except AlreadyExists:
            return await untell(store, id, message, now)
    step = sending.no_longer_true(stored.state)
    if step.message != stored.state:
        await store.messages.save(stored, step.message, at=now)
    return step.message


async def prolonged(store: Store, invitation_id: str, news: tuple[MessageId, Message], now: datetime) -> None:
    """The window of a turn is longer. A notice that nobody was sent yet carries the new deadline itself; a family that may
    know the old one is told the new."""
    if not await _longer(store, message_id(Kind.TURN_CAME, invitation_id), news[1].true_until, now):
        await tell(store, *news)


@retry_stale
async def _longer(store: Store, id: MessageId, deadline: datetime, now: datetime) -> bool:
    """Whether the notice of the turn goes out with the new deadline and no other word is needed."""
    stored = await store.messages.get(id)
    if stored is None:
        return False
    step = sending.longer(stored.state, deadline, now)
    if step.message != stored.state:
        await store.messages.save(stored, step.message, at=now, due=step.due)
    return step.message.state in (State.DROPPED, State.WAITING)


async def end_of_invitation(
    store: Store, *, invitation_id: str, application_id: str, child_id: str, place_was_withdrawn: bool, now: datetime
) -> None:
    """An invitation ended: its turn is not told any more. A family that may know of it hears when the place was withdrawn."""
    id, turn = turn_that_ended(invitation_id=invitation_id, application_id=application_id, child_id=child_id, at=now)
    told = await untell(store, id, turn, now)
    for news_id, of_more_time in await store.prolongations(ChildId(child_id), invitation_id):
        await untell(store, news_id, of_more_time, now)
    if place_was_withdrawn and told.may_have_reached_somebody:
        news = place_withdrawn(invitation_id=invitation_id, application_id=application_id, child_id=child_id, at=now)
        await tell(store, *news)
