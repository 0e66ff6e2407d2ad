"""Which places are free: for one child, and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.vacancy.domain.candidate import Candidate, Right, application_of, right_to
from services.vacancy.domain.organisation import Organisation
from services.vacancy.domain.place import Place
from services.vacancy.domain.refusals import ChildHasPlace, NotInQueue, NotInvited, WindowOver
from services.vacancy.domain.words import ApplicationId, ChildId, PersonId
from services.vacancy.store import Reading
from services.vacancy.usecases.choosing import candidate_of


@dataclass(frozen=True, slots=True)
class Choosable:
    """A place, its preschool, and the right by which it may be chosen."""

    place: Place
    organisation: Organisation
    right: Right


class Nothing(StrEnum):
    """Why a child may choose nothing now."""

    CHILD_HAS_PLACE = ChildHasPlace.code
    NOT_IN_QUEUE = NotInQueue.code
    NO_PLACES = "NO_PLACES"
    NOT_INVITED = NotInvited.code
    WINDOW_OVER = WindowOver.code


@dataclass(frozen=True, slots=True)
class Offer:
    """What a child may choose now; `nothing` is why there is nothing."""

    child_id: ChildId
    places: tuple[Choosable, ...]
    nothing: Nothing | None
    own: tuple[Place, Organisation] | None
    """The place that the child holds or has taken."""


@dataclass(frozen=True, slots=True)
class Group:
    """Free places of one preschool that differ in nothing a reader sees; `like` is one of them."""

    organisation: Organisation
    like: Place
    places: int


async def offer(reading: Reading, person_id: PersonId, application_id: ApplicationId, now: datetime) -> Offer:
    """The list of figure 9: shown to a guardian while the turn is open or a place is in free choice (R29).

    Refused: NOT_YOUR_CHILD.
    """
    candidate = await candidate_of(reading, person_id, application_id)
    own = await reading.place_of(candidate.child_id)
    if own is not None:
        organisation = await reading.organisation(own.state.organisation_id)
        mine = (own.state, organisation) if organisation is not None else None
        return Offer(candidate.child_id, (), Nothing.CHILD_HAS_PLACE, mine)
    application = application_of(candidate, application_id)
    if application is None or not (application.live and application.invitable):
        return Offer(candidate.child_id, (), Nothing.NOT_IN_QUEUE, None)
    found = await reading.open_in(application.stream_id)
    organisations = await reading.organisations_of(found)
    allowed, refused = _allowed(candidate, application_id, found, now)
    shown = tuple(
        Choosable(place, organisations[place.organisation_id], right)
        for place, right in allowed
        if place.organisation_id in organisations
    )
    return Offer(candidate.child_id, shown, None if shown else refused, None)


def _allowed(
    candidate: Candidate, application_id: ApplicationId, found: Iterable[Place], now: datetime
) -> tuple[list[tuple[Place, Right]], Nothing]:
    allowed: list[tuple[Place, Right]] = []
    refused = Nothing.NO_PLACES
    for place in found:
        try:
            allowed.append((place, right_to(candidate, application_id, place, now)))
        except (NotInvited, WindowOver) as why:
            refused = Nothing(why.code)
    return allowed, refused


async def bulletin(reading: Reading) -> list[tuple[Place, Organisation]]:
    """The city's free places, by district and preschool (R47); holds nothing of any child."""
    places = await reading.all_open()
    organisations = await reading.organisations_of(places)
    rows = [(p, organisations[p.organisation_id]) for p in places if p.organisation_id in organisations]
    return sorted(rows, key=lambda row: (row[1].district, row[1].name_kk, row[0].group_year, row[0].place_id))


async def groups(reading: Reading) -> list[Group]:
    """The same, places alike counted together: preschool, queue, language and mode."""
    counted: dict[tuple[str, ...], Group] = {}
    for place, organisation in await bulletin(reading):
        key = (organisation.organisation_id, place.stream_id, place.language.value, str(place.mode))
        known = counted.get(key, Group(organisation, place, 0))
        counted[key] = replace(known, places=known.places + 1)
    return list(counted.values())
