"""To send what is due: contacts at this moment, one round by all channels, what became of it."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import Stale
from services.notify.domain import sending
from services.notify.domain.message import Channel, Message, MessageId, State, delivery_id
from services.notify.domain.sending import Job, Key, Outcome, Recipient, Step, Unknown
from services.notify.events import facts
from services.notify.gateways.contacts import Contacts, ContactsUnavailable
from services.notify.gateways.mail import Mail
from services.notify.gateways.sms import Sms
from services.notify.gateways.texts import Texts
from services.notify.store import Store

log = structlog.get_logger("sending")


@dataclass(frozen=True, slots=True)
class Desk:
    """All that sending needs. `patience`: how long, at a moment, a message may reach nobody before that is reported.

    `instance`: which of the service's processes this is; the one started in its place has the same name.
    """

    store: Store
    contacts: Contacts
    mail: Mail
    sms: Sms
    texts: Texts
    now: Callable[[], datetime]
    patience: Callable[[datetime], timedelta]
    instance: str
    at_work: set[str] = field(default_factory=set)


async def send(desk: Desk, id: str, now: datetime) -> None:
    """One round of one message. While it is at work here, a second call for the same message does nothing."""
    if id in desk.at_work:
        return
    desk.at_work.add(id)
    try:
        await _send(desk, MessageId(id), now)
    finally:
        desk.at_work.discard(id)


async def resume(desk: Desk) -> None:
    """What this instance was sending when it was killed is due soon, and not only when its round would have been over."""
    now = desk.now()
    for stored in await desk.store.being_sent_by(desk.instance):
        if sending.broke_off(stored.state):
            with contextlib.suppress(Stale):  # somebody is at it already
                await desk.store.messages.save(stored, stored.state, at=now, due=now + sending.RESUMED_AFTER)


async def _send(desk: Desk, id: MessageId, now: datetime) -> None:
    stored = await desk.store.messages.get(id)
    if stored is None or await _over(desk, stored, now):
        return
    try:
        reach = await desk.contacts.reach(stored.state)
    except ContactsUnavailable as error:
        reason = error.reason
        log.warning("notify.message.postponed", message_id=id, reason=reason)
        await _book(desk, id, lambda message, at: sending.postpone(message, reason, at, desk.patience(at)))
        return
    if reach is None:
        await _book(desk, id, lambda message, _: sending.no_longer_true(message))
        return
    begun = await _begin(desk, id, reach.recipients, now)
    if begun is not None:
        message, jobs = begun
        outcomes = await _hand_over(desk, id, message, jobs, reach.confirmation_code)
        await _book(desk, id, lambda state, at: sending.finish_round(state, outcomes, at, desk.patience(at)))


async def _over(desk: Desk, stored: Stored[Message], now: datetime) -> bool:
    """Whether there is nothing to send any more; a message that ran out of time is closed, and reported if nobody has it."""
    if stored.state.state is State.DROPPED:
        await desk.store.messages.save(stored, stored.state, at=now)
        return True
    if now < stored.state.true_until:
        return False
    await _book(desk, MessageId(stored.id), lambda message, _: sending.too_late(message))
    return True


@retry_stale
async def _begin(
    desk: Desk, id: MessageId, recipients: Sequence[Recipient], now: datetime
) -> tuple[Message, tuple[Job, ...]] | None:
    """Writes what is about to be sent; None when the message ceased to be true while its contacts were asked for."""
    stored = await desk.store.messages.get(id)
    if stored is None or stored.state.state is State.DROPPED:
        return None
    begun, jobs = sending.begin_round(stored.state, recipients, now, desk.instance)
    await desk.store.messages.save(stored, begun, at=now, due=now + sending.ROUND_TAKES_AT_MOST)
    return begun, jobs


@retry_stale
async def _book(desk: Desk, id: MessageId, decide: Callable[[Message, datetime], Step]) -> None:
    """Writes what became of a message and says it, on top of whatever happened to the message meanwhile."""
    stored = await desk.store.messages.get(id)
    if stored is None:
        return
    now = desk.now()
    step = decide(stored.state, now)
    said = facts(id, step.message, step.said, now)
    await desk.store.messages.save(stored, step.message, at=now, facts=said, due=step.due)
    log.info("notify.message.booked", message_id=id, state=step.message.state, rounds=step.message.rounds)


async def _hand_over(
    desk: Desk, id: MessageId, message: Message, jobs: Sequence[Job], code: str | None
) -> Mapping[Key, Outcome]:
    """All deliveries of a round side by side; one that breaks on our side takes none of the others with it."""
    outcomes = await asyncio.gather(*(_deliver(desk, id, message, job, code) for job in jobs), return_exceptions=True)
    answers: dict[Key, Outcome] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            log.error("notify.delivery.broken", message_id=id, channel=job.channel, exc_info=outcome)
            outcome = Unknown("broken_here")
        answers[job.key] = outcome
    return answers


async def _deliver(desk: Desk, id: MessageId, message: Message, job: Job, code: str | None) -> Outcome:
    text = desk.texts.text(id, message, job.language, code)
    match job.channel:
        case Channel.EMAIL:
            delivery = delivery_id(id, job.person_id, job.channel, job.slot)
            return await desk.mail.send(delivery, job.address, text, desk.now())
        case Channel.SMS:
            return await desk.sms.send(job.address, text.sms, repeat=job.repeat)
