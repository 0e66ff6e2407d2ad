"""Who may act for a child. All guardians have equal rights (R5).

The other parent asks to join with the application's number and the child's IIN; a guardian who is linked already confirms,
or the register of families does (3.7). Ending a link is for staff, from a paper. Every change stays in the history.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.auth.domain.ids import ChildId, JoinRequestId, PersonId
from services.auth.domain.refusals import (
    AlreadyAGuardian,
    GuardianIsTheChild,
    LastGuardian,
    NoSuchGuardian,
    NoSuchRequest,
    NotAGuardian,
    RequestDecided,
)

REQUEST_LIFE = timedelta(days=30)
"""A request nobody has answered in this time is over; the other parent may ask again."""
QUIET = timedelta(days=30)
"""After a refusal the same person's requests are not shown for so long: nobody is pestered into agreeing."""
WAITING_AT_MOST = 5
"""So many requests about one child wait at a time; more are not shown."""


class Basis(StrEnum):
    """What a change of guardians rests on."""

    FILING = "FILING"
    LIST = "LIST"
    CONFIRMATION = "CONFIRMATION"
    REGISTER = "REGISTER"
    PAPER = "PAPER"
    ERASURE = "ERASURE"
    """The guardian was erased; nobody is linked by this."""


class UnlinkReason(StrEnum):
    """Why staff end a link."""

    COURT_DECISION = "COURT_DECISION"
    OWN_WISH = "OWN_WISH"
    GUARDIANSHIP_ENDED = "GUARDIANSHIP_ENDED"
    ENTERED_BY_MISTAKE = "ENTERED_BY_MISTAKE"


class RequestState(StrEnum):
    """What became of a request."""

    WAITING = "WAITING"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that staff have before them; it is not kept here, only its number and date."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody asks to be a guardian too."""

    request_id: JoinRequestId
    asker_id: PersonId
    asked_at: datetime
    state: RequestState = RequestState.WAITING
    decided_at: datetime | None = None

    def waits(self, now: datetime) -> bool:
        """Whether an answer is still awaited."""
        return self.state is RequestState.WAITING and now < self.asked_at + REQUEST_LIFE

    def rests(self, now: datetime) -> bool:
        """Whether it was refused so lately that asking again changes nothing."""
        return self.state is RequestState.REFUSED and self.decided_at is not None and now < self.decided_at + QUIET


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history: a guardian came (`linked`) or went, by whose act, resting on what."""

    at: datetime
    guardian_id: PersonId
    linked: bool
    basis: Basis
    by: PersonId | None = None
    reason: UnlinkReason | None = None
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Guardianship:
    """All guardians of one child, in the order they were linked."""

    child_id: ChildId
    guardians: tuple[PersonId, ...] = ()
    requests: tuple[JoinRequest, ...] = ()
    history: tuple[Change, ...] = ()


def linked(guardianship: Guardianship, change: Change) -> Guardianship:
    """With one more guardian, whose own request, if one waits, is answered by this; the same value when already linked.

    Raises GuardianIsTheChild.
    """
    if change.guardian_id == PersonId(guardianship.child_id):
        raise GuardianIsTheChild
    if change.guardian_id in guardianship.guardians:
        return guardianship
    return replace(
        guardianship,
        guardians=(*guardianship.guardians, change.guardian_id),
        requests=tuple(_answered(each, change) for each in guardianship.requests),
        history=(*guardianship.history, change),
    )


def unlinked(guardianship: Guardianship | None, change: Change) -> Guardianship:
    """With one guardian fewer. Raises NoSuchGuardian, LastGuardian: a child is never left with nobody to act for it."""
    if guardianship is None or change.guardian_id not in guardianship.guardians:
        raise NoSuchGuardian
    if len(guardianship.guardians) == 1:
        raise LastGuardian
    return replace(
        guardianship,
        guardians=tuple(each for each in guardianship.guardians if each != change.guardian_id),
        history=(*guardianship.history, change),
    )


def asked(guardianship: Guardianship, request_id: JoinRequestId, asker_id: PersonId, now: datetime) -> Guardianship:
    """With a request that waits for an answer; the same value when it waits already or may not be shown.

    Raises AlreadyAGuardian. One person has one request at a time.
    """
    if asker_id in guardianship.guardians:
        raise AlreadyAGuardian
    earlier = [each for each in guardianship.requests if each.asker_id == asker_id]
    if (
        any(each.waits(now) or each.rests(now) for each in earlier)
        or len(waiting(guardianship, now)) >= WAITING_AT_MOST
    ):
        return guardianship
    others = tuple(each for each in guardianship.requests if each.asker_id != asker_id)
    return replace(guardianship, requests=(*others, JoinRequest(request_id, asker_id, now)))


def waiting(guardianship: Guardianship, now: datetime) -> tuple[JoinRequest, ...]:
    """The requests that a guardian is asked to answer."""
    return tuple(each for each in guardianship.requests if each.waits(now))


def confirmed(guardianship: Guardianship, request_id: JoinRequestId, by: PersonId, now: datetime) -> Guardianship:
    """The asker becomes a guardian by a guardian's word; confirming twice is confirming once.

    Raises NotAGuardian, NoSuchRequest, RequestDecided.
    """
    request = _open(guardianship, request_id, by, RequestState.CONFIRMED, now)
    if request.state is RequestState.CONFIRMED:
        return guardianship
    change = Change(now, request.asker_id, linked=True, basis=Basis.CONFIRMATION, by=by)
    return _decided(linked(guardianship, change), request, RequestState.CONFIRMED, now)


def refused(guardianship: Guardianship, request_id: JoinRequestId, by: PersonId, now: datetime) -> Guardianship:
    """The request is answered with no; refusing twice is refusing once. Raises as `confirmed`."""
    request = _open(guardianship, request_id, by, RequestState.REFUSED, now)
    if request.state is RequestState.REFUSED:
        return guardianship
    return _decided(guardianship, request, RequestState.REFUSED, now)


def ever(guardianship: Guardianship) -> frozenset[PersonId]:
    """Everybody who acts for the child or once did."""
    came = (change.guardian_id for change in guardianship.history if change.linked)
    return frozenset((*guardianship.guardians, *came))


def ensure_guardian(guardianship: Guardianship | None, person_id: PersonId) -> None:
    """Raises NotAGuardian, also for a child nobody knows: the two must not be told apart from outside."""
    if guardianship is None or person_id not in guardianship.guardians:
        raise NotAGuardian


def _open(
    guardianship: Guardianship, request_id: JoinRequestId, by: PersonId, wished: RequestState, now: datetime
) -> JoinRequest:
    """The request, when it waits or is decided as wished already."""
    ensure_guardian(guardianship, by)
    request = next((each for each in guardianship.requests if each.request_id == request_id), None)
    if request is None:
        raise NoSuchRequest
    if not request.waits(now) and request.state is not wished:
        raise RequestDecided
    return request


def _answered(request: JoinRequest, change: Change) -> JoinRequest:
    if request.asker_id != change.guardian_id or not request.waits(change.at):
        return request
    return replace(request, state=RequestState.CONFIRMED, decided_at=change.at)


def _decided(guardianship: Guardianship, request: JoinRequest, state: RequestState, now: datetime) -> Guardianship:
    others = (each for each in guardianship.requests if each.request_id != request.request_id)
    return replace(guardianship, requests=(*others, replace(request, state=state, decided_at=now)))
