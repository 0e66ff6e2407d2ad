"""What notify says, in the words of the contract. Neither addresses nor texts leave the service."""

from datetime import datetime

from contracts.notify import FailedV1, HandedOverV1
from services.notify.domain.message import Message, MessageId
from services.notify.domain.sending import Failed, HandedOver

Said = HandedOverV1 | FailedV1


def facts(id: MessageId, message: Message, said: HandedOver | Failed | None, at: datetime) -> tuple[Said, ...]:
    """The fact that belongs to a decision about a message, or none; what a person alone is told is nobody else's business."""
    child_id = message.child_id
    if child_id is None:
        return ()
    match said:
        case None:
            return ()
        case HandedOver(channels):
            return (
                HandedOverV1(
                    message_id=id,
                    child_id=child_id,
                    kind=message.kind,
                    invitation_id=message.invitation_id,
                    referral_id=message.referral_id,
                    channels=channels,
                    at=at,
                ),
            )
        case Failed(channels, reason):
            return (
                FailedV1(
                    message_id=id,
                    child_id=child_id,
                    kind=message.kind,
                    invitation_id=message.invitation_id,
                    referral_id=message.referral_id,
                    channels=channels,
                    reason=reason,
                    at=at,
                ),
            )
