"""A message: the intent to tell a family one thing, written before anything is sent, and what became of it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid5

MessageId = NewType("MessageId", str)
DeliveryId = NewType("DeliveryId", str)
PersonId = NewType("PersonId", str)
ChildId = NewType("ChildId", str)

_NAMES = UUID("5f7f0f0c-6a52-4f0e-9d1b-5a2f6a1d9b11")
_CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
WITHDRAWAL_IS_NEWS_FOR = timedelta(days=3)


class Kind(StrEnum):
    """What a family is told (R10, R42, R43, R49), and what a person is told of the own account."""

    TURN_CAME = "TURN_CAME"
    TURN_PROLONGED = "TURN_PROLONGED"
    PLACE_WITHDRAWN = "PLACE_WITHDRAWN"
    REFERRAL_ISSUED = "REFERRAL_ISSUED"
    CONCLUSION_EXPIRING = "CONCLUSION_EXPIRING"
    APPEAL_ANSWERED = "APPEAL_ANSWERED"
    JOIN_ASKED = "JOIN_ASKED"
    GUARDIAN_LINKED = "GUARDIAN_LINKED"
    GUARDIAN_UNLINKED = "GUARDIAN_UNLINKED"
    CONFIRM_CONTACT = "CONFIRM_CONTACT"
    SIGNED_IN_FROM_NEW_PLACE = "SIGNED_IN_FROM_NEW_PLACE"
    KEY_EXPIRING = "KEY_EXPIRING"


class State(StrEnum):
    """The life of a message. HANDED_OVER and DROPPED are its ends; FAILED is reported once and still tried."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    HANDED_OVER = "HANDED_OVER"
    FAILED = "FAILED"
    DROPPED = "DROPPED"


class Channel(StrEnum):
    """The ways a message travels."""

    EMAIL = "email"
    SMS = "sms"


class Progress(StrEnum):
    """The life of one delivery. SENDING was begun and its end is not known: it may or may not have left."""

    SENDING = "SENDING"
    ACCEPTED = "ACCEPTED"
    TRY_AGAIN = "TRY_AGAIN"
    REFUSED = "REFUSED"


class Language(StrEnum):
    """The languages a family is told in."""

    KK = "kk"
    RU = "ru"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way to one address of one person. `slot` 0 is the main address, the extra ones follow."""

    person_id: PersonId
    channel: Channel
    slot: int
    language: Language
    progress: Progress
    attempts: int
    last_at: datetime
    provider_id: str | None = None
    reason: str | None = None

    @property
    def open(self) -> bool:
        """Whether it may still be accepted."""
        return self.progress in (Progress.SENDING, Progress.TRY_AGAIN)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to tell: about a child to its guardians, or about an account to its owner.

    `true_until` is the first moment at which telling it makes no sense.
    """

    kind: Kind
    created_at: datetime
    true_until: datetime
    state: State = State.WAITING
    child_id: ChildId | None = None
    application_id: str | None = None
    to: tuple[PersonId, ...] = ()
    """The persons to be told; without any, all guardians the child has at the moment of sending."""
    confirmation_id: str | None = None
    """The code to be sent, asked of auth together with its address at the moment of sending."""
    happened_at: datetime | None = None
    invitation_id: str | None = None
    referral_id: str | None = None
    referral_number: str | None = None
    queue_number: int | None = None
    places_open: int | None = None
    granted: bool | None = None
    """How an appeal was decided."""
    rounds: int = 0
    sender: str | None = None
    """The instance of this service that began the last round."""
    deliveries: tuple[Delivery, ...] = field(default=())
    reason: str | None = None
    failure_said: bool = False
    handed_over_at: datetime | None = None

    @property
    def accepted(self) -> tuple[Delivery, ...]:
        """The deliveries a provider took."""
        return tuple(each for each in self.deliveries if each.progress is Progress.ACCEPTED)

    @property
    def may_have_reached_somebody(self) -> bool:
        """Whether a provider took it or may have taken it."""
        return any(each.progress in (Progress.ACCEPTED, Progress.SENDING) for each in self.deliveries)


def message_id(kind: Kind, story_id: str) -> MessageId:
    """The one id of a message of this kind about an invitation or a referral: a repeated fact meets the same message."""
    return MessageId(str(uuid5(_NAMES, f"{story_id}/{kind}")))


def delivery_id(message: MessageId, person_id: PersonId, channel: Channel, slot: int) -> DeliveryId:
    """The same for every attempt of a delivery, so that a repeat is recognised by whoever receives it."""
    return DeliveryId(str(uuid5(_NAMES, f"{message}/{person_id}/{channel}/{slot}")))


def code(message: MessageId) -> str:
    """Four signs that stand in every text of a message; they tell apart messages that read alike and name nobody."""
    number = UUID(message).int
    return "".join(_CODE_ALPHABET[number >> 5 * place & 31] for place in range(4))


def turn_came(
    *,
    invitation_id: str,
    application_id: str,
    child_id: str,
    queue_number: int,
    places_open: int,
    deadline: datetime,
    at: datetime,
) -> tuple[MessageId, Message]:
    """The child's turn came (R42): to be told until the deadline of the choice."""
    return message_id(Kind.TURN_CAME, invitation_id), Message(
        kind=Kind.TURN_CAME,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=deadline,
        invitation_id=invitation_id,
        queue_number=queue_number,
        places_open=places_open,
    )


def turn_that_ended(
    *, invitation_id: str, application_id: str, child_id: str, at: datetime
) -> tuple[MessageId, Message]:
    """The turn as far as its end tells of it: no number, no places, nothing that could be sent."""
    return message_id(Kind.TURN_CAME, invitation_id), Message(
        kind=Kind.TURN_CAME,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=at,
        invitation_id=invitation_id,
    )


def turn_prolonged(
    *, invitation_id: str, outage_id: str, application_id: str, child_id: str, deadline: datetime, at: datetime
) -> tuple[MessageId, Message]:
    """An outage made the window longer: the new deadline, to be told until then; one message for each outage."""
    return message_id(Kind.TURN_PROLONGED, f"{invitation_id}/{outage_id}"), Message(
        kind=Kind.TURN_PROLONGED,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=deadline,
        invitation_id=invitation_id,
    )


def referral_issued(
    *,
    referral_id: str,
    referral_number: str,
    application_id: str,
    child_id: str,
    valid_until: datetime,
    at: datetime,
) -> tuple[MessageId, Message]:
    """A referral was issued: to be told while it is valid (R33, R43)."""
    return message_id(Kind.REFERRAL_ISSUED, referral_id), Message(
        kind=Kind.REFERRAL_ISSUED,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=valid_until,
        referral_id=referral_id,
        referral_number=referral_number,
    )


def place_withdrawn(
    *, invitation_id: str, application_id: str, child_id: str, at: datetime
) -> tuple[MessageId, Message]:
    """The promised place was withdrawn and the invitation ended with it; the child keeps its place in the order."""
    return message_id(Kind.PLACE_WITHDRAWN, invitation_id), Message(
        kind=Kind.PLACE_WITHDRAWN,
        child_id=ChildId(child_id),
        application_id=application_id,
        created_at=at,
        true_until=at + WITHDRAWAL_IS_NEWS_FOR,
        invitation_id=invitation_id,
    )
