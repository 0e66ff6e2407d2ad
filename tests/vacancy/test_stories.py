"""The stories of places, on the real engines and through the public doors."""

import asyncio
from datetime import timedelta

import pytest

from contracts import queue, referral, vacancy
from contracts.fields import EndReason
from services.chassis.testing import eventually
from tests.vacancy.hall import DAY, Hall, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_place_entered_in_the_evening_is_published_at_the_next_opening_hour(hall: Hall) -> None:
    stream = hall.new_stream()
    places = await hall.enter(stream, 2)
    assert await hall.state(places[0]) == "DRAFT"
    assert await hall.ears.wait(0, vacancy.OpenedV1, stream_id=stream) == []
    await hall.next_opening()
    opened = (await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream))[0]
    assert opened.n == 2
    assert opened.day == hall.now().date()
    await hall.ears.wait(2, vacancy.PublishedV1, stream_id=stream)
    told_at = next(each.at for each in hall.ears.facts if each.fact == opened)
    assert told_at == hall.now(), "families count their days from the hour of publication"


@pytest.mark.parametrize(("late", "counts"), [(timedelta(minutes=60), True), (timedelta(minutes=61), False)])
async def test_a_publication_done_within_the_grace_of_the_policy_counts_as_of_its_hour(
    hall: Hall, late: timedelta, counts: bool
) -> None:
    await hall.move(hall.now() + timedelta(hours=1))
    stream = hall.new_stream()
    await hall.enter(stream, 1)
    rules = hall.desk.rules(hall.now())
    opening = rules.calendar.next_opening(hall.now(), rules.publish_time, working_days_only=True)
    await hall.move(opening + late)
    (opened,) = await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    told_at = next(each.at for each in hall.ears.facts if each.fact == opened)
    assert told_at == (opening if counts else hall.now())


async def test_a_day_off_publishes_nothing(hall: Hall) -> None:
    friday = hall.now() + timedelta(days=(4 - hall.now().weekday()) % 7, hours=3)
    await hall.move(friday)
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    await hall.move(friday + 2 * DAY)
    assert await hall.state(place) == "DRAFT"
    await hall.next_opening()
    assert await hall.state(place) == "PUBLISHED_PRIORITY"


async def test_the_invited_family_sees_the_place_and_holds_it(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    child, other = await hall.children(stream, 2)
    await hall.next_opening()
    empty = (await hall.offer(child)).json()
    assert (empty["places"], empty["nothing_because"]) == ([], "NOT_INVITED")
    invitation_id = await hall.invite(child)
    shown = (await hall.offer(child)).json()["places"]
    assert [each["place_id"] for each in shown] == [place]
    assert (
        shown[0]
        | {
            "mode": "PRIORITY",
            "phones": ["87270000000"],
            "kind_kk": "Түзету балабақшасы",
            "website": "https://900.example.kz",
            "language": "kk",
            "place_type": "GENERAL_USE",
            "latitude": 43.3,
        }
        == shown[0]
    )
    assert (await hall.hold(other, place)).json()["code"] == "NOT_INVITED"
    first = await hall.hold(child, place)
    assert first.status_code == 201
    again = await hall.hold(child, place)
    assert again.json() == first.json()
    held = (await hall.ears.wait(1, vacancy.HeldV1, place_id=place))[0]
    assert held.hold_id == first.json()["hold_id"]
    assert (held.invitation_id, held.queue_number, held.held_by) == (invitation_id, 1, child.guardian)
    assert held.hold_until == hall.now() + timedelta(minutes=20)
    own = (await hall.offer(child)).json()["own"]
    assert (own["hold_id"], own["state"]) == (held.hold_id, "HELD")
    assert (await hall.hold(other, place)).json()["code"] == "PLACE_TAKEN"


async def test_a_signed_choice_takes_the_place_and_spends_the_invitation_at_once(hall: Hall) -> None:
    stream = hall.new_stream()
    first, second = await hall.enter(stream, 2)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    hold_id = (await hall.hold(child, first)).json()["hold_id"]
    assert (await hall.hold(child, second)).json()["code"] == "CHILD_HAS_PLACE"
    await hall.choice(referral.SignedV1, child, first, hold_id, times=2)
    taken = (await hall.ears.wait(1, vacancy.TakenV1, hold_id=hold_id))[0]
    assert taken.child_id == child.child_id
    assert (await hall.ears.wait(1, vacancy.OccupiedV1, place_id=first))[0].state == "TAKEN"
    assert (await hall.offer(child)).json()["nothing_because"] == "CHILD_HAS_PLACE"
    assert (await hall.hold(child, second)).json()["code"] == "CHILD_HAS_PLACE", "though its invitation is spent"
    await hall.returned(child, first, hold_id, times=2)
    await hall.ears.wait(1, vacancy.VacatedV1, place_id=first)
    assert await hall.state(first) == "DRAFT"
    assert (await hall.hold(child, second)).json()["code"] == "WINDOW_OVER", "the invitation was used"
    await hall.choice(referral.SignedV1, child, first, hold_id)
    await hall.next_opening()
    opened = await hall.ears.wait(2, vacancy.OpenedV1, stream_id=stream)
    assert [fact.n for fact in opened] == [2, 1]


@pytest.mark.parametrize("kind", [referral.DeclinedV1, referral.RejectedV1, referral.ExpiredV1])
async def test_a_choice_that_ends_without_a_signature_frees_the_place(
    hall: Hall, kind: type[referral.ChoiceFact]
) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child, times=2)
    hold_id = (await hall.hold(child, place)).json()["hold_id"]
    await hall.choice(kind, child, place, hold_id, times=2)
    released = (await hall.ears.wait(1, vacancy.ReleasedV1, hold_id=hold_id))[0]
    assert released.reason == kind.type.split(".")[2]
    assert await hall.state(place) == "PUBLISHED_PRIORITY"
    again = await hall.hold(child, place)
    assert again.status_code == 201
    assert again.json()["hold_id"] != hold_id
    await hall.choice(kind, child, place, hold_id)
    await asyncio.sleep(0.3)
    assert await hall.state(place) == "HELD", "the word about an old hold does not touch the new one"


async def test_a_window_that_an_outage_made_longer_is_open_for_longer(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    invitation_id = await hall.invite(child, days=1)
    longer = queue.InvitationProlongedV1(
        stream_id=child.stream_id,
        invitation_id=invitation_id,
        application_id=child.application_id,
        child_id=child.child_id,
        outage_id=new_id(),
        deadline=hall.now() + 2 * DAY,
    )
    await hall.tell(longer, times=2)

    async def known() -> bool:
        stored = await hall.desk.store.candidates.get(child.child_id)
        return stored is not None and stored.state.invitations[0].deadline == longer.deadline

    await eventually(known)
    await hall.move(hall.now() + DAY)
    assert (await hall.hold(child, place)).status_code == 201


async def test_a_lapsed_invitation_opens_one_place_to_all_on_any_day(hall: Hall) -> None:
    stream = hall.new_stream()
    places = await hall.enter(stream, 2)
    child, late = await hall.children(stream, 2)
    await hall.next_opening()
    invitation_id = await hall.invite(child, days=1)
    await hall.move(hall.now() + DAY)
    assert (await hall.hold(child, places[0])).json()["code"] == "WINDOW_OVER"
    await hall.end_invitation(child, invitation_id, "lapsed", times=2)
    saturday = hall.now() + timedelta(days=(5 - hall.now().weekday()) % 7)
    await hall.move(saturday)
    opened = await hall.ears.wait(1, vacancy.OpenedToAllV1, stream_id=stream)
    free = opened[0].place_id
    shown = (await hall.offer(late)).json()["places"]
    assert [(each["place_id"], each["mode"], each["deadline"]) for each in shown] == [(free, "FREE_CHOICE", None)]
    held = await hall.hold(late, free)
    assert held.json()["mode"] == "FREE_CHOICE"
    await hall.choice(referral.DeclinedV1, late, free, held.json()["hold_id"])
    await hall.becomes(free, "FREE_CHOICE")


@pytest.mark.parametrize("reason", ["refused", "removed", "ineligible", "took_free_choice"])
async def test_a_token_handed_back_goes_out_again_with_the_next_publication(hall: Hall, reason: str) -> None:
    stream = hall.new_stream()
    await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    invitation_id = await hall.invite(child)
    await hall.end_invitation(child, invitation_id, reason, times=2)
    await hall.next_opening()
    opened = await hall.ears.wait(2, vacancy.OpenedV1, stream_id=stream)
    assert [fact.n for fact in opened] == [1, 1]


async def test_a_reclaimed_token_does_not_go_out_again(hall: Hall) -> None:
    stream = hall.new_stream()
    await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    invitation_id = await hall.invite(child)
    await hall.end_invitation(child, invitation_id, "removed")
    fact = queue.TokenReclaimedV1(
        stream_id=stream,
        invitation_id=invitation_id,
        application_id=child.application_id,
        child_id=child.child_id,
        hold_id=new_id(),
        reason=EndReason.REMOVED,
    )
    await hall.tell(fact, times=2)
    await asyncio.sleep(0.5)
    await hall.next_opening()
    await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)


async def test_a_removed_application_may_choose_nothing_even_when_invited_later(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    gone = hall.application(child, queue.RemovedV1, "REMOVED", invitable=False)
    await hall.tell(gone, times=2)
    await hall.tell(hall.application(child, queue.StatedV1), 1)
    await hall.invite(child)

    async def refused() -> str:
        return str((await hall.hold(child, place)).json()["code"])

    assert await refused() == "NOT_IN_QUEUE"
    assert (await hall.offer(child)).json()["nothing_because"] == "NOT_IN_QUEUE"


async def test_of_fifty_parents_for_five_places_five_win_and_the_rest_are_told_so(hall: Hall) -> None:
    stream = hall.new_stream()
    places = await hall.enter(stream, 5)
    children = await hall.children(stream, 50)
    await hall.next_opening()
    for child in children:
        await hall.invite(child)
    wishes = [(child, places[n % 5]) for n, child in enumerate(children)]
    answers = await asyncio.gather(*(hall.hold(child, place) for child, place in wishes))
    won = [answer for answer in answers if answer.status_code == 201]
    lost = [answer for answer in answers if answer.status_code == 409]
    assert (len(won), len(lost)) == (5, 45)
    assert {answer.json()["code"] for answer in lost} == {"PLACE_TAKEN"}
    held = await hall.ears.wait(5, vacancy.HeldV1, stream_id=stream)
    assert {fact.place_id for fact in held} == set(places)


async def test_a_child_that_asks_for_five_places_at_once_gets_one(hall: Hall) -> None:
    stream = hall.new_stream()
    places = await hall.enter(stream, 5)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    answers = await asyncio.gather(*(hall.hold(child, place) for place in places))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"CHILD_HAS_PLACE"}
    await hall.ears.wait(1, vacancy.HeldV1, stream_id=stream)
