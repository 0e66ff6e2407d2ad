"""Why a number changed: the causes add up over any log, and name nobody."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.queue.domain.ledger.causes import Cause, Share, explained
from services.queue.domain.ledger.decisions import Decision, Did, Place, Replay, replayed, until
from services.queue.domain.ledger.forecast import WINDOW, forecast
from services.queue.domain.order import Turns, in_order, use_turn
from services.queue.domain.words import ApplicationId, PrivilegeClass, Status, StreamId

BEGUN = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)
CLASSES = tuple(PrivilegeClass)
STEP = timedelta(minutes=7)


class Log:
    """A log as the office writes it, and the stream beside it counted the slow way."""

    def __init__(self) -> None:
        self.rows: list[Decision] = []
        self.live: dict[ApplicationId, Place] = {}
        self.turns = Turns()
        self.serial = 0
        self.now = BEGUN

    def row(self, did: Did, **more: object) -> None:
        told = {"sequence": len(self.rows) + 1, "at": self.now, "rules": "almaty@2018-05-15", "salt": "00"} | more
        self.rows.append(Decision(stream_id=StreamId("almaty:correctional:SPEECH:2021"), did=did, **told))  # type: ignore[arg-type]

    def enter(self, letter: str, days_ago: int = 0, name: str | None = None) -> ApplicationId:
        self.serial += 1
        application_id = ApplicationId(name or f"application-{self.serial}")
        place = Place(PrivilegeClass(letter), self.now - timedelta(days=days_ago), self.serial)
        self.live[application_id] = place
        self.row(Did.ENTERED, application_id=application_id, place=place, status=Status.QUEUED)
        return application_id

    def leave(self, application_id: ApplicationId, status: Status = Status.REFERRED, *, by_turn: bool = False) -> None:
        place = self.live.pop(application_id)
        self.row(Did.LEFT, application_id=application_id, place=place, status=status)
        if by_turn:
            self.turns = use_turn(self.turns, place.privilege, replayed(self.rows).waiting)
            self.row(Did.TURNS_USED, turns=self.turns)

    def change(self, application_id: ApplicationId, letter: str) -> None:
        before = self.live[application_id]
        if before.privilege.value != letter:
            place = Place(PrivilegeClass(letter), before.registered_at, before.serial)
            self.live[application_id] = place
            self.row(Did.CLASS_CHANGED, application_id=application_id, place=place, status=Status.QUEUED)

    def correct(self, application_id: ApplicationId, days: int) -> None:
        before = self.live[application_id]
        place = Place(before.privilege, before.registered_at - timedelta(days=days), before.serial)
        self.live[application_id] = place
        self.row(Did.CORRECTED, application_id=application_id, place=place, status=Status.QUEUED)

    def order(self) -> list[ApplicationId]:
        """All of them from the first to the last, sorted anew."""
        first, second, third = (
            sorted((each for each, place in self.live.items() if place.privilege is one), key=self.key)
            for one in CLASSES
        )
        return list(in_order(first, second, third, self.turns))

    def key(self, application_id: ApplicationId) -> tuple[datetime, int]:
        return self.live[application_id].key


def any_change(log: Log, random_: random.Random, gone: list[ApplicationId]) -> None:
    """One more thing that can happen to a stream, each of every kind."""
    log.now += STEP * random_.randrange(3)
    line = log.order()
    if not line or random_.random() < 0.4:
        if gone and random_.random() < 0.3:
            back = gone.pop()
            log.enter(random_.choice("EPG"), name=back)
        else:
            log.enter(random_.choice("EPGGG"), random_.choice([0, 0, 30]))
        return
    what, who = random_.random(), random_.choice(line[:5] if random_.random() < 0.6 else line)
    if what < 0.5:
        log.leave(who, by_turn=True)
        gone.append(who)
    elif what < 0.65:
        log.leave(who, random_.choice([Status.REMOVED, Status.STOP_LIST, Status.ENROLLED]))
        gone.append(who)
    elif what < 0.9:
        log.change(who, random_.choice("EPG"))
    else:
        log.correct(who, random_.choice([-3, 3]))


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(0, 100), st.integers(0, 100))
@settings(max_examples=200, deadline=None)
def test_the_causes_add_up_to_the_difference_over_any_log(seed: int, length: int, since: int, till: int) -> None:
    random_, log, gone = random.Random(seed), Log(), list[ApplicationId]()
    numbers: list[tuple[datetime, dict[ApplicationId, int]]] = []
    for _ in range(length):
        any_change(log, random_, gone)
        numbers.append((log.now, {each: at for at, each in enumerate(log.order(), start=1)}))
    since_at, till_at = sorted(BEGUN + STEP * each for each in (since, till))
    everybody = sorted({row.application_id for row in log.rows if row.application_id})

    for application_id in everybody:
        told = explained(log.rows, application_id, since_at, till_at)
        assert told.number_then == at(numbers, since_at).get(application_id)
        assert told.number_now == at(numbers, till_at).get(application_id)
        assert sum(each.change for each in told.shares) == told.difference
        assert all(each.count > 0 for each in told.shares)


def at(numbers: list[tuple[datetime, dict[ApplicationId, int]]], moment: datetime) -> dict[ApplicationId, int]:
    before = [each for when, each in numbers if when <= moment]
    return before[-1] if before else {}


@given(st.integers(0, 2**32), st.integers(1, 80))
@settings(max_examples=60, deadline=None)
def test_every_number_at_every_moment_follows_from_the_log_alone(seed: int, length: int) -> None:
    random_, log, gone = random.Random(seed), Log(), list[ApplicationId]()
    for _ in range(length):
        any_change(log, random_, gone)
    line = log.order()

    assert [replayed(log.rows, each).number for each in line] == list(range(1, len(line) + 1))
    assert [replayed(log.rows).at_number(n) for n in range(1, len(line) + 1)] == line


def test_two_extraordinary_entered_one_was_referred_and_the_turn_passed() -> None:
    log = Log()
    log.enter("P")
    ahead_of_me = [log.enter("G") for _ in range(3)]
    mine = log.enter("G")
    log.enter("P")
    before = log.now
    log.now += STEP
    log.enter("E")
    log.enter("E")
    log.leave(ahead_of_me[0], by_turn=True)
    log.enter("G")

    told = explained(log.rows, mine, before, log.now)

    assert (told.number_then, told.number_now) == (6, 6 + 2 - 1 - 0)
    assert Share(Cause.ENTERED, PrivilegeClass.EXTRAORDINARY, 2, 2) in told.shares
    assert Share(Cause.REFERRED, None, 1, -2) in told.shares
    assert Share(Cause.TURN_PASSED, None, 1, 1) in told.shares
    assert sum(each.change for each in told.shares) == 1


def test_an_own_change_of_class_and_a_departure_are_causes_too() -> None:
    log = Log()
    for _ in range(4):
        log.enter("G")
    mine = log.enter("G")
    log.now += STEP
    log.change(mine, "E")
    log.now += STEP
    log.leave(mine, Status.REMOVED)

    entered = explained(log.rows, mine, BEGUN - STEP, BEGUN)
    moved = explained(log.rows, mine, BEGUN, BEGUN + STEP)
    left = explained(log.rows, mine, BEGUN + STEP, log.now)

    assert (entered.number_then, entered.shares) == (None, (Share(Cause.YOU_ENTERED, None, 1, 5),))
    assert moved.shares == (Share(Cause.YOUR_CLASS_CHANGED, None, 1, -4),)
    assert (left.number_now, left.shares) == (None, (Share(Cause.YOU_LEFT, None, 1, -1),))


def test_causes_hold_counts_and_no_id_of_another() -> None:
    log, random_, gone = Log(), random.Random(3), list[ApplicationId]()
    mine = log.enter("G")
    for _ in range(50):
        any_change(log, random_, gone)

    told = repr(explained(log.rows, mine, BEGUN - STEP, log.now).shares)

    assert "application-" not in told


def test_a_row_of_the_same_moment_counts_to_that_moment() -> None:
    log = Log()
    log.enter("G")
    log.enter("G")

    assert (until(log.rows, BEGUN - STEP), until(log.rows, BEGUN)) == (0, 2)


def year_of(pace: Callable[[int], int]) -> Log:
    """A stream of two hundred where in window `w` the first `pace(w)` leave, one after another."""
    log = Log()
    for _ in range(200):
        log.enter("G", days_ago=400)
    for window in range(13):
        n = pace(window)
        for _ in range(n):
            log.now += WINDOW / (n + 1)
            log.leave(log.order()[0], by_turn=True)
        log.now = BEGUN + WINDOW * (window + 1)
    return log


def test_a_forecast_is_a_band_from_the_streams_own_past() -> None:
    steady = year_of(lambda _: 4)
    uneven = year_of(lambda window: 2 if window % 2 else 8)
    today = date(2027, 1, 4)

    band = forecast(steady.rows, 9, steady.now, today)
    wide = forecast(uneven.rows, 9, uneven.now, today)

    assert band is not None
    assert band.latest is not None
    assert (band.earliest - today).days == pytest.approx(56, abs=15)
    assert (band.latest - band.earliest).days <= 3
    assert wide is not None
    assert wide.latest is not None
    assert (wide.earliest - today).days == pytest.approx(28, abs=9)
    assert (wide.latest - today).days == pytest.approx(112, abs=9)


def test_where_the_past_is_short_or_stood_still_nothing_is_promised() -> None:
    stood, seldom = year_of(lambda _: 0), year_of(lambda window: 6 if window > 8 else 0)
    short = Log()
    short.enter("G")

    assert forecast(stood.rows, 50, stood.now, date(2027, 1, 4)) is None
    band = forecast(seldom.rows, 50, seldom.now, date(2027, 1, 4))
    assert band is not None
    assert band.latest is None
    assert forecast(short.rows, 1, short.now, date(2027, 1, 4)) is None


def test_a_year_of_a_long_stream_is_explained_in_a_moment() -> None:
    log = Log()
    for _ in range(2000):
        log.enter("G", days_ago=300)
    rows = log.rows
    assert Replay().number == 0
    assert explained(rows, ApplicationId("application-1999"), BEGUN, BEGUN).number_then == 1999
