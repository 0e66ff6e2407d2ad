"""In, Kafka: contract to use case; no decisions."""

from contracts import auth, notify, queue, referral, vacancy
from services.chassis.clock import Clock
from services.chassis.kafka import Hearing, Told
from services.chassis.parking import Parking
from services.queue.domain.words import (
    ApplicationId,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PublicationId,
    StreamId,
    WithdrawalId,
)
from services.queue.usecases import hearing as applications
from services.queue.usecases import turns
from services.queue.usecases.desk import Desk

_HOLD: dict[type[vacancy.HoldFact], HoldState] = {
    vacancy.HeldV1: HoldState.HELD,
    vacancy.ReleasedV1: HoldState.RELEASED,
    vacancy.TakenV1: HoldState.TAKEN,
}

_REFERRAL_OVER = frozenset({"EXPIRED", "REVOKED", "RETURNED"})


def hear(desk: Desk, clock: Clock, parking: Parking) -> Hearing:
    """Everything this service listens to."""
    hearing = Hearing("queue")
    _of_vacancy(hearing, desk, clock)
    _of_itself(hearing, desk, clock, parking)
    _of_others(hearing, desk, clock)
    return hearing


def _of_vacancy(hearing: Hearing, desk: Desk, clock: Clock) -> None:
    @hearing.on(vacancy.OpenedV1)
    async def opened(fact: vacancy.OpenedV1, _: Told) -> None:
        await turns.opened(desk, StreamId(fact.stream_id), PublicationId(fact.publication_id), fact.n, clock.now())

    @hearing.on(vacancy.WithdrawnV1)
    async def withdrawn(fact: vacancy.WithdrawnV1, _: Told) -> None:
        if fact.token_owed:
            await turns.withdrawn(desk, StreamId(fact.stream_id), WithdrawalId(fact.withdrawal_id), clock.now())

    @hearing.on(vacancy.HeldV1, vacancy.ReleasedV1, vacancy.TakenV1)
    async def hold(fact: vacancy.HoldFact, _: Told) -> None:
        state, now = _HOLD[type(fact)], clock.now()
        hold_id, made_with, child_id = HoldId(fact.hold_id), ApplicationId(fact.application_id), ChildId(fact.child_id)
        invitation_id = InvitationId(fact.invitation_id) if fact.invitation_id else None
        await applications.hold_heard(desk, child_id, hold_id, made_with, state, now)
        known = (hold_id, made_with, child_id, invitation_id)
        await turns.hold_heard(desk, StreamId(fact.stream_id), known, state, now)


def _of_itself(hearing: Hearing, desk: Desk, clock: Clock, parking: Parking) -> None:
    @hearing.on(
        queue.RegisteredV1, queue.StatusChangedV1, queue.ReferredV1, queue.RemovedV1, queue.RestoredV1, queue.StatedV1
    )
    async def application(fact: queue.ApplicationFact, told: Told) -> None:
        await turns.application_changed(desk, ApplicationId(fact.application_id), StreamId(fact.stream_id), clock.now())
        if told.type == queue.RegisteredV1.type:
            await parking.release(applications.waits_for(fact.application_id))

    @hearing.on(queue.InvitedV1)
    async def invited(fact: queue.InvitedV1, _: Told) -> None:
        invitation = (InvitationId(fact.invitation_id), fact.deadline, fact.queue_number)
        await applications.invited(desk, ApplicationId(fact.application_id), invitation, clock.now())
        await parking.release(applications.waits_for_turn(fact.invitation_id))

    @hearing.on(queue.InvitationEndedV1)
    async def ended(fact: queue.InvitationEndedV1, _: Told) -> None:
        application_id, invitation_id = ApplicationId(fact.application_id), InvitationId(fact.invitation_id)
        reason = EndReason(fact.reason)
        await applications.invitation_ended(desk, application_id, invitation_id, reason, clock.now())


def _of_others(hearing: Hearing, desk: Desk, clock: Clock) -> None:
    @hearing.on(referral.IssuedV1, referral.ReturnedV1, referral.StatedV1)
    async def issued(fact: referral.ReferralFact, _: Told) -> None:
        state = HoldState.ENDED if fact.state in _REFERRAL_OVER else HoldState.TAKEN
        hold_id, made_with, child_id = HoldId(fact.hold_id), ApplicationId(fact.application_id), ChildId(fact.child_id)
        await applications.hold_heard(desk, child_id, hold_id, made_with, state, clock.now())
        if state is HoldState.ENDED:
            await turns.referral_over(desk, made_with, child_id, hold_id, clock.now())

    @hearing.on(notify.HandedOverV1)
    async def handed_over(fact: notify.HandedOverV1, _: Told) -> None:
        if fact.invitation_id is not None:
            child_id, invitation_id = ChildId(fact.child_id), InvitationId(fact.invitation_id)
            await applications.notice_handed_over(desk, child_id, invitation_id, clock.now())

    @hearing.on(auth.LinkedV1, auth.UnlinkedV1, auth.StatedV1)
    async def guardians(fact: auth.GuardianshipFact, told: Told) -> None:
        known = {"guardians": list(fact.guardians)}
        await desk.store.guardianships.put(fact.child_id, "guardianship", told.sequence, known)
