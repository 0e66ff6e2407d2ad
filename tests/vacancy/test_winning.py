"""A place is won, the right is looked at again, and only then others hear of the hold."""

import asyncio
from datetime import timedelta

import pytest

from contracts import referral, vacancy
from services.chassis.testing import eventually
from services.vacancy.domain import place as places
from services.vacancy.domain.place import Hold
from services.vacancy.domain.refusals import WindowOver
from services.vacancy.domain.words import ApplicationId, ChildId, HoldId, InvitationId, Mode, PersonId, PlaceId
from services.vacancy.domain.words import PlaceState as State
from services.vacancy.store import Store
from services.vacancy.usecases import choosing
from services.vacancy.usecases.desk import Desk
from tests.vacancy.hall import Child, Hall, new_id

pytestmark = pytest.mark.asyncio(loop_scope="module")


class SlowStore(Store):
    """A request that looked at the family's right and then stands still until it is let go."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall.served.frame.database)
        self.looked, self.go = asyncio.Event(), asyncio.Event()

    async def acts_for(self, person_id: str, child_id: ChildId) -> bool:
        acts = await super().acts_for(person_id, child_id)
        self.looked.set()
        await self.go.wait()
        return acts


async def sign_and_return(hall: Hall, child: Child, place: str) -> None:
    hold_id = (await hall.hold(child, place)).json()["hold_id"]
    await hall.choice(referral.SignedV1, child, place, hold_id)
    await hall.becomes(place, "TAKEN")
    await hall.returned(child, place, hold_id)
    await hall.becomes(place, "DRAFT")


async def test_a_request_that_slept_through_a_sign_and_return_gets_nothing_for_a_spent_invitation(hall: Hall) -> None:
    stream = hall.new_stream()
    first, second = await hall.enter(stream, 2)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.invite(child)
    slow = SlowStore(hall)
    asked = (PersonId(child.guardian), ApplicationId(child.application_id), PlaceId(second))
    sleeping = asyncio.ensure_future(
        choosing.hold(Desk(slow, hall.desk.reading, hall.desk.policies), *asked, hall.now())
    )
    await slow.looked.wait()
    await sign_and_return(hall, child, first)
    slow.go.set()
    with pytest.raises(WindowOver):
        await sleeping
    assert await hall.state(second) == "PUBLISHED_PRIORITY"
    assert await hall.ears.wait(0, vacancy.HeldV1, place_id=second) == []


async def won(hall: Hall, child: Child, place_id: str, invitation_id: str) -> str:
    """A request won the place and its process went away before anybody heard of it."""
    stored = await hall.desk.store.places.get(place_id)
    assert stored is not None
    hold = Hold(
        hold_id=HoldId(new_id()),
        application_id=ApplicationId(child.application_id),
        child_id=ChildId(child.child_id),
        held_by=PersonId(child.guardian),
        mode=Mode.PRIORITY,
        held_at=hall.now(),
        hold_until=hall.now() + timedelta(minutes=20),
        invitation_id=InvitationId(invitation_id),
        queue_number=1,
        confirmed=False,
    )
    place, said = places.hold(stored.state, hold)
    assert (place.state, said) == (State.HELD, ())
    await hall.desk.store.places.save(stored, place, at=hall.now(), due=hall.now())
    return hold.hold_id


async def test_a_place_won_by_a_process_that_died_is_held_all_the_same(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    hold_id = await won(hall, child, place, await hall.invite(child))
    (held,) = await hall.ears.wait(1, vacancy.HeldV1, place_id=place)
    assert held.hold_id == hold_id
    assert (await hall.hold(child, place)).json()["hold_id"] == hold_id


async def test_a_place_won_with_a_spent_invitation_is_given_back_unheard(hall: Hall) -> None:
    stream = hall.new_stream()
    (place,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    invitation_id = await hall.invite(child)
    await hall.end_invitation(child, invitation_id, "removed")
    await won(hall, child, place, invitation_id)
    await hall.becomes(place, "PUBLISHED_PRIORITY")
    assert await hall.ears.wait(0, vacancy.HeldV1, place_id=place) == []

    async def nothing_is_due() -> bool:
        return await hall.desk.store.places.count({"_id": place, "due": {"$exists": True}}, limit=1) == 0

    await eventually(nothing_is_due)
