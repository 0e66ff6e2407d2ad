"""A place is held, taken or given back, a family leaves: what becomes of the turn, the number and the other queues."""

from datetime import date, timedelta

import pytest

from contracts import queue, referral, vacancy
from services.chassis.testing import eventually
from services.queue.usecases import filing
from tests.queue.neighbours import DEADLINE, hold, invite, opened, referral_of
from tests.queue.office import TUESDAY, Child, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
async def at_the_opening_hour(office: Office) -> None:
    await office.move(TUESDAY)


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
