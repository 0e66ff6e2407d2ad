"""A place and the hold inside it: one place - one child.

DRAFT -> PUBLISHED_PRIORITY -> FREE_CHOICE, HELD -> TAKEN or back to where it was held from; TAKEN -> DRAFT when the
referral is returned. A hold is released and a place is taken only on the word of referral, never by a clock here. Each
effect is guarded by the hold's or the publication's own id; a function that changes nothing returns the same object.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.vacancy.domain.refusals import CannotBeWithdrawn, NoSuchPlace, PlaceTaken
from services.vacancy.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    InvitationId,
    Language,
    Mode,
    OrganisationId,
    PersonId,
    PlaceId,
    PlaceState,
    PlaceType,
    PublicationId,
    StreamId,
    WithdrawalId,
)


@dataclass(frozen=True, slots=True)
class Hold:
    """A place kept for one child while the choice is signed; either guardian may sign."""

    hold_id: HoldId
    application_id: ApplicationId
    child_id: ChildId
    held_by: PersonId
    mode: Mode
    held_at: datetime
    hold_until: datetime
    invitation_id: InvitationId | None = None
    queue_number: int | None = None
    confirmed: bool = True
    """False from winning the place until the right has been looked at again; before that nobody hears of the hold."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who took the place back and why; the reason is told to nobody outside."""

    withdrawal_id: WithdrawalId
    withdrawn_by: PersonId
    reason: str
    insisted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a group. `occupied_by` is the child while it is held or taken: unique over all places."""

    place_id: PlaceId
    organisation_id: OrganisationId
    stream_id: StreamId
    group_year: int
    language: Language
    place_type: PlaceType
    entered_at: datetime
    state: PlaceState = PlaceState.DRAFT
    published_at: datetime | None = None
    published_by: PublicationId | None = None
    published_on: date | None = None
    opened_by: PublicationId | None = None
    opening_decided_on: date | None = None
    """Day of the last publication that opened the place to all, or found it held and passed it over."""
    hold: Hold | None = None
    occupied_by: ChildId | None = None
    withdrawal: Withdrawal | None = None
    withdrawals_decided: tuple[WithdrawalId, ...] = ()
    """Withdrawals paid for with a token that found the place, whether it could be withdrawn then or not."""

    @property
    def mode(self) -> Mode | None:
        """By which right it can be chosen, or was; None while it is open to nobody."""
        if self.hold is not None:
            return self.hold.mode
        return _MODE.get(self.state)


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication of a stream: its day in the city, and the moment from which windows are counted (R24)."""

    publication_id: PublicationId
    day: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The place is open to those whose turn came."""


@dataclass(frozen=True, slots=True)
class OpenedToAll:
    """The place is open to every child of its stream."""


@dataclass(frozen=True, slots=True)
class Held:
    """The place is kept for a child."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class Released:
    """The hold ended without a signature; `reason` is declined, rejected or expired."""

    hold: Hold
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The choice was signed: the place is the child's."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The place was taken back; `token_owed` when queue has to burn a promise for it."""

    withdrawal_id: WithdrawalId
    token_owed: bool


@dataclass(frozen=True, slots=True)
class Vacated:
    """The place is free again and waits for a publication."""


PlaceFact = Published | OpenedToAll | Held | Released | Taken | Withdrawn | Vacated
Change = tuple[Place, tuple[PlaceFact, ...]]

_MODE = {PlaceState.PUBLISHED_PRIORITY: Mode.PRIORITY, PlaceState.FREE_CHOICE: Mode.FREE_CHOICE}
_OPEN_IN = {mode: state for state, mode in _MODE.items()}


def publish(place: Place, publication: Publication) -> Change:
    """Open a drafted place to those whose turn comes (R22).

    A place that is no draft is left alone, and so is one that a publication of this day or a later one has published:
    whoever repeats a step late cannot publish a place that came back meanwhile.
    """
    done = place.published_on is not None and place.published_on >= publication.day
    if done or place.state is not PlaceState.DRAFT:
        return place, ()
    published = replace(
        place,
        state=PlaceState.PUBLISHED_PRIORITY,
        published_at=publication.at,
        published_by=publication.publication_id,
        published_on=publication.day,
    )
    return published, (Published(),)


def open_to_all(place: Place, publication: Publication) -> Change:
    """Open a published place to its whole stream (R25), or mark that this publication passed it over.

    Each publication decides once about a place: whoever repeats the step late cannot open one that was not counted.
    """
    if place.opening_decided_on is not None and place.opening_decided_on >= publication.day:
        return place, ()
    decided = replace(place, opening_decided_on=publication.day)
    if place.state is not PlaceState.PUBLISHED_PRIORITY:
        return decided, ()
    return replace(decided, state=PlaceState.FREE_CHOICE, opened_by=publication.publication_id), (OpenedToAll(),)


def hold(place: Place, asked: Hold) -> Change:
    """Keep the place for a child. The same child asking again keeps the hold it has.

    Refused: PLACE_TAKEN when another child has it; NO_SUCH_PLACE when it is open to nobody, or no longer in the mode
    the right was found for.
    """
    if place.hold is not None:
        if place.hold.application_id == asked.application_id:
            return place, ()
        raise PlaceTaken
    if _MODE.get(place.state) is not asked.mode:
        raise NoSuchPlace
    held = replace(place, state=PlaceState.HELD, hold=asked, occupied_by=asked.child_id)
    return held, (Held(asked),) if asked.confirmed else ()


def take(place: Place, hold_id: HoldId) -> Change:
    """The choice of this hold was signed."""
    if place.state is not PlaceState.HELD or place.hold is None or place.hold.hold_id != hold_id:
        return place, ()
    return replace(place, state=PlaceState.TAKEN), (Taken(place.hold),)


def release(place: Place, hold_id: HoldId, reason: str) -> Change:
    """The choice of this hold ended without a signature: the place is open as it was before."""
    if place.state is not PlaceState.HELD or place.hold is None or place.hold.hold_id != hold_id:
        return place, ()
    free = replace(place, state=_OPEN_IN[place.hold.mode], hold=None, occupied_by=None)
    return free, (Released(place.hold, reason),)


def vacate(place: Place, hold_id: HoldId) -> Change:
    """The referral of this hold ended: the place is free and waits for the next publication."""
    if place.state is not PlaceState.TAKEN or place.hold is None or place.hold.hold_id != hold_id:
        return place, ()
    return replace(place, state=PlaceState.DRAFT, hold=None, occupied_by=None), (Vacated(),)


def costs_a_token(place: Place) -> bool:
    """Whether withdrawing the place takes back a promise: only a place published to the queue is promised."""
    return place.state is PlaceState.PUBLISHED_PRIORITY


def withdraw(place: Place, withdrawal_id: WithdrawalId, *, token_owed: bool) -> Change:
    """Take a place back. Refused (CANNOT_BE_WITHDRAWN) when it is held, taken or already gone (R21).

    Of a place that was never published nobody has heard (R22), so nothing is said of its end either.
    """
    if place.state not in {PlaceState.DRAFT, PlaceState.PUBLISHED_PRIORITY, PlaceState.FREE_CHOICE}:
        raise CannotBeWithdrawn
    known = place.published_at is not None
    return replace(place, state=PlaceState.WITHDRAWN), (Withdrawn(withdrawal_id, token_owed),) if known else ()
