"""A log of decisions replayed under other rules: who would have got what.

Families act as they did: whoever chose a place by its turn chooses as long after the turn that the other rules bring it,
and tries again at the very moment at which it chose in truth; whoever never chose does not choose here either. A promise
that came back to the city went out again with a later publication of the log, so it is not handed out twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heappop, heappush

from services.queue.domain.order import Turns, Waiting, in_order, use_turn
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status


class Happened(StrEnum):
    """What a row of the log tells of a stream."""

    ENTERED = "ENTERED"
    CLASS_CHANGED = "CLASS_CHANGED"
    LEFT = "LEFT"
    PUBLISHED = "PUBLISHED"
    INVITED = "INVITED"
    CHOSE = "CHOSE"


class Mode(StrEnum):
    """By which right a place was got."""

    PRIORITY = "PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"


class AfterWindow(StrEnum):
    """What becomes of a place whose family did not choose, as the policy says."""

    FREE_CHOICE = "free_choice"
    NEXT_IN_QUEUE = "next_in_queue"
    INACTIVE = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One row; which of the last fields it has depends on what it tells. `n` counts places."""

    at: datetime
    what: Happened
    application_id: ApplicationId | None = None
    privilege: PrivilegeClass | None = None
    registered_at: datetime | None = None
    serial: int | None = None
    status: Status | None = None
    n: int = 0
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class OtherRules:
    """The rules to replay under: the deadline of a turn that comes at a moment, the opening after a deadline, and what
    becomes of a place that was not chosen."""

    deadline: Callable[[datetime], datetime]
    opening: Callable[[datetime], datetime]
    after_window: Callable[[datetime], AfterWindow]


@dataclass(frozen=True, slots=True)
class Got:
    """A place, when and by which right."""

    mode: Mode
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one application got in truth and under the other rules."""

    application_id: ApplicationId
    logged: Got | None
    simulated: Got | None


@dataclass(slots=True)
class _World:
    rules: OtherRules
    delays: Mapping[ApplicationId, timedelta]
    promised: frozenset[ApplicationId]
    """Invited in truth: their promise, when it came back, is in a later publication of the log."""
    waiting: dict[ApplicationId, tuple[PrivilegeClass, datetime, int]] = field(default_factory=dict)
    invited: dict[ApplicationId, datetime] = field(default_factory=dict)
    got: dict[ApplicationId, Got] = field(default_factory=dict)
    turns: Turns = field(default_factory=Turns)
    tokens: int = 0
    free: int = 0
    passed: set[ApplicationId] = field(default_factory=set)
    """Who let a place go by is asked again by the next publication, not for the same place."""
    coming: list[tuple[datetime, int, str, ApplicationId | None]] = field(default_factory=list)
    told: int = 0


def simulated(rows: Iterable[LogRow], rules: OtherRules) -> list[Outcome]:
    """One stream under other rules, every application that ever stood in it; the same log gives the same answer."""
    log = sorted(rows, key=lambda row: row.at)
    world = _World(rules, _delays(log), frozenset(who for who, _ in _only(log, Happened.INVITED)))
    for row in log:
        _pass_time(world, row.at)
        _replay(world, row)
    while world.coming:
        _pass_time(world, world.coming[0][0])
    logged = {who: Got(row.mode or Mode.PRIORITY, row.at) for who, row in _only(log, Happened.CHOSE)}
    everybody = dict.fromkeys(who for who, _ in _only(log, Happened.ENTERED))
    return [Outcome(each, logged.get(each), world.got.get(each)) for each in everybody]


def _only(log: Sequence[LogRow], what: Happened) -> list[tuple[ApplicationId, LogRow]]:
    return [(row.application_id, row) for row in log if row.what is what and row.application_id is not None]


def _delays(log: Sequence[LogRow]) -> dict[ApplicationId, timedelta]:
    """How long after its turn each family chose by it."""
    turn: dict[ApplicationId, datetime] = {}
    delays: dict[ApplicationId, timedelta] = {}
    for row in log:
        if row.application_id is None:
            continue
        if row.what is Happened.INVITED:
            turn[row.application_id] = row.at
        elif row.what is Happened.CHOSE and row.mode is Mode.PRIORITY and row.application_id in turn:
            delays[row.application_id] = row.at - turn[row.application_id]
    return delays


def _pass_time(world: _World, now: datetime) -> None:
    while world.coming and world.coming[0][0] <= now:
        at, _, what, application_id = heappop(world.coming)
        if what == "opens":
            world.free += 1
        elif application_id is not None and what == "acts":
            _choose(world, application_id, at)
        elif application_id is not None and world.invited.get(application_id) == at:
            _lapse(world, application_id, at)


def _later(world: _World, at: datetime, what: str, application_id: ApplicationId | None = None) -> None:
    """What comes at one moment comes in the order in which it was decided."""
    world.told += 1
    heappush(world.coming, (at, world.told, what, application_id))


def _replay(world: _World, row: LogRow) -> None:
    who = row.application_id
    match row.what:
        case Happened.PUBLISHED:
            world.tokens += row.n
            world.passed.clear()
            _invite(world, row.at)
        case Happened.ENTERED if who and row.privilege and row.registered_at:
            if who not in world.got:
                world.waiting[who] = (row.privilege, row.registered_at, row.serial or 0)
                _invite(world, row.at)
        case Happened.CLASS_CHANGED if who in world.waiting and row.privilege:
            world.waiting[who] = (row.privilege, *world.waiting[who][1:])
        case Happened.CHOSE if who:
            _choose(world, who, row.at)
        case Happened.LEFT if who and row.status is not Status.REFERRED:
            world.waiting.pop(who, None)
            if world.invited.pop(who, None) is not None and who not in world.promised:
                world.tokens += 1
                _invite(world, row.at)
        case _:
            return


def _invite(world: _World, now: datetime) -> None:
    if world.tokens <= 0:
        return
    classes: dict[PrivilegeClass, list[ApplicationId]] = {each: [] for each in PrivilegeClass}
    for who, (privilege, _, _) in sorted(world.waiting.items(), key=lambda item: item[1][1:]):
        classes[privilege].append(who)
    extraordinary, priority, general = (classes[each] for each in _CLASSES)
    for who in in_order(extraordinary, priority, general, world.turns):
        if world.tokens <= 0:
            return
        if who not in world.invited and who not in world.passed:
            world.tokens -= 1
            world.invited[who] = world.rules.deadline(now)
            if who in world.delays:
                _later(world, now + world.delays[who], "acts", who)
            _later(world, world.invited[who], "ends", who)


def _choose(world: _World, who: ApplicationId, now: datetime) -> None:
    """By the turn when its window is open, else freely when a place is open to all."""
    if who not in world.waiting:
        return
    privilege = world.waiting[who][0]
    by_turn = who in world.invited and now < world.invited[who]
    if not by_turn and world.free == 0:
        return
    del world.waiting[who]
    world.got[who] = Got(Mode.PRIORITY if by_turn else Mode.FREE_CHOICE, now)
    was_invited = world.invited.pop(who, None) is not None
    if by_turn:
        counts = [sum(c is each for c, _, _ in world.waiting.values()) for each in _CLASSES]
        world.turns = use_turn(world.turns, privilege, Waiting(*counts))
        return
    world.free -= 1
    if was_invited and who not in world.promised:
        world.tokens += 1
        _invite(world, now)


def _lapse(world: _World, who: ApplicationId, now: datetime) -> None:
    del world.invited[who]
    after = world.rules.after_window(now)
    if after is AfterWindow.FREE_CHOICE:
        _later(world, world.rules.opening(now), "opens")
        return
    if after is AfterWindow.INACTIVE:
        world.waiting.pop(who, None)
    world.passed.add(who)
    world.tokens += 1
    _invite(world, now)


_CLASSES = (PrivilegeClass.EXTRAORDINARY, PrivilegeClass.PRIORITY, PrivilegeClass.GENERAL)
