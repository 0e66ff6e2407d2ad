"""The turn comes, is used, lapses or is lost: the stories of the waiting list on the real engines."""

from datetime import UTC, date, datetime, timedelta

import pytest

from contracts import notify, queue, referral, vacancy
from services.chassis.testing import eventually
from services.queue.domain.application import privilege_class
from services.queue.domain.order import Turns, in_order
from services.queue.domain.words import StreamId
from services.queue.usecases import filing
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

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


@pytest.fixture(autouse=True)
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


async def test_a_publication_of_n_places_invites_the_first_n_in_order_with_an_absolute_deadline(
    office: Office, year: int
) -> None:
    stream_id, (g1, g2, p1, e1, g3, p2) = await office.queue("GGPEGP", year)

    invitations = await invite(office, stream_id, 4)

    expected = [e1, p1, g1, g2]
    assert [each.application_id for each in invitations] == [child.application_id for child in expected]
    assert [each.queue_number for each in invitations] == [1, 2, 3, 4]
    assert {each.deadline for each in invitations} == {DEADLINE}
    assert {each.places_open for each in invitations} == {4}
    card = await office.shows(p1, lambda card: card["invitation"] is not None)
    assert card["invitation"]["deadline"] == "2026-12-03T19:00:00Z"
    assert card["status"] == "QUEUED"
    for child in (g3, p2):
        assert (await office.card(child))["invitation"] is None


async def test_the_same_publication_heard_again_invites_nobody_else(office: Office, year: int) -> None:
    stream_id, _ = await office.queue("GGG", year)
    publication = opened(stream_id, 1)

    await office.tell(publication, times=2)
    await office.tell(publication, 9)

    await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)


async def test_the_status_is_notified_when_the_message_has_left_the_house(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    message = notify.HandedOverV1(
        message_id=new_id(),
        child_id=child.child_id,
        kind="TURN_CAME",
        invitation_id=invitation.invitation_id,
        channels=("email", "sms"),
        at=TUESDAY,
    )

    await office.tell(message, times=2)

    card = await office.shows(child, lambda card: card["status"] == "NOTIFIED")
    assert card["status_text"]["kk"] == "Хабарлама жіберілді"
    assert card["invitation"]["handed_over"] is True
    said = await office.ears.wait(1, queue.StatusChangedV1, application_id=child.application_id)
    assert said[0].status == "NOTIFIED"
    assert [line["what"] for line in card["history"]].count("NOTICE_HANDED_OVER") == 1


async def test_a_place_taken_by_invitation_uses_the_token_and_a_turn_of_its_class(office: Office, year: int) -> None:
    stream_id, (p1, p2, g1, g2) = await office.queue("PPGG", year)
    (invitation,) = await invite(office, stream_id, 1)
    hold_id = new_id()

    await office.tell(hold(vacancy.HeldV1, stream_id, p1, invitation, hold_id))
    taken = hold(vacancy.TakenV1, stream_id, p1, invitation, hold_id)
    await office.tell(taken, 2, times=2)

    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert ended.reason == "used"
    card = await office.shows(p1, lambda card: card["status"] == "REFERRED")
    assert card["queue_number"] is None
    seen = await office.card(g1)
    assert seen["why"]["turns_used"] == {"P": 1, "G": 0}
    numbers = {child.application_id: (await office.card(child))["queue_number"] for child in (g1, g2, p2)}
    assert numbers == {g1.application_id: 1, g2.application_id: 2, p2.application_id: 3}


async def test_a_window_lapses_only_when_no_hold_made_in_time_can_be_alive(office: Office, year: int) -> None:
    stream_id, (child, _) = await office.queue("GG", year)
    await invite(office, stream_id, 1)
    await office.shows(child, lambda card: card["invitation"] is not None)

    await office.move(DEADLINE + timedelta(minutes=20))
    assert office.ears.said(queue.InvitationEndedV1, stream_id=stream_id) == []
    await office.move(DEADLINE + timedelta(minutes=21))

    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert (ended.reason, ended.application_id) == ("lapsed", child.application_id)
    card = await office.shows(child, lambda card: card["invitation"] is None)
    assert (card["status"], card["queue_number"]) == ("QUEUED", 1)


async def test_a_hold_made_in_time_outlives_the_window(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    hold_id = new_id()
    await office.tell(hold(vacancy.HeldV1, stream_id, child, invitation, hold_id))

    async def held() -> bool:
        stored = await office.desk.store.streams.get(stream_id)
        return stored is not None and len(stored.state.holds) == 1

    await eventually(held)
    await office.move(DEADLINE + timedelta(hours=5))
    assert office.ears.said(queue.InvitationEndedV1, stream_id=stream_id) == []

    await office.tell(hold(vacancy.ReleasedV1, stream_id, child, invitation, hold_id), 2)

    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert ended.reason == "lapsed"


async def test_a_hold_signed_after_the_lapse_makes_queue_ask_the_token_back(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.move(DEADLINE + timedelta(minutes=21))
    await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    hold_id = new_id()

    await office.tell(hold(vacancy.TakenV1, stream_id, child, invitation, hold_id), times=2)

    (reclaimed,) = await office.ears.wait(1, queue.TokenReclaimedV1, stream_id=stream_id)
    assert (reclaimed.hold_id, reclaimed.reason) == (hold_id, "lapsed")
    await office.shows(child, lambda card: card["status"] == "REFERRED")


async def test_a_family_that_leaves_the_queue_ends_its_invitation(office: Office, year: int) -> None:
    stream_id, (child, _) = await office.queue("GG", year)
    await invite(office, stream_id, 1)

    door = f"/applications/{child.application_id}:remove"
    for _ in range(2):
        answer = await office.served.client.post(door, headers=office.identity.person(child.guardian))
        assert answer.status_code == 200, answer.text

    assert answer.json()["status_text"]["kk"] == "Кезектен алынды"
    assert answer.json()["queue_number"] == 1
    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert (ended.reason, ended.child_id) == ("removed", child.child_id)
    await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)


async def test_a_family_cannot_leave_while_a_place_is_held_for_it(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(hold(vacancy.HeldV1, stream_id, child, invitation, new_id()))
    await office.shows(child, lambda card: card["history"][-1]["what"] == "PLACE_HELD")

    door = f"/applications/{child.application_id}:remove"
    answer = await office.served.client.post(door, headers=office.identity.person(child.guardian))

    assert (answer.status_code, answer.json()["code"]) == (409, "CHOICE_IN_PROGRESS")


async def test_a_token_that_found_nobody_waits_for_the_next_child(office: Office, year: int) -> None:
    stream_id = f"almaty:correctional:MOTOR:{year}"
    await office.tell(opened(stream_id, 1))

    async def promised() -> bool:
        return await office.desk.store.streams.get(stream_id) is not None

    await eventually(promised)
    _, (child, _) = await office.queue("GG", year)

    (invitation,) = await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)
    assert invitation.application_id == child.application_id


async def test_a_token_that_found_nobody_is_tried_again_at_the_next_publication_hour(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (invitation,) = await invite(office, stream_id, 1)
    await office.tell(opened(stream_id, 1))
    await office.move(DEADLINE + timedelta(minutes=21))
    await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)

    await office.ears.wait(1, queue.InvitedV1, stream_id=stream_id)
    await office.move(datetime(2026, 12, 4, 2, 0, tzinfo=UTC))
    (_, again) = await office.ears.wait(2, queue.InvitedV1, stream_id=stream_id)

    assert again.application_id == child.application_id
    assert again.invitation_id != invitation.invitation_id
    assert again.deadline == datetime(2026, 12, 8, 19, 0, tzinfo=UTC)


async def test_a_promised_place_that_is_withdrawn_costs_the_latest_invitation(office: Office, year: int) -> None:
    stream_id, (_, last) = await office.queue("GG", year)
    await invite(office, stream_id, 2)
    withdrawn = vacancy.WithdrawnV1(
        place_id=new_id(),
        organisation_id=new_id(),
        stream_id=stream_id,
        group_year=year,
        language="kk",
        place_type="GENERAL_USE",
        state="WITHDRAWN",
        withdrawal_id=new_id(),
        token_owed=True,
    )

    await office.tell(withdrawn, times=2)

    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert (ended.reason, ended.application_id) == ("place_withdrawn", last.application_id)


async def test_a_referred_child_may_not_be_invited_in_another_queue_until_the_referral_ends(
    office: Office, year: int
) -> None:
    stream_id, (child,) = await office.queue("G", year)
    filed = await office.file(
        child.guardian, TUESDAY.date().replace(year=2022), None, queue_type="GENERAL", child_id=child.child_id
    )
    assert filed.status_code == 201, filed.text
    other = Child(child.child_id, child.guardian, filed.json()["application_id"])
    hold_id = new_id()

    await office.tell(referral_of(referral.IssuedV1, child, hold_id, "ISSUED"))

    card = await office.shows(other, lambda card: not card["invitable"])
    assert (card["status"], card["not_invitable_because"]) == ("QUEUED", "REFERRED_ELSEWHERE")
    assert card["queue_number"] is not None
    await office.shows(child, lambda card: card["status"] == "REFERRED")
    await office.tell(hold(vacancy.TakenV1, stream_id, child, None, hold_id))
    await office.tell(referral_of(referral.ReturnedV1, child, hold_id, "RETURNED"), 2)
    await office.shows(other, lambda card: card["invitable"])
    back = await office.shows(child, lambda card: card["status"] == "QUEUED")
    assert back["registered_at"] == (await office.card(child))["registered_at"]
    restored = await office.ears.wait(1, queue.RestoredV1, application_id=other.application_id)
    assert restored[0].invitable is True


async def test_a_hold_heard_before_its_application_waits_and_is_not_lost(office: Office, year: int) -> None:
    row = office.old_row("G", year)
    child = Child(row.child_id, new_id(), filing.id_of(row))
    stream_id = f"almaty:correctional:MOTOR:{year}"
    strangers, _ = await office.served.frame.parking.waiting()
    await office.tell(hold(vacancy.HeldV1, stream_id, child, None, new_id()))

    async def parked() -> bool:
        return (await office.served.frame.parking.waiting())[0] == strangers + 1

    await eventually(parked)

    await office.enter([row])

    async def known() -> bool:
        stored = await office.desk.store.streams.get(stream_id)
        return stored is not None and len(stored.state.holds) == 1

    async def called_for() -> bool:
        return (await office.served.frame.parking.waiting())[0] == strangers

    await eventually(known)
    await eventually(called_for)


async def test_the_number_shown_is_the_number_of_a_recount_whatever_has_happened(office: Office, year: int) -> None:
    stream_id, children = await office.queue("GPGEGGPGGPGE", year)
    invitations = await invite(office, stream_id, 5)
    by_application = {child.application_id: child for child in children}
    for invitation in (invitations[4], invitations[2]):
        child = by_application[invitation.application_id]
        await office.tell(hold(vacancy.TakenV1, stream_id, child, invitation, new_id()))
        await office.shows(child, lambda card: card["status"] == "REFERRED")
    await office.ears.wait(2, queue.InvitationEndedV1, stream_id=stream_id)

    stored = await office.desk.store.streams.get(stream_id)
    assert stored is not None
    recounted = await recount(office, stream_id, stored.state.turns)
    assert stored.state.turns != Turns()
    assert len(recounted) == 10
    for application_id, number in recounted.items():
        card = await office.card(by_application[application_id])
        assert card["queue_number"] == number
        assert sum(card["why"]["ahead"].values()) + 1 == number


async def recount(office: Office, stream_id: str, turns: Turns) -> dict[str, int]:
    """Every number of a stream, by walking its whole order."""
    live = [each.state for each in await office.desk.store.live_in(StreamId(stream_id))]
    e, p, g = ([each for each in live if privilege_class(each, TUESDAY.date()) == letter] for letter in "EPG")
    return {each.application_id: n for n, each in enumerate(in_order(e, p, g, turns), start=1)}


@pytest.mark.parametrize(
    ("late", "deadline"),
    [
        (timedelta(minutes=3), DEADLINE),
        (timedelta(hours=2), DEADLINE + timedelta(days=1)),
    ],
)
async def test_a_turn_that_comes_late_after_the_opening_never_costs_the_family_time(
    office: Office, year: int, late: timedelta, deadline: datetime
) -> None:
    stream_id, _ = await office.queue("G", year)
    await office.move(TUESDAY + late)

    (invitation,) = await invite(office, stream_id, 1)

    assert invitation.deadline == deadline


async def test_a_child_whose_referral_was_returned_is_invited_again(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    (first,) = await invite(office, stream_id, 1)
    hold_id = new_id()
    await office.tell(hold(vacancy.HeldV1, stream_id, child, first, hold_id), 1)
    await office.tell(hold(vacancy.TakenV1, stream_id, child, first, hold_id), 2)
    await office.tell(referral_of(referral.IssuedV1, child, hold_id, "ISSUED"), 1)
    await office.shows(child, lambda card: card["status"] == "REFERRED")
    await office.tell(opened(stream_id, 1))
    await office.tell(referral_of(referral.ReturnedV1, child, hold_id, "RETURNED"), 2)

    (_, again) = await office.ears.wait(2, queue.InvitedV1, stream_id=stream_id)

    assert again.application_id == child.application_id


async def test_a_child_that_has_a_place_may_file_elsewhere_and_is_not_invited_there(office: Office, year: int) -> None:
    year = 2022
    stream_id, (child,) = await office.queue("G", year)
    hold_id = new_id()
    await office.tell(hold(vacancy.HeldV1, stream_id, child, None, hold_id), 1)
    await office.tell(hold(vacancy.TakenV1, stream_id, child, None, hold_id), 2)
    await office.tell(referral_of(referral.IssuedV1, child, hold_id, "ISSUED"), 1)
    await office.shows(child, lambda card: card["status"] == "REFERRED")

    filed = await office.file(child.guardian, date(year, 5, 13), None, child_id=child.child_id, queue_type="SANATORIUM")

    assert filed.status_code == 201, filed.text
    assert filed.json()["invitable"] is False
