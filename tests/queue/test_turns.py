"""The turn comes, is told, lapses or waits: the stories of a stream on the real engines."""

from datetime import UTC, datetime, timedelta

import pytest

from contracts import queue, vacancy
from services.chassis.testing import eventually
from services.queue.domain.application import privilege_class
from services.queue.domain.order import Turns, in_order
from services.queue.domain.words import StreamId
from tests.queue.neighbours import DEADLINE, handed_over, hold, invite, opened
from tests.queue.office import TUESDAY, Office, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
    before = await office.shows(child, lambda card: card["invitation"] is not None)
    assert (before["status"], before["invitation"]["handed_over"]) == ("QUEUED", False)

    await office.tell(handed_over(child, invitation.invitation_id), times=2)

    card = await office.shows(child, lambda card: card["status"] == "NOTIFIED")
    assert card["status_text"]["kk"] == "Хабарлама жіберілді"
    assert card["invitation"]["handed_over"] is True
    said = await office.ears.wait(1, queue.StatusChangedV1, application_id=child.application_id)
    assert said[0].status == "NOTIFIED"
    assert [line["what"] for line in card["history"]].count("NOTICE_HANDED_OVER") == 1


async def test_a_notice_heard_before_its_turn_waits_for_it(office: Office, year: int) -> None:
    stream_id, (child,) = await office.queue("G", year)
    turn = queue.InvitedV1(
        stream_id=stream_id,
        invitation_id=new_id(),
        application_id=child.application_id,
        child_id=child.child_id,
        queue_number=1,
        places_open=1,
        deadline=DEADLINE,
    )
    strangers, _ = await office.served.frame.parking.waiting()
    await office.tell(handed_over(child, turn.invitation_id))

    async def parked() -> bool:
        return (await office.served.frame.parking.waiting())[0] == strangers + 1

    await eventually(parked)

    await office.tell(turn)

    await office.shows(child, lambda card: card["status"] == "NOTIFIED")

    async def called_for() -> bool:
        return (await office.served.frame.parking.waiting())[0] == strangers

    await eventually(called_for)


async def test_a_stream_announced_again_tells_all_its_live_invitations(office: Office, year: int) -> None:
    stream_id, (first, second, _) = await office.queue("GGG", year)
    one, other = await invite(office, stream_id, 2)
    door = f"/applications/{first.application_id}:remove"
    assert (await office.served.client.post(door, headers=office.identity.person(first.guardian))).status_code == 200
    await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id, invitation_id=one.invitation_id)

    await office.announce()

    (stated,) = await office.ears.wait(1, queue.StreamStatedV1, stream_id=stream_id)
    assert [each.model_dump() for each in stated.invitations] == [
        other.model_dump(exclude={"stream_id"}),
    ]
    assert stated.invitations[0].child_id == second.child_id


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


async def test_a_family_lets_its_turn_go_by_and_keeps_its_place(office: Office, year: int) -> None:
    stream_id, (child, _) = await office.queue("GG", year)
    await invite(office, stream_id, 1)
    await office.shows(child, lambda card: card["invitation"] is not None)
    door = f"/applications/{child.application_id}:refuse-turn"
    strange, own = office.identity.person(new_id()), office.identity.person(child.guardian)
    post = office.served.client.post
    assert (await post(door, headers=strange)).status_code == 404

    answers = [await post(door, headers=own) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 409]
    assert answers[1].json()["code"] == "NOT_INVITED"
    (ended,) = await office.ears.wait(1, queue.InvitationEndedV1, stream_id=stream_id)
    assert ended.reason == "refused"
    card = await office.shows(child, lambda card: card["invitation"] is None)
    assert (card["status"], card["queue_number"]) == ("QUEUED", 1)
