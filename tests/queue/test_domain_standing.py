"""The order in memory against a recount that shares nothing with it, over logs of everything that can happen."""

import os
import random
import subprocess
import sys
from array import array
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.queue.domain.line import Line
from services.queue.domain.order import Turns, use_turn
from services.queue.domain.recount import Witness, recounted
from services.queue.domain.rights import Privilege
from services.queue.domain.standing import Row, Standing
from services.queue.domain.words import ApplicationId, PrivilegeClass, PrivilegeKind, StreamId

ROOT = Path(__file__).parents[2]
E, P, G = PrivilegeClass.EXTRAORDINARY, PrivilegeClass.PRIORITY, PrivilegeClass.GENERAL
FIRST_DAY = date(2026, 3, 2)
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
STREAMS = [StreamId(f"almaty:correctional:{name}:2021") for name in ("MOTOR", "SPEECH")]


@dataclass
class Log:
    """A city of two streams to which things happen; every account that was given of it, in order."""

    dice: random.Random
    today: date = FIRST_DAY
    rows: dict[ApplicationId, Row] = field(default_factory=dict)
    turns: dict[StreamId, tuple[Turns, int]] = field(default_factory=dict)
    told: list[Row] = field(default_factory=list)
    told_turns: list[tuple[StreamId, Turns, int]] = field(default_factory=list)

    def step(self) -> None:
        """Something happens."""
        happening = self.dice.choice(
            [
                self.register,
                self.register,
                self.change_right,
                self.leave_or_return,
                self.use_turn,
                self.move,
                self.night,
            ]
        )
        happening()

    def register(self) -> None:
        n = len(self.rows)
        moment = MORNING + timedelta(milliseconds=self.dice.randrange(6))
        application_id = ApplicationId(f"a{self.dice.randrange(10**6):06}-{n}")
        self._tell(
            Row(application_id, self.dice.choice(STREAMS), moment, self.dice.randrange(4), True, self._right(), 1)
        )

    def change_right(self) -> None:
        """A privilege is confirmed, found wanting, or dated anew."""
        self._again(privilege=self._right())

    def leave_or_return(self) -> None:
        """Removed, referred, enrolled or in the stop list; restored or discharged."""
        if self.rows:
            known = self._one()
            self._tell(known._replace(is_live=not known.is_live, version=known.version + 1))

    def move(self) -> None:
        """The conclusion names another category."""
        if self.dice.random() < 0.3:
            self._again(stream_id=self.dice.choice(STREAMS))

    def night(self) -> None:
        if self.dice.random() < 0.3:
            self.today += timedelta(days=self.dice.choice([1, 1, 2, -1]))

    def use_turn(self) -> None:
        """One of the first takes a place in priority mode."""
        stream_id = self.dice.choice(STREAMS)
        front = self.recount(stream_id)[:5]
        if not front:
            return
        taker = self.rows[ApplicationId(self.dice.choice(front)[0])]
        self._tell(taker._replace(is_live=False, version=taker.version + 1))
        turns, version = self.turns.get(stream_id, (Turns(), 0))
        standing = Standing(self.today)
        standing.gather(self.rows.values())
        standing.settle()
        privilege = _class(taker.privilege, self.today)
        used = use_turn(turns, privilege, standing.waiting(stream_id, self.today))
        self.turns[stream_id] = (used, version + 1)
        self.told_turns.append((stream_id, used, version + 1))

    def recount(self, stream_id: StreamId) -> list[tuple[str, int, int]]:
        turns, _ = self.turns.get(stream_id, (Turns(), 0))
        here = [_witness(row) for row in self.rows.values() if row.stream_id == stream_id]
        found = recounted(here, turns.priority, turns.general, self.today)
        return [(each.application_id, each.number, each.number_in_privilege) for each in found]

    def _right(self) -> Privilege | None:
        rank = self.dice.choice([E, P, P, G, G])
        if rank is G:
            return None
        days = [None, *(self.today + timedelta(days=each) for each in (-1, 0, 1, 3))]
        return Privilege(PrivilegeKind[rank.name], rank, self.dice.choice(days), self.dice.choice(days))

    def _one(self) -> Row:
        return self.rows[self.dice.choice(sorted(self.rows))]

    def _again(self, **change: object) -> None:
        if self.rows:
            known = self._one()
            self._tell(known._replace(version=known.version + 1, **change))  # type: ignore[arg-type]

    def _tell(self, row: Row) -> None:
        self.rows[row.application_id] = row
        self.told.append(row)


def _class(privilege: Privilege | None, today: date) -> PrivilegeClass:
    if privilege is None or privilege.confirmed_on is None:
        return G
    until = privilege.valid_until or date.max
    return privilege.rank if privilege.confirmed_on <= today <= until else G


def _witness(row: Row) -> Witness:
    right = row.privilege
    return Witness(
        row.application_id,
        row.registered_at,
        row.serial,
        "QUEUED" if row.is_live else "REMOVED",
        right.rank.value if right else None,
        right.confirmed_on if right else None,
        right.valid_until if right else None,
    )


def shown(standing: Standing, stream_id: StreamId, today: date) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for application_id in list(standing.in_order(stream_id, today)):
        at = standing.position(application_id, today)
        assert at is not None
        assert at.number == sum(at.ahead) + 1
        assert at.lowest <= at.number <= at.highest
        found.append((application_id, at.number, at.number_in_privilege))
    return found


def hears(standing: Standing, log: Log, order: list[int]) -> Standing:
    for at in order:
        if at < len(log.told):
            standing.hear(log.told[at])
        else:
            standing.hear_turns(*log.told_turns[at - len(log.told)])
    return standing


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_the_order_is_that_of_the_recount_whatever_has_happened(seed: int, steps: int) -> None:
    log = Log(random.Random(seed))
    standing = Standing(FIRST_DAY)
    for _ in range(steps):
        told, turned = len(log.told), len(log.told_turns)
        log.step()
        for row in log.told[told:]:
            standing.hear(row)
        for each in log.told_turns[turned:]:
            standing.hear_turns(*each)
        if log.dice.random() < 0.3:
            for stream_id in STREAMS:
                assert shown(standing, stream_id, log.today) == log.recount(stream_id)
    for stream_id in STREAMS:
        assert shown(standing, stream_id, log.today) == log.recount(stream_id)
    assert [
        row.application_id
        for row in log.rows.values()
        if not row.is_live and standing.position(row.application_id, log.today)
    ] == []


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(5, 60))
def test_replicas_that_heard_the_same_in_another_sequence_and_doubled_say_the_same(seed: int, steps: int) -> None:
    log = Log(random.Random(seed))
    for _ in range(steps):
        log.step()
    everything = list(range(len(log.told) + len(log.told_turns)))
    one = hears(Standing(FIRST_DAY), log, everything)
    mixed = everything + log.dice.choices(everything, k=10) if everything else []
    log.dice.shuffle(mixed)
    other = hears(Standing(), log, mixed)
    rebuilt = Standing(log.today)
    rebuilt.gather(log.rows.values())
    rebuilt.gather(log.told)
    rebuilt.settle()
    for stream_id, (turns, version) in log.turns.items():
        rebuilt.hear_turns(stream_id, turns, version)
    assert one.digest(log.today) == other.digest(log.today) == rebuilt.digest(log.today)
    assert len(one) == len(other) == len(rebuilt)


def test_those_registered_in_one_moment_stand_by_their_serial_and_then_by_their_id() -> None:
    line = Line(G)
    for serial, name in [(2, "b"), (1, "z"), (2, "a"), (3, "c"), (2, "c")]:
        line.enter(7, serial, ApplicationId(name))
    assert line.ids == ["z", "a", "b", "c", "c"]
    asked = [(1, "z"), (2, "a"), (2, "b"), (2, "c"), (3, "c")]
    assert [line.rank(7, serial, ApplicationId(name)) for serial, name in asked] == [0, 1, 2, 3, 4]


def test_a_right_that_ends_tonight_counts_today_and_no_longer_tomorrow() -> None:
    standing = Standing(FIRST_DAY)
    right = Privilege(PrivilegeKind.EXTRAORDINARY, E, FIRST_DAY, FIRST_DAY)
    early, late = ApplicationId("early"), ApplicationId("late")
    standing.hear(Row(early, STREAMS[0], MORNING, 1, True))
    standing.hear(Row(late, STREAMS[0], MORNING, 2, True, right))
    assert list(standing.in_order(STREAMS[0], FIRST_DAY)) == [late, early]
    assert list(standing.in_order(STREAMS[0], FIRST_DAY + timedelta(days=1))) == [early, late]
    assert list(standing.in_order(STREAMS[0], FIRST_DAY)) == [late, early]


@pytest.mark.parametrize(
    ("sabotage", "what"),
    [
        (lambda lines: lines.general.ids.reverse(), "two who changed places"),
        (
            lambda lines: setattr(lines, "turns", replace(lines.turns, priority=lines.turns.priority + 1)),
            "a turn too many",
        ),
        (lambda lines: setattr(lines, "waiting", lines.waiting._replace(priority=0)), "a class that is not counted"),
    ],
)
def test_the_recount_sees_an_order_that_was_bent(sabotage: object, what: str) -> None:
    log = Log(random.Random(7))
    right = Privilege(PrivilegeKind.PRIORITY, P, FIRST_DAY)
    rows = [Row(ApplicationId(f"p{n}"), STREAMS[0], MORNING, n, True, right) for n in range(4)]
    rows += [Row(ApplicationId(f"g{n}"), STREAMS[0], MORNING, 10 + n, True) for n in range(9)]
    log.rows = {row.application_id: row for row in rows}
    standing = Standing(FIRST_DAY)
    standing.gather(rows)
    standing.settle()
    positions = {row.application_id: standing.position(row.application_id, FIRST_DAY) for row in rows}
    found = {each[0]: each[1] for each in log.recount(STREAMS[0])}
    assert {name: at.number for name, at in positions.items() if at} == found
    sabotage(standing._streams[STREAMS[0]])  # type: ignore[operator]
    bent = {
        name: at.number
        for name in standing.in_order(STREAMS[0], FIRST_DAY)
        if (at := standing.position(name, FIRST_DAY))
    }
    order = list(standing.in_order(STREAMS[0], FIRST_DAY))
    assert (bent, order) != (found, sorted(found, key=found.__getitem__)), what


def test_the_cost_of_a_question_grows_no_faster_than_the_logarithm() -> None:
    """Counted in looks into a line, not in time: a machine under load would say anything."""

    class Counted(array):  # type: ignore[type-arg]
        looks = 0

        def __getitem__(self, at: int) -> int:  # type: ignore[override]
            Counted.looks += 1
            return int(super().__getitem__(at))

    looks = []
    for size in (100, 10_000):
        line = Line(G)
        line.moments, line.serials = Counted("q", range(size)), array("q", range(size))
        line.ids = [ApplicationId(str(n)) for n in range(size)]
        Counted.looks = 0
        for n in range(0, size, size // 50):
            assert line.rank(n, n, ApplicationId(str(n))) == n
        looks.append(Counted.looks / 50)
    assert looks[0] < looks[1] <= 2 * looks[0] + 1


ANOTHER_PROCESS = """
import random, sys
from datetime import UTC, datetime, timedelta
from services.queue.domain.ranking import Ranked, ranking
from services.queue.domain.words import PrivilegeClass, Status

dice, morning = random.Random(11), datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
rows = [
    Ranked(f"a{n}", n, morning + timedelta(seconds=dice.randrange(60)), dice.choice(list(PrivilegeClass)),
           dice.random() < 0.7, dice.choice(list(Status)))
    for n in range(400)
]
dice.shuffle(rows)
sys.stdout.write(repr(list(ranking(rows, 2))))
"""


def test_the_same_rows_are_ranked_alike_by_processes_that_hash_differently() -> None:
    def ranked(seed: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed}
        words = [sys.executable, "-c", ANOTHER_PROCESS]
        return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env=environment, check=True).stdout

    assert ranked("1") == ranked("4242") != ""
