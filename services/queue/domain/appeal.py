"""An appeal of a family against a number, a refusal, a removal or the stop list (R49)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from services.queue.domain.application import (
    Application,
    ApplicationFact,
    Change,
    Happening,
    Now,
    moved,
    noted,
)
from services.queue.domain.filing import standing_of
from services.queue.domain.refusals import AppealAnswered, NothingToAppeal
from services.queue.domain.review import caught_up, stop_ends
from services.queue.domain.statuses import Actor
from services.queue.domain.words import LIVE, ApplicationId, ChildId, PersonId, Status, StreamId

AppealId = NewType("AppealId", str)


class Against(StrEnum):
    """What the family appeals against."""

    NUMBER = "NUMBER"
    REFUSAL = "REFUSAL"
    REMOVAL = "REMOVAL"
    STOP_LIST = "STOP_LIST"


class AppealState(StrEnum):
    """The life of an appeal."""

    OPEN = "OPEN"
    GRANTED = "GRANTED"
    REJECTED = "REJECTED"


class AppealFact(StrEnum):
    """What an appeal says."""

    OPENED = "opened"
    ANSWERED = "answered"


_FROM = {
    Against.NUMBER: LIVE,
    Against.REFUSAL: frozenset({Status.REFUSED}),
    Against.REMOVAL: frozenset({Status.REMOVED}),
    Against.STOP_LIST: frozenset({Status.STOP_LIST}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """State of one appeal. `open_about` holds what at most one open appeal may be about."""

    appeal_id: AppealId
    application_id: ApplicationId
    child_id: ChildId
    stream_id: StreamId
    against: Against
    opened_at: datetime
    opened_by: PersonId
    answer_due: datetime
    """24:00 of the last working day for the answer: the first moment at which it is late."""
    freezes: bool
    """Whether the rules keep the affected place for the child until the answer."""
    rules: str
    words: str | None = None
    """The family's own words; shown to the office, never told to a topic."""
    stop_story: str | None = None
    """The story of the stop that it is against: no other is lifted by it."""
    state: AppealState = AppealState.OPEN
    answered_at: datetime | None = None
    decided_by: PersonId | None = None
    decided_as: str | None = None
    """The role of whoever decided."""
    reason: str | None = None
    open_about: str | None = None


def can_be_against(application: Application) -> tuple[Against, ...]:
    """What an appeal of this family could be against now."""
    return tuple(against for against, statuses in _FROM.items() if application.status in statuses)


def opened(
    appeal_id: AppealId,
    application: Application,
    against: Against,
    by: PersonId,
    at: datetime,
    *,
    due: datetime,
    freezes: bool,
    rules: str,
    words: str | None,
) -> tuple[Appeal, tuple[AppealFact, ...]]:
    """A family appeals. Refused: NOTHING_TO_APPEAL."""
    if against not in can_be_against(application):
        raise NothingToAppeal
    appeal = Appeal(
        appeal_id=appeal_id,
        application_id=application.application_id,
        child_id=application.child_id,
        stream_id=application.stream_id,
        against=against,
        opened_at=at,
        opened_by=by,
        answer_due=due,
        freezes=freezes,
        rules=rules,
        words=words,
        stop_story=application.stop.story if against is Against.STOP_LIST and application.stop else None,
        open_about=f"{application.application_id}:{against.value}",
    )
    return appeal, (AppealFact.OPENED,)


def answered(
    appeal: Appeal, *, granted: bool, by: PersonId, role: str, reason: str, at: datetime
) -> tuple[Appeal, tuple[AppealFact, ...]]:
    """A named role decides, with a reason. The same answer again changes nothing. Refused: APPEAL_ANSWERED."""
    state = AppealState.GRANTED if granted else AppealState.REJECTED
    if appeal.state is state:
        return appeal, ()
    if appeal.state is not AppealState.OPEN:
        raise AppealAnswered
    decided = replace(
        appeal, state=state, answered_at=at, decided_by=by, decided_as=role, reason=reason, open_about=None
    )
    return decided, (AppealFact.ANSWERED,)


def is_late(appeal: Appeal, now: datetime) -> bool:
    """Whether the answer should have been given already."""
    return appeal.state is AppealState.OPEN and appeal.answer_due <= now


def opening_heard(application: Application, appeal_id: AppealId, against: Against, now: Now) -> Change:
    """The history shows that an appeal was opened, once."""
    if _tells(application, Happening.APPEAL_OPENED, appeal_id):
        return application, ()
    return noted(application, now, Happening.APPEAL_OPENED, Actor.GUARDIAN, reason=against.value, story=appeal_id), ()


def answer_heard(
    application: Application,
    appeal_id: AppealId,
    against: Against,
    now: Now,
    *,
    granted: bool,
    stop_story: str | None = None,
    moves: bool = True,
) -> Change:
    """The answer takes effect, once: out of the stop list, back into the queue, or under review again.

    A stop is lifted only while it is the one appealed against, by its story: another that came meanwhile stays.
    Without `moves` it is only written down: the child stands in the queue by another application already. An appeal
    against the number changes nothing by itself: what made the number wrong is corrected by its own deed.
    """
    line = Happening.APPEAL_GRANTED if granted else Happening.APPEAL_REJECTED
    if _tells(application, line, appeal_id):
        return application, ()
    said: tuple[ApplicationFact, ...] = ()
    if granted and moves and _stands(application, against, stop_story):
        application, said = _granted(application, against, now)
    application = noted(application, now, line, Actor.OFFICER, reason=against.value, story=appeal_id)
    return caught_up(application, said, now) if said else (application, said)


def _stands(application: Application, against: Against, stop_story: str | None) -> bool:
    """Whether what was appealed against is still so."""
    if application.status not in _FROM[against]:
        return False
    if against is Against.STOP_LIST:
        return application.stop is not None and application.stop.story == stop_story
    return True


def _granted(application: Application, against: Against, now: Now) -> Change:
    match against:
        case Against.STOP_LIST:
            return stop_ends(application, now, Actor.OFFICER, "appeal_granted")
        case Against.REMOVAL:
            back = _standing(replace(application, stop=None, inactive_since=None, last_number=None))
            return moved(back, Status.QUEUED, now), (ApplicationFact.RESTORED,)
        case Against.REFUSAL:
            back = moved(_standing(application), Status.UNDER_REVIEW, now)
            return back, (ApplicationFact.STATUS_CHANGED,)
        case Against.NUMBER:
            return application, ()


def _standing(application: Application) -> Application:
    return replace(application, standing=standing_of(application.child_id, application.queue_type))


def _tells(application: Application, what: Happening, story: str) -> bool:
    return any(entry.what is what and entry.story == story for entry in application.history)
