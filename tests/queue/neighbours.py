"""What the services around the waiting list say to it, and what a publication brings."""

from datetime import UTC, datetime, timedelta

from contracts import notify, queue, referral, vacancy
from tests.queue.office import TUESDAY, Child, Office, new_id

DEADLINE = datetime(2026, 12, 3, 19, 0, tzinfo=UTC)
"""24:00 of Thursday in Almaty: the third working day of a window that began on Tuesday at 07:00."""


def opened(stream_id: str, n: int, publication_id: str | None = None) -> vacancy.OpenedV1:
    return vacancy.OpenedV1(stream_id=stream_id, publication_id=publication_id or new_id(), n=n, day=TUESDAY.date())


def hold(
    kind: type[vacancy.HoldFact], stream_id: str, child: Child, invitation: queue.InvitedV1 | None, hold_id: str
) -> vacancy.HoldFact:
    """What vacancy says of a hold, in priority mode when there is an invitation."""
    place_id, organisation_id = new_id(), new_id()
    year = int(stream_id.rpartition(":")[2])
    card = vacancy.PlaceCard(
        place_id=place_id,
        organisation_id=organisation_id,
        name_kk="Бөбекжай",
        name_ru="Ясли-сад",
        kind_kk="Түзету балабақшасы",
        kind_ru="Коррекционный детский сад",
        address_kk="Алматы",
        address_ru="Алматы",
        district="Турксибский",
        language="kk",
        place_type="GENERAL_USE",
        group_year=year,
        stream_id=stream_id,
    )
    return kind(
        hold_id=hold_id,
        place_id=place_id,
        stream_id=stream_id,
        application_id=child.application_id,
        child_id=child.child_id,
        held_by=child.guardian,
        mode="PRIORITY" if invitation else "FREE_CHOICE",
        invitation_id=invitation.invitation_id if invitation else None,
        queue_number=invitation.queue_number if invitation else None,
        hold_until=TUESDAY + timedelta(minutes=20),
        place=card,
    )


def referral_of(kind: type[referral.ReferralFact], child: Child, hold_id: str, state: str) -> referral.ReferralFact:
    return kind(
        referral_id=new_id(),
        hold_id=hold_id,
        referral_number="ALM.2026.1",
        application_id=child.application_id,
        child_id=child.child_id,
        place_id=new_id(),
        organisation_id=new_id(),
        mode="PRIORITY",
        issued_at=TUESDAY,
        valid_until=DEADLINE,
        state=state,
        document_sha256="0" * 64,
    )


async def invite(office: Office, stream_id: str, n: int) -> list[queue.InvitedV1]:
    """A publication of n places and the invitations it brings."""
    already = len(office.ears.said(queue.InvitedV1, stream_id=stream_id))
    await office.tell(opened(stream_id, n))
    found: list[queue.InvitedV1] = await office.ears.wait(already + n, queue.InvitedV1, stream_id=stream_id)
    return found[already:]


def handed_over(child: Child, invitation_id: str) -> notify.HandedOverV1:
    """notify's word that the notice of a turn has left the house."""
    return notify.HandedOverV1(
        message_id=new_id(),
        child_id=child.child_id,
        kind="TURN_CAME",
        invitation_id=invitation_id,
        channels=("email", "sms"),
        at=TUESDAY,
    )
