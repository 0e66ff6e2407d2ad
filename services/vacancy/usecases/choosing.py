"""A guardian says yes: the place is held for the child while the choice is signed."""

import contextlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from services.chassis.aggregates import Stored, retry_stale
from services.chassis.errors import AlreadyExists, Stale
from services.vacancy import events
from services.vacancy.domain import candidate as candidates
from services.vacancy.domain import place as places
from services.vacancy.domain import winning
from services.vacancy.domain.candidate import Candidate, Right
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Hold, Place
from services.vacancy.domain.refusals import (
    ChildHasPlace,
    NoSuchPlace,
    NotInQueue,
    NotInvited,
    NotYourChild,
    WindowOver,
)
from services.vacancy.domain.words import ApplicationId, ChildId, HoldId, PersonId, PlaceId
from services.vacancy.store import Reading
from services.vacancy.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """The answer: the hold and the place with its organisation."""

    hold: Hold
    place: Place
    organisation: Organisation


async def candidate_of(reading: Reading, person_id: PersonId, application_id: ApplicationId) -> Candidate:
    """The child of an application, for one of its guardians; NOT_YOUR_CHILD for everybody else (R4)."""
    stored = await reading.candidate_with(application_id)
    if stored is None or not await reading.acts_for(person_id, stored.state.child_id):
        raise NotYourChild
    return stored.state


@retry_stale
async def hold(
    desk: Desk, person_id: PersonId, application_id: ApplicationId, place_id: PlaceId, now: datetime
) -> HeldPlace:
    """Hold a place for the child of an application. The same request again gives the same answer.

    The place is won first; then the right is looked at again, and only then others hear of the hold (`domain.winning`).
    Refused: NOT_YOUR_CHILD, NO_SUCH_PLACE, PLACE_TAKEN, CHILD_HAS_PLACE, NOT_IN_QUEUE, NOT_INVITED, WINDOW_OVER.
    """
    candidate = await candidate_of(desk.store, person_id, application_id)
    stored = await desk.store.places.get(place_id)
    organisation = await desk.store.organisation(stored.state.organisation_id) if stored else None
    if stored is None or organisation is None:
        raise NoSuchPlace
    if stored.state.hold is None or stored.state.hold.application_id != application_id:
        right = await _right(desk, candidate, application_id, stored.state, now)
        place, _ = places.hold(stored.state, _hold(desk, candidate.child_id, application_id, person_id, right, now))
        try:
            stored = await desk.store.places.save(stored, place, at=now, due=now)
        except AlreadyExists as error:
            raise ChildHasPlace from error
    return await _confirm(desk, stored, organisation, now)


async def _right(desk: Desk, candidate: Candidate, application_id: ApplicationId, place: Place, now: datetime) -> Right:
    """The right to a place; a family that has one already is told so, whatever has become of its turn."""
    try:
        return candidates.right_to(candidate, application_id, place, now)
    except (NotInQueue, NotInvited, WindowOver):
        if await desk.store.place_of(candidate.child_id) is not None:
            raise ChildHasPlace from None
        raise


async def confirm(desk: Desk, place_id: PlaceId, now: datetime) -> None:
    """Go on where a request won a place and went away: the hold is said to others, or the place is open again."""
    stored = await desk.store.places.get(place_id)
    organisation = await desk.store.organisation(stored.state.organisation_id) if stored else None
    if stored is None or stored.state.hold is None or organisation is None:
        return
    with contextlib.suppress(WindowOver, Stale):
        await _confirm(desk, stored, organisation, now)


async def _confirm(desk: Desk, stored: Stored[Place], organisation: Organisation, now: datetime) -> HeldPlace:
    won = stored.state.hold
    if won is None:
        raise Stale(stored.id)
    if won.confirmed:
        return HeldPlace(won, stored.state, organisation)
    known = await desk.store.candidates.get(won.child_id)
    try:
        winning.still_entitled(known.state if known else Candidate(won.child_id), won)
    except WindowOver:
        free, _ = winning.give_back(stored.state, won.hold_id)
        await desk.store.places.save(stored, free, at=now)
        raise
    place, said = winning.confirm(stored.state, won.hold_id)
    facts = events.of_place(place, organisation, said)
    await desk.store.places.save(stored, place, at=now, facts=facts)
    return HeldPlace(replace(won, confirmed=True), place, organisation)


def _hold(
    desk: Desk, child_id: ChildId, application_id: ApplicationId, person_id: PersonId, right: Right, now: datetime
) -> Hold:
    return Hold(
        hold_id=HoldId(str(uuid4())),
        application_id=application_id,
        child_id=child_id,
        held_by=person_id,
        mode=right.mode,
        held_at=now,
        hold_until=now + timedelta(minutes=desk.rules(now).own.hold_minutes),
        invitation_id=right.invitation.invitation_id if right.invitation else None,
        queue_number=right.invitation.queue_number if right.invitation else None,
        confirmed=False,
    )
