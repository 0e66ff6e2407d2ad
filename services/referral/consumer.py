"""What referral hears, as what it is asked to do."""

from contracts import auth, queue, vacancy
from contracts.fields import Status
from services.chassis.clock import Clock
from services.chassis.kafka import Hearing, Told
from services.referral.domain.choice import Choice, PlaceCard
from services.referral.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    InvitationId,
    Mode,
    OrganisationId,
    PersonId,
    PlaceId,
)
from services.referral.usecases import choices, learning, referrals
from services.referral.usecases.desk import Desk


def hear(desk: Desk, clock: Clock) -> Hearing:
    """The handlers of referral."""
    hearing = Hearing("referral")

    @hearing.on(vacancy.HeldV1)
    async def held(fact: vacancy.HeldV1, _: Told) -> None:
        await choices.opened(desk, _choice(fact, clock))

    @hearing.on(vacancy.TakenV1)
    async def taken(fact: vacancy.TakenV1, _: Told) -> None:
        await referrals.begin(desk, fact.hold_id, clock.now())

    @hearing.on(auth.LinkedV1, auth.StatedV1)
    async def guardianship(fact: auth.GuardianshipFact, told: Told) -> None:
        await learning.guardians(desk, fact.child_id, fact.guardians, told.sequence)
        await choices.guardians_changed(desk, fact.child_id, clock.now())

    @hearing.on(auth.UnlinkedV1)
    async def unlinked(fact: auth.UnlinkedV1, told: Told) -> None:
        await learning.guardians(desk, fact.child_id, fact.guardians, told.sequence)
        await learning.unlinked(desk, fact.child_id, fact.unlinked_id, told.sequence)
        await choices.guardians_changed(desk, fact.child_id, clock.now())

    @hearing.on(*queue.APPLICATION_FACTS)
    async def application(fact: queue.ApplicationFact, told: Told) -> None:
        await learning.application(
            desk,
            fact.application_id,
            child_id=fact.child_id,
            number=fact.application_number,
            registered_at=fact.registered_at,
            status=fact.status.value,
            sequence=told.sequence,
        )
        if fact.status is Status.REMOVED:
            await referrals.application_left(desk, fact.application_id, clock.now())

    @hearing.on(vacancy.OrganisationRegisteredV1, vacancy.OrganisationStatedV1)
    async def organisation(fact: vacancy.OrganisationFact, told: Told) -> None:
        await learning.organisation(desk, fact.organisation_id, fact.bin, told.sequence)

    return hearing


def _choice(fact: vacancy.HeldV1, clock: Clock) -> Choice:
    return Choice(
        hold_id=HoldId(fact.hold_id),
        place_id=PlaceId(fact.place_id),
        application_id=ApplicationId(fact.application_id),
        child_id=ChildId(fact.child_id),
        held_by=PersonId(fact.held_by),
        mode=Mode(fact.mode.value),
        opened_at=clock.now(),
        hold_until=fact.hold_until,
        place=_place(fact.place),
        invitation_id=InvitationId(fact.invitation_id) if fact.invitation_id else None,
        queue_number=fact.queue_number,
    )


def _place(card: vacancy.PlaceCard) -> PlaceCard:
    return PlaceCard(
        place_id=PlaceId(card.place_id),
        organisation_id=OrganisationId(card.organisation_id),
        name_kk=card.name_kk,
        name_ru=card.name_ru,
        kind_kk=card.kind_kk,
        kind_ru=card.kind_ru,
        address_kk=card.address_kk,
        address_ru=card.address_ru,
        district=card.district,
        phones=card.phones,
        website=card.website,
        language=card.language.value,
        place_type=card.place_type.value,
        group_year=card.group_year,
        stream_id=card.stream_id,
    )
