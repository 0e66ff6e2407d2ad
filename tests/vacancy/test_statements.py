"""What vacancy hears stated of streams, and what it states of its own every night."""

from datetime import time, timedelta

import pytest

from contracts import queue, referral, vacancy
from services.chassis.service import announce
from services.chassis.testing import eventually
from services.vacancy.domain.words import StreamId
from tests.vacancy.hall import DAY, Child, Hall, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")

NIGHTLY = time(3)


def live(hall: Hall, child: Child, invitation_id: str) -> queue.LiveInvitation:
    return queue.LiveInvitation(
        invitation_id=invitation_id,
        application_id=child.application_id,
        child_id=child.child_id,
        queue_number=1,
        places_open=1,
        deadline=hall.now() + 3 * DAY,
    )


async def state_stream(hall: Hall, stream: str, sequence: int, *invitations: queue.LiveInvitation) -> None:
    """Queue states the stream, and vacancy has heard it to the end."""
    await hall.tell(queue.StreamStatedV1(stream_id=stream, invitations=invitations), sequence, times=2)

    async def heard() -> bool:
        return await hall.desk.store.stated_at(StreamId(stream)) >= sequence

    await eventually(heard)


async def test_a_vacancy_that_knows_no_invitation_learns_the_live_ones_from_the_statement(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    assert (await hall.hold(child, place)).json()["code"] == "NOT_INVITED"
    invitation_id = new_id()
    await state_stream(hall, stream, 1, live(hall, child, invitation_id))
    held = await hall.hold(child, place)
    assert held.status_code == 201
    (fact,) = await hall.ears.wait(1, vacancy.HeldV1, place_id=place)
    assert (fact.invitation_id, fact.queue_number) == (invitation_id, 1)


async def test_a_statement_never_revives_a_spent_invitation(hall: Hall) -> None:
    stream = hall.new_stream()
    first, second = await hall.enter(stream, 2)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    invitation_id = await hall.invite(child)
    hold_id = (await hall.hold(child, first)).json()["hold_id"]
    await hall.choice(referral.SignedV1, child, first, hold_id)
    await hall.becomes(first, "TAKEN")
    await hall.returned(child, first, hold_id)
    await hall.becomes(first, "DRAFT")
    await state_stream(hall, stream, 1, live(hall, child, invitation_id))
    assert (await hall.hold(child, second)).json()["code"] == "WINDOW_OVER"


async def test_what_the_stream_does_not_state_is_over_and_an_older_word_changes_nothing(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    gone, later, unheard = await hall.children(stream, 3)
    await hall.next_opening()
    await hall.invite(gone)
    await hall.invite(later)
    await state_stream(hall, stream, 1)
    assert (await hall.hold(gone, place)).json()["code"] == "WINDOW_OVER"
    await state_stream(hall, stream, 5)
    await hall.tell(queue.StreamStatedV1(stream_id=stream, invitations=[live(hall, unheard, new_id())]), 4)
    late = live(hall, unheard, new_id()).model_dump()
    await hall.tell(queue.InvitedV1(stream_id=stream, **late), 3)
    await state_stream(hall, stream, 6)
    assert (await hall.hold(unheard, place)).json()["code"] == "NOT_INVITED"


async def test_a_turn_that_came_after_the_statement_is_none_of_its_business(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.tell(queue.StreamStatedV1(stream_id=stream, invitations=[]), 1)
    await hall.tell(queue.InvitedV1(stream_id=stream, **live(hall, child, new_id()).model_dump()), 2)
    await state_stream(hall, stream, 1)

    async def held() -> bool:
        return (await hall.hold(child, place)).status_code == 201

    await eventually(held)


async def test_announce_states_the_last_publication_of_a_stream_and_no_stream_that_never_had_one(hall: Hall) -> None:
    stream, silent = hall.new_stream(), hall.new_stream()
    await hall.enter(stream, 2)
    await hall.next_opening()
    (opened,) = await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    await hall.move(hall.now() + timedelta(hours=1))
    await hall.enter(silent, 1)
    await announce(hall.served.frame, hall.served.parts)
    (stated,) = await hall.ears.wait(1, vacancy.PublicationStatedV1, stream_id=stream)
    assert stated.model_dump() == opened.model_dump()
    assert hall.ears.said(vacancy.PublicationStatedV1, stream_id=silent) == []


async def test_every_night_the_city_topics_are_stated_without_being_asked(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    await hall.next_opening()
    await hall.ears.wait(1, vacancy.PublishedV1, place_id=place)
    night = hall.desk.rules(hall.now()).calendar.next_opening(hall.now(), NIGHTLY, working_days_only=False)
    await hall.move(night)

    async def stated() -> bool:
        told = [each.fact for each in hall.ears.facts if each.at == night]
        places = {fact.place_id for fact in told if isinstance(fact, vacancy.PlaceStatedV1)}
        streams = {fact.stream_id for fact in told if isinstance(fact, vacancy.PublicationStatedV1)}
        return place in places and stream in streams and any(isinstance(f, vacancy.OrganisationStatedV1) for f in told)

    await eventually(stated, 30)  # all that the tests before have left is stated, too
