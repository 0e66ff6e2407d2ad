"""Which places are free: for one child, and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.vacancy.domain.candidate import Candidate, Right, application_of, right_to
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.refusals import ChildHasPlace, NotInQueue, Refusal
from services.vacancy.domain.words import ApplicationId, ChildId, PersonId
from services.vacancy.usecases.choosing import candidate_of
from services.vacancy.usecases.desk import Desk


@dataclass(frozen=True, slots=True)
class Choosable:
    """A place, its preschool, and the right by which it may be chosen."""

    place: Place
    organisation: Organisation
    right: Right


@dataclass(frozen=True, slots=True)
class Offer:
    """What a child may choose now; `refusal` is the code of why there is nothing."""

    child_id: ChildId
    places: tuple[Choosable, ...]
    refusal: str | None
    own: Place | None
    """The place that the child holds or has taken."""


async def offer(desk: Desk, person_id: PersonId, application_id: ApplicationId, now: datetime) -> Offer:
    """The list of figure 9: shown to a guardian while the turn is open or a place is in free choice (R29).

    Refused: NOT_YOUR_CHILD.
    """
    candidate = await candidate_of(desk, person_id, application_id)
    own = await desk.store.place_of(candidate.child_id)
    if own is not None:
        return Offer(candidate.child_id, (), ChildHasPlace.code, own.state)
    application = application_of(candidate, application_id)
    found = await desk.store.open_in(application.stream_id) if application else []
    organisations = await desk.store.organisations_of(found)
    allowed, refusal = _allowed(candidate, application_id, found, now)
    shown = tuple(
        Choosable(place, organisations[place.organisation_id], right)
        for place, right in allowed
        if place.organisation_id in organisations
    )
    if not shown and refusal is None:
        refusal = NotInQueue.code if application and not (application.live and application.invitable) else "NO_PLACES"
    return Offer(candidate.child_id, shown, None if shown else refusal, None)


def _allowed(
    candidate: Candidate, application_id: ApplicationId, found: Iterable[Place], now: datetime
) -> tuple[list[tuple[Place, Right]], str | None]:
    allowed: list[tuple[Place, Right]] = []
    refusal: str | None = None
    for place in found:
        try:
            allowed.append((place, right_to(candidate, application_id, place, now)))
        except Refusal as refused:
            refusal = refused.code
    return allowed, refusal


async def bulletin(desk: Desk) -> list[tuple[Place, Organisation]]:
    """The city's free places, by district and preschool (R47); holds nothing of any child."""
    places = await desk.store.all_open()
    organisations = await desk.store.organisations_of(places)
    rows = [(p, organisations[p.organisation_id]) for p in places if p.organisation_id in organisations]
    return sorted(rows, key=lambda row: (row[1].district, row[1].name_kk, row[0].group_year, row[0].place_id))
