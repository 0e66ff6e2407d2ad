"""In, Kafka: contract to use case; no decisions."""

from contracts import auth, notify, queue, referral, vacancy
from services.chassis.clock import Clock
from services.chassis.kafka import Following, Hearing, Told
from services.chassis.parking import Parking
from services.queue.domain.appeal import Against, AppealId
from services.queue.domain.words import (
    ApplicationId,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PublicationId,
    Status,
    StreamId,
    WithdrawalId,
)
from services.queue.usecases import appeals, office, standing, turns
from services.queue.usecases import hearing as applications
from services.queue.usecases.desk import Desk
from services.queue.usecases.ledger import log, protocol

_HOLD: dict[type[vacancy.HoldFact], HoldState] = {
    vacancy.HeldV1: HoldState.HELD,
    vacancy.ReleasedV1: HoldState.RELEASED,
    vacancy.TakenV1: HoldState.TAKEN,
}

_RAN_OUT = "EXPIRED"
_RETURNED = "RETURNED"

_REFERRAL: dict[str, HoldState] = {
    _RAN_OUT: HoldState.ENDED,
    "REVOKED": HoldState.ENDED,
    _RETURNED: HoldState.ENDED,
    "PRESENTED": HoldState.ENROLLED,
}
"""What has become of the hold of a referral; a referral in any other state keeps its place taken."""


def hear(desk: Desk, clock: Clock, parking: Parking) -> Hearing:
    """Everything this service listens to."""
    hearing = Hearing("queue")
    _of_vacancy(hearing, desk, clock)
    _of_itself(hearing, desk, clock, parking)
    _of_others(hearing, desk, clock)
    return hearing


def follow(desk: Desk, clock: Clock) -> Following:
    """What every replica follows to keep the order in memory."""
    return Following(
        topics=standing.TOPICS,
        build=lambda: standing.build(desk.reading, desk.today(clock.now())),
        hear=lambda subjects: standing.hear(desk.reading, subjects),
    )


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
    @hearing.on(*queue.APPLICATION_FACTS)
    async def application(fact: queue.ApplicationFact, told: Told) -> None:
        await turns.application_changed(desk, ApplicationId(fact.application_id), StreamId(fact.stream_id), clock.now())
        heard = log.Heard(
            ApplicationId(fact.application_id), StreamId(fact.stream_id), Status(fact.status), told.sequence
        )
        await log.application_heard(desk, heard, told.time)
        if told.type == queue.RegisteredV1.type:
            await parking.release(applications.waits_for(fact.application_id))

    @hearing.on(queue.AppealOpenedV1)
    async def appealed(fact: queue.AppealOpenedV1, _: Told) -> None:
        about = (ApplicationId(fact.application_id), AppealId(fact.appeal_id), Against(fact.against))
        await appeals.opening_heard(desk, *about, clock.now())

    @hearing.on(queue.AppealAnsweredV1)
    async def answered(fact: queue.AppealAnsweredV1, _: Told) -> None:
        about = (ApplicationId(fact.application_id), AppealId(fact.appeal_id), Against(fact.against))
        await appeals.answer_heard(desk, *about, clock.now(), granted=fact.granted)

    @hearing.on(queue.InvitedV1)
    async def invited(fact: queue.InvitedV1, _: Told) -> None:
        invitation = (InvitationId(fact.invitation_id), fact.deadline, fact.queue_number)
        await applications.invited(desk, ApplicationId(fact.application_id), invitation, clock.now())
        await parking.release(applications.waits_for_turn(fact.invitation_id))

    @hearing.on(queue.InvitationProlongedV1)
    async def prolonged(fact: queue.InvitationProlongedV1, _: Told) -> None:
        application_id, invitation_id = ApplicationId(fact.application_id), InvitationId(fact.invitation_id)
        await applications.invitation_prolonged(desk, application_id, (invitation_id, fact.deadline), clock.now())

    @hearing.on(queue.TokenReclaimedV1)
    async def reclaimed(fact: queue.TokenReclaimedV1, told: Told) -> None:
        await log.stream_heard(desk, StreamId(fact.stream_id), told.time)

    @hearing.on(queue.InvitationEndedV1)
    async def ended(fact: queue.InvitationEndedV1, told: Told) -> None:
        application_id, invitation_id = ApplicationId(fact.application_id), InvitationId(fact.invitation_id)
        reason = EndReason(fact.reason)
        await applications.invitation_ended(desk, application_id, invitation_id, reason, clock.now())
        await log.stream_heard(desk, StreamId(fact.stream_id), told.time)


def _of_others(hearing: Hearing, desk: Desk, clock: Clock) -> None:
    @hearing.on(referral.IssuedV1, referral.ReturnedV1, referral.StatedV1)
    async def issued(fact: referral.ReferralFact, _: Told) -> None:
        state = _REFERRAL.get(fact.state, HoldState.TAKEN)
        hold_id, made_with, child_id = HoldId(fact.hold_id), ApplicationId(fact.application_id), ChildId(fact.child_id)
        if fact.state == _RAN_OUT:
            await office.referral_ran_out(desk, made_with, fact.referral_id, fact.valid_until, clock.now())
        is_returned = fact.state == _RETURNED
        await applications.hold_heard(desk, child_id, hold_id, made_with, state, clock.now(), is_returned=is_returned)
        if state is HoldState.ENDED:
            await turns.referral_over(desk, made_with, child_id, hold_id, clock.now())
        await protocol.issued(desk, fact.referral_id, made_with, (fact.issued_at, fact.mode, fact.organisation_id))

    @hearing.on(notify.HandedOverV1)
    async def handed_over(fact: notify.HandedOverV1, _: Told) -> None:
        if fact.invitation_id is not None:
            child_id, invitation_id = ChildId(fact.child_id), InvitationId(fact.invitation_id)
            await applications.notice_handed_over(desk, child_id, invitation_id, clock.now())

    @hearing.on(auth.LinkedV1, auth.UnlinkedV1, auth.StatedV1)
    async def guardians(fact: auth.GuardianshipFact, told: Told) -> None:
        known = {"guardians": list(fact.guardians)}
        await desk.store.guardianships.put(fact.child_id, "guardianship", told.sequence, known)
