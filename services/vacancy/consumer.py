"""In, Kafka: contract to use case; no decisions."""

from collections import defaultdict

from contracts import auth, queue, referral
from services.chassis.clock import Clock
from services.chassis.kafka import Hearing, Told
from services.vacancy.domain.candidate import ApplicationFacts, KnownInvitation
from services.vacancy.domain.words import ApplicationId, ChildId, EndReason, HoldId, InvitationId, PlaceId, StreamId
from services.vacancy.usecases import hearing as heard
from services.vacancy.usecases.desk import Desk

_LIVE = frozenset({"QUEUED", "NOTIFIED"})
_REFERRAL_OVER = frozenset({"EXPIRED", "REVOKED", "RETURNED"})
_NOT_SIGNED: dict[type[referral.ChoiceFact], str] = {
    referral.DeclinedV1: "declined",
    referral.RejectedV1: "rejected",
    referral.ExpiredV1: "expired",
}


def hear(desk: Desk, clock: Clock) -> Hearing:
    """Everything this service listens to."""
    hearing = Hearing("vacancy")
    _of_queue(hearing, desk, clock)
    _of_referral(hearing, desk, clock)

    @hearing.on(auth.LinkedV1, auth.UnlinkedV1, auth.StatedV1)
    async def guardians(fact: auth.GuardianshipFact, told: Told) -> None:
        known = {"guardians": list(fact.guardians)}
        await desk.store.guardianships.put(fact.child_id, "guardianship", told.sequence, known)

    return hearing


def _of_queue(hearing: Hearing, desk: Desk, clock: Clock) -> None:
    @hearing.on(*queue.APPLICATION_FACTS)
    async def application(fact: queue.ApplicationFact, told: Told) -> None:
        facts = ApplicationFacts(
            application_id=ApplicationId(fact.application_id),
            stream_id=StreamId(fact.stream_id),
            live=fact.status.value in _LIVE,
            invitable=fact.invitable,
            sequence=told.sequence,
        )
        await heard.application_heard(desk, ChildId(fact.child_id), facts, clock.now())

    @hearing.on(queue.InvitedV1)
    async def invited(fact: queue.InvitedV1, told: Told) -> None:
        invitation = _invitation(StreamId(fact.stream_id), fact, told)
        await heard.invited(desk, ChildId(fact.child_id), invitation, clock.now())

    @hearing.on(queue.StreamStatedV1)
    async def stated(fact: queue.StreamStatedV1, told: Told) -> None:
        stream_id = StreamId(fact.stream_id)
        live: dict[ChildId, list[KnownInvitation]] = defaultdict(list)
        for each in fact.invitations:
            live[ChildId(each.child_id)].append(_invitation(stream_id, each, told))
        await heard.stream_stated(desk, stream_id, live, told.sequence, clock.now())

    @hearing.on(queue.InvitationProlongedV1)
    async def prolonged(fact: queue.InvitationProlongedV1, _: Told) -> None:
        longer = (InvitationId(fact.invitation_id), fact.deadline)
        await heard.invitation_prolonged(desk, ChildId(fact.child_id), longer, clock.now())

    @hearing.on(queue.InvitationEndedV1)
    async def ended(fact: queue.InvitationEndedV1, _: Told) -> None:
        invitation = (InvitationId(fact.invitation_id), ChildId(fact.child_id))
        reason = EndReason(fact.reason.value)
        await heard.invitation_ended(desk, StreamId(fact.stream_id), invitation, reason, clock.now())

    @hearing.on(queue.TokenReclaimedV1)
    async def reclaimed(fact: queue.TokenReclaimedV1, _: Told) -> None:
        reason = EndReason(fact.reason.value)
        await heard.token_reclaimed(desk, StreamId(fact.stream_id), HoldId(fact.hold_id), reason, clock.now())


def _invitation(stream_id: StreamId, said: queue.InvitedV1 | queue.LiveInvitation, told: Told) -> KnownInvitation:
    return KnownInvitation(
        invitation_id=InvitationId(said.invitation_id),
        application_id=ApplicationId(said.application_id),
        stream_id=stream_id,
        deadline=said.deadline,
        queue_number=said.queue_number,
        sequence=told.sequence,
    )


def _of_referral(hearing: Hearing, desk: Desk, clock: Clock) -> None:
    @hearing.on(referral.SignedV1)
    async def signed(fact: referral.SignedV1, _: Told) -> None:
        place_id, hold_id = PlaceId(fact.place_id), HoldId(fact.hold_id)
        await heard.signed(desk, place_id, hold_id, ChildId(fact.child_id), clock.now())

    @hearing.on(referral.DeclinedV1, referral.RejectedV1, referral.ExpiredV1)
    async def not_signed(fact: referral.ChoiceFact, _: Told) -> None:
        reason = _NOT_SIGNED[type(fact)]
        await heard.not_signed(desk, PlaceId(fact.place_id), HoldId(fact.hold_id), reason, clock.now())

    @hearing.on(referral.ReturnedV1, referral.StatedV1)
    async def over(fact: referral.ReferralFact, _: Told) -> None:
        if fact.state.value in _REFERRAL_OVER:
            await heard.referral_over(desk, PlaceId(fact.place_id), HoldId(fact.hold_id), clock.now())
