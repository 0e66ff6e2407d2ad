"""What notify hears, as what it is asked to do."""

from contracts import auth, queue, referral
from contracts.fields import EndReason
from services.chassis.clock import Clock
from services.chassis.kafka import Hearing, Told
from services.notify.domain.message import ChildId, Message, MessageId, referral_issued, turn_came
from services.notify.store import Store
from services.notify.usecases import telling


def hearing(store: Store, clock: Clock) -> Hearing:
    """The handlers of notify."""
    heard = Hearing("notify")

    @heard.on(queue.InvitedV1)
    async def invited(fact: queue.InvitedV1, _: Told) -> None:
        turn = turn_came(
            invitation_id=fact.invitation_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            queue_number=fact.queue_number,
            places_open=fact.places_open,
            deadline=fact.deadline,
            at=clock.now(),
        )
        await telling.tell(store, *turn)

    @heard.on(queue.InvitationEndedV1)
    async def invitation_ended(fact: queue.InvitationEndedV1, _: Told) -> None:
        await telling.end_of_invitation(
            store,
            invitation_id=fact.invitation_id,
            application_id=fact.application_id,
            child_id=fact.child_id,
            place_was_withdrawn=fact.reason is EndReason.PLACE_WITHDRAWN,
            now=clock.now(),
        )

    @heard.on(referral.IssuedV1)
    async def issued(fact: referral.IssuedV1, _: Told) -> None:
        await telling.tell(store, *_referral(fact, clock))

    @heard.on(referral.ReturnedV1)
    async def returned(fact: referral.ReturnedV1, _: Told) -> None:
        id, message = _referral(fact, clock)
        await telling.untell(store, id, message, message.created_at)

    @heard.on(auth.LinkedV1, auth.UnlinkedV1, auth.StatedV1)
    async def guardians(fact: auth.GuardianshipFact, told: Told) -> None:
        await store.keep_guardians(ChildId(fact.child_id), fact.guardians, told.sequence)

    return heard


def _referral(fact: referral.IssuedV1 | referral.ReturnedV1, clock: Clock) -> tuple[MessageId, Message]:
    return referral_issued(
        referral_id=fact.referral_id,
        referral_number=fact.referral_number,
        application_id=fact.application_id,
        child_id=fact.child_id,
        valid_until=fact.valid_until,
        at=clock.now(),
    )
