"""The doors of notify: a guardian's inbox."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header
from pydantic import BaseModel

from services.chassis.clock import Clock
from services.chassis.reads import Reads
from services.chassis.security import Person, Tokens
from services.notify.domain.message import Channel, ChildId, Delivery, Kind, Language, Progress, State
from services.notify.gateways.texts import Texts
from services.notify.store import Reading
from services.notify.usecases import inbox

STATUSES: Final = {"NO_SUCH_CHILD": 404}


class DeliveryShown(BaseModel):
    """One way a message went to the reader; never the address."""

    channel: Channel
    progress: Progress
    attempts: int
    last_at: datetime
    reason: str | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryShown":
        """A delivery as it is shown."""
        return cls(
            channel=delivery.channel,
            progress=delivery.progress,
            attempts=delivery.attempts,
            last_at=delivery.last_at,
            reason=delivery.reason,
        )


class MessageShown(BaseModel):
    """One message as its reader sees it."""

    message_id: str
    kind: Kind
    state: State
    application_id: str | None
    created_at: datetime
    true_until: datetime
    """The deadline it speaks of, or the end of what it tells."""
    language: Language
    subject: str
    text: str
    deliveries: list[DeliveryShown]

    @classmethod
    def of(cls, letter: inbox.Letter) -> "MessageShown":
        """A letter as it is shown."""
        return cls(
            message_id=letter.id,
            kind=letter.message.kind,
            state=letter.message.state,
            application_id=letter.message.application_id,
            created_at=letter.message.created_at,
            true_until=letter.message.true_until,
            language=letter.text.language,
            subject=letter.text.subject,
            text=letter.text.plain,
            deliveries=[DeliveryShown.of(each) for each in letter.deliveries],
        )


class Inbox(BaseModel):
    """The messages about one child, newest first."""

    messages: list[MessageShown]


def router(reading: Reading, reads: Reads, texts: Texts, tokens: Tokens, clock: Clock) -> APIRouter:
    """The doors."""
    doors = APIRouter(tags=["messages"])

    @doors.get("/children/{child_id}/messages")
    async def messages(
        child_id: str,
        person: Annotated[Person, Depends(tokens.person)],
        accept_language: Annotated[str, Header()] = "",
    ) -> Inbox:
        """What the guardians of a child were told, to one of them; 404 to anybody else (R4)."""
        wish = _wished(accept_language)
        letters = await inbox.inbox(reading, reads, texts, person, ChildId(child_id), wish, clock.now())
        return Inbox(messages=[MessageShown.of(each) for each in letters])

    return doors


def _wished(header: str) -> Language | None:
    """The first of our languages that an Accept-Language header names."""
    names = (part.partition(";")[0].strip().lower()[:2] for part in header.split(","))
    return next((Language(name) for name in names if name in set(Language)), None)
