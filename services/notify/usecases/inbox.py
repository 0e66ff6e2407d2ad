"""To show a guardian what the family was told and by which ways it went (R44)."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.reads import Reads
from services.chassis.security import Person
from services.notify.domain.message import ChildId, Delivery, Language, Message, MessageId, PersonId, State
from services.notify.domain.refusals import NoSuchChild
from services.notify.gateways.texts import Text, Texts
from services.notify.store import Reading

WHY = "guardian_messages"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it: the words in their language and the deliveries to themselves."""

    id: MessageId
    message: Message
    text: Text
    deliveries: tuple[Delivery, ...]


async def inbox(
    reading: Reading,
    reads: Reads,
    texts: Texts,
    person: Person,
    child_id: ChildId,
    wish: Language | None,
    now: datetime,
) -> list[Letter]:
    """The messages about a child, newest first, also those no channel took yet; NoSuchChild unless it is the reader's child.

    The language is the one wished, else the one this person was last written to in, else Kazakh.
    """
    reader = PersonId(person.person_id)
    if not await reading.is_guardian(reader, child_id):
        raise NoSuchChild
    messages = [stored for stored in await reading.messages_of(child_id) if stored.state.state is not State.DROPPED]
    await reads.by_guardian(person, [child_id], WHY, now)
    language = wish or _last_language(reader, [stored.state for stored in messages])
    return [
        Letter(
            id=MessageId(stored.id),
            message=stored.state,
            text=texts.text(MessageId(stored.id), stored.state, language),
            deliveries=_to(reader, stored.state),
        )
        for stored in messages
    ]


def _to(reader: PersonId, message: Message) -> tuple[Delivery, ...]:
    return tuple(each for each in message.deliveries if each.person_id == reader)


def _last_language(reader: PersonId, messages: list[Message]) -> Language:
    return next((each.language for message in messages for each in _to(reader, message)), Language.KK)
