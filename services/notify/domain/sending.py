"""How a message is sent: in rounds, each with the contacts of that moment, until all have it or it is no longer true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.notify.domain.message import Channel, Delivery, Language, Message, PersonId, Progress, State

BACK_OFF = (
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=30),
)
"""Pauses after the first, second, ... unfinished round; the last one repeats."""
UNKNOWN_SETTLES = timedelta(seconds=30)
"""So long after an attempt without a known end a provider may still take it; only then is it asked and, if need be, sent again."""
ROUND_TAKES_AT_MOST = timedelta(seconds=30)
"""After this a begun round is taken for broken off and begun anew."""
RESUMED_AFTER = timedelta(seconds=3)
"""So long a process that was restarted leaves what its predecessor was sending: it may be arriving just now."""

NO_CONTACTS = "no_contacts"
CONTACT_GONE = "contact_gone"
TOO_LATE = "too_late"
NO_LONGER_TRUE = "no_longer_true"

Key = tuple[PersonId, Channel, int]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A guardian as auth knows them at the moment of sending. Addresses stay in memory and out of every repr."""

    person_id: PersonId
    language: Language
    emails: tuple[str, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One delivery to be tried now. `repeat`: an earlier attempt may have been taken, so ask before sending again."""

    person_id: PersonId
    channel: Channel
    slot: int
    language: Language
    repeat: bool
    address: str = field(repr=False)

    @property
    def key(self) -> Key:
        """Which delivery it is."""
        return self.person_id, self.channel, self.slot


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it, now or in an attempt before."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Not taken; a later attempt may succeed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not known whether it was taken: the answer did not come."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """This address will never be served; trying again is of no use."""

    reason: str


Outcome = Accepted | TryAgain | Unknown | Refused


@dataclass(frozen=True, slots=True)
class HandedOver:
    """At least one channel accepted the message."""

    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """No channel accepted the message in time, or before it ceased to be true (R44)."""

    channels: tuple[Channel, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """A message after a decision, what is to be said of it and when it is due again."""

    message: Message
    said: HandedOver | Failed | None
    due: datetime | None


def no_longer_true(message: Message) -> Step:
    """What it tells has ceased to be so. What was accepted stays told; what was not is dropped without a word."""
    finished = tuple(_given_up(each, NO_LONGER_TRUE) for each in message.deliveries)
    if message.state in (State.HANDED_OVER, State.DROPPED) or message.accepted:
        return Step(replace(message, deliveries=finished), None, None)
    return Step(replace(message, state=State.DROPPED, reason=NO_LONGER_TRUE), None, None)


def longer(message: Message, deadline: datetime, now: datetime) -> Step:
    """What it tells is true for longer. What nobody has been sent yet is sent with the new time."""
    if message.state is State.DROPPED or deadline <= message.true_until:
        return Step(message, None, None)
    told = message.state is State.HANDED_OVER and not any(each.open for each in message.deliveries)
    due = now + ROUND_TAKES_AT_MOST if message.state is State.SENDING else now
    return Step(replace(message, true_until=deadline), None, None if told else due)


def too_late(message: Message) -> Step:
    """Its time ran out. If it reached nobody and that was not reported yet, it is reported now."""
    finished = tuple(_given_up(each, TOO_LATE) for each in message.deliveries)
    if message.state in (State.HANDED_OVER, State.DROPPED):
        return Step(replace(message, deliveries=finished), None, None)
    dropped = replace(message, state=State.DROPPED, deliveries=finished, reason=TOO_LATE, failure_said=True)
    said = None if message.failure_said else Failed(_channels(message.deliveries), TOO_LATE)
    return Step(dropped, said, None)


def begin_round(
    message: Message, recipients: Sequence[Recipient], now: datetime, sender: str
) -> tuple[Message, tuple[Job, ...]]:
    """The message with every delivery of this round marked as begun, and the jobs to do once that is written.

    What was accepted or refused is not tried again; an address that is gone is given up.
    """
    known = {(each.person_id, each.channel, each.slot): each for each in message.deliveries}
    jobs = tuple(_jobs(known, recipients))
    begun = {
        job.key: Delivery(
            person_id=job.person_id,
            channel=job.channel,
            slot=job.slot,
            language=job.language,
            progress=Progress.SENDING,
            attempts=known[job.key].attempts + 1 if job.key in known else 1,
            last_at=now,
        )
        for job in jobs
    }
    left = {key: _given_up(each, CONTACT_GONE) for key, each in known.items() if key not in begun}
    state = message.state if message.state in (State.HANDED_OVER, State.FAILED) else State.SENDING
    deliveries = tuple(sorted((left | begun).values(), key=lambda each: (each.person_id, each.channel, each.slot)))
    return replace(message, state=state, rounds=message.rounds + 1, sender=sender, deliveries=deliveries), jobs


def broke_off(message: Message) -> bool:
    """Whether a round was begun and nothing of its end was written."""
    return any(each.progress is Progress.SENDING and each.reason is None for each in message.deliveries)


def finish_round(message: Message, outcomes: Mapping[Key, Outcome], now: datetime, patience: timedelta) -> Step:
    """What the providers' answers make of the message. `patience`: how long it may reach nobody before that is reported."""
    deliveries = tuple(
        _after(each, outcomes.get((each.person_id, each.channel, each.slot))) for each in message.deliveries
    )
    return _settle(replace(message, deliveries=deliveries), _reason(deliveries), now, patience)


def postpone(message: Message, reason: str, now: datetime, patience: timedelta) -> Step:
    """A round that could not begin, because the contacts could not be had."""
    return _settle(replace(message, rounds=message.rounds + 1), reason, now, patience)


def _settle(message: Message, reason: str, now: datetime, patience: timedelta) -> Step:
    dropped = message.state is State.DROPPED
    if dropped and not message.accepted:
        return Step(message, None, None)
    said: HandedOver | Failed | None = None
    if message.accepted and message.state is not State.HANDED_OVER:
        message = replace(message, state=State.HANDED_OVER, handed_over_at=now, reason=None)
        said = HandedOver(_channels(message.accepted))
    elif not message.accepted:
        message = replace(message, reason=reason)
        if now >= message.created_at + patience and not message.failure_said:
            message = replace(message, state=State.FAILED, failure_said=True)
            said = Failed(_channels(message.deliveries), reason)
    return Step(message, said, None if dropped else _due(message, now, patience))


def _due(message: Message, now: datetime, patience: timedelta) -> datetime | None:
    """When to try again: None when everybody was served or refused and the outcome has been reported."""
    open_ones = any(each.open for each in message.deliveries) or not message.deliveries
    outcome_reported = message.state is State.HANDED_OVER or message.failure_said
    moments = [message.created_at + patience] if not outcome_reported else []
    if open_ones:
        pause = BACK_OFF[min(message.rounds, len(BACK_OFF)) - 1]
        unknown = any(each.progress is Progress.SENDING for each in message.deliveries)
        moments += [now + max(pause, UNKNOWN_SETTLES if unknown else pause), message.true_until]
    return min(moments, default=None)


def _jobs(known: Mapping[Key, Delivery], recipients: Sequence[Recipient]) -> Iterator[Job]:
    """Every address once in a language: a telephone that two guardians share rings once."""
    taken: set[tuple[Channel, str, Language]] = set()
    for recipient in recipients:
        addresses = [(Channel.EMAIL, recipient.emails), (Channel.SMS, recipient.phones)]
        for channel, slot, address in ((c, n, a) for c, them in addresses for n, a in enumerate(them)):
            where = channel, address.casefold(), recipient.language
            before = known.get((recipient.person_id, channel, slot))
            if where not in taken and (before is None or before.open):
                repeat = before is not None
                yield Job(recipient.person_id, channel, slot, recipient.language, repeat, address)
            taken.add(where)


def _after(delivery: Delivery, outcome: Outcome | None) -> Delivery:
    match outcome:
        case Accepted(provider_id):
            return replace(delivery, progress=Progress.ACCEPTED, provider_id=provider_id)
        case Unknown(reason):
            return replace(delivery, reason=reason)
        case TryAgain(reason):
            return replace(delivery, progress=Progress.TRY_AGAIN, reason=reason)
        case Refused(reason):
            return replace(delivery, progress=Progress.REFUSED, reason=reason)
        case None:
            return delivery


def _given_up(delivery: Delivery, reason: str) -> Delivery:
    return replace(delivery, progress=Progress.REFUSED, reason=reason) if delivery.open else delivery


def _channels(deliveries: Sequence[Delivery]) -> tuple[Channel, ...]:
    return tuple(sorted({each.channel for each in deliveries}))


def _reason(deliveries: Sequence[Delivery]) -> str:
    """One code for the whole message: why the last delivery that did not arrive did not."""
    reasons = [each.reason for each in deliveries if each.reason is not None]
    return reasons[-1] if reasons else NO_CONTACTS
