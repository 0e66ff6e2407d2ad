"""An outage gives back the working days it took, once, however it was recorded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.calendar import WorkCalendar
from services.queue.domain.outages import Outage, OutageCause, Prolonging, Pulse, prolonged, recorded, stood_still
from services.queue.domain.refusals import NotAnOutage
from services.queue.domain.stream import Invitation, InvitationProlonged, Stream, Window
from services.queue.domain.words import (
    ApplicationId,
    ChildId,
    EndReason,
    InvitationId,
    OutageId,
    PrivilegeClass,
    StreamId,
)

CALENDAR = WorkCalendar()
HOUR = timedelta(hours=1)


def almaty(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


def longer(deadline: datetime, days: int) -> datetime:
    return CALENDAR.end_of(CALENDAR.plus_working_days(CALENDAR.local_day(deadline) - timedelta(days=1), days))


RULES = Prolonging(HOUR, CALENDAR.working_days, longer)
INVITED = almaty("2026-12-01 07:00")
DEADLINE = almaty("2026-12-04 00:00")
"""Tuesday to Thursday."""


def invitation(deadline: datetime = DEADLINE, ended: EndReason | None = None) -> Invitation:
    window = Window(deadline, deadline + timedelta(minutes=21))
    who = (InvitationId("i1"), ApplicationId("a1"), ChildId("c1"))
    return Invitation(*who, 1, 1, PrivilegeClass.GENERAL, INVITED, window, ended)


def outage(begin: str, end: str, name: str = "o1") -> Outage:
    return Outage(
        outage_id=OutageId(name),
        began_at=almaty(begin),
        ended_at=almaty(end),
        cause=OutageCause.CABINET_UNREACHABLE,
        recorded_at=almaty(end),
        policy="almaty@2018-05-15",
    )


def after(outages: Sequence[Outage], turn: Invitation | None = None) -> tuple[Invitation, int]:
    """The invitation after these records, and how many facts were said."""
    stream = Stream(StreamId("almaty:correctional:MOTOR:2021"), invitations=(turn or invitation(),))
    stream, said = prolonged(stream, outages, RULES)
    assert all(isinstance(fact, InvitationProlonged) for fact in said)
    return stream.invitations[0], len(said)


@pytest.mark.parametrize(
    ("records", "last_day"),
    [
        ([("2026-12-02 10:00", "2026-12-02 11:00")], "2026-12-04"),
        ([("2026-12-02 10:00", "2026-12-02 10:59")], "2026-12-03"),
        ([("2026-12-02 10:00", "2026-12-02 10:30"), ("2026-12-02 15:00", "2026-12-02 15:30")], "2026-12-04"),
        ([("2026-12-02 10:00", "2026-12-02 10:40"), ("2026-12-02 10:20", "2026-12-02 10:50")], "2026-12-03"),
        ([("2026-12-02 10:00", "2026-12-02 12:00"), ("2026-12-02 10:05", "2026-12-02 12:05")], "2026-12-04"),
        ([("2026-12-02 10:00", "2026-12-03 12:00")], "2026-12-07"),
        ([("2026-11-30 10:00", "2026-12-01 06:59")], "2026-12-03"),
        ([("2026-12-04 09:00", "2026-12-04 12:00")], "2026-12-03"),
        ([("2026-12-03 09:00", "2026-12-03 12:00"), ("2026-12-04 09:00", "2026-12-04 12:00")], "2026-12-07"),
        ([("2026-12-03 09:00", "2026-12-06 12:00")], "2026-12-07"),
    ],
    ids=[
        "an hour of a working day gives it back",
        "less than the limit gives nothing",
        "two halves of one day count together",
        "the overlap of two records counts once",
        "two records of one outage give one day",
        "two days are given back over the weekend",
        "before the turn came it took nothing",
        "after the window it took nothing",
        "a longer window may meet another outage",
        "days off are not given back",
    ],
)
def test_days_are_given_back_by_the_rule(records: list[tuple[str, str]], last_day: str) -> None:
    turn, _ = after([outage(*each, name=f"o{n}") for n, each in enumerate(records)])
    assert turn.window.deadline == CALENDAR.end_of(date.fromisoformat(last_day))
    assert turn.window.lapses_at - turn.window.deadline == timedelta(minutes=21)


def test_the_same_outage_prolongs_once_and_the_first_deadline_is_kept() -> None:
    records = [outage("2026-12-02 10:00", "2026-12-02 12:00")]
    once, said = after(records)
    again, said_again = after([*records, replace(records[0], outage_id=OutageId("o2"))], once)
    assert (said, said_again) == (1, 0)
    assert again == once
    assert again.first_deadline == DEADLINE


def test_an_invitation_that_ended_is_not_opened_again() -> None:
    over = invitation(ended=EndReason.LAPSED)
    assert after([outage("2026-12-02 10:00", "2026-12-02 12:00")], over) == (over, 0)


@given(
    st.lists(
        st.tuples(st.integers(-2000, 12000), st.integers(1, 3000)).map(
            lambda span: Outage(
                outage_id=OutageId(f"o{span}"),
                began_at=INVITED + timedelta(minutes=span[0]),
                ended_at=INVITED + timedelta(minutes=sum(span)),
                cause=OutageCause.POWER_OR_NETWORK,
                recorded_at=INVITED,
                policy="almaty@2018-05-15",
            )
        ),
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_the_order_in_which_records_come_changes_nothing(records: list[Outage], random: object) -> None:
    together, _ = after(records)
    one_by_one, known = invitation(), []
    random.shuffle(records)  # type: ignore[attr-defined]
    for each in records:
        known.append(each)
        before = one_by_one.window.deadline
        one_by_one, _ = after(known, one_by_one)
        assert one_by_one.window.deadline >= before
    assert one_by_one.window == together.window


def test_queue_stood_still_only_when_both_clocks_say_so() -> None:
    pulse = Pulse(INVITED, INVITED)
    assert stood_still(pulse, Pulse(INVITED + HOUR, INVITED + HOUR), HOUR) == (INVITED, INVITED + HOUR)
    assert stood_still(pulse, Pulse(INVITED + 9 * HOUR, INVITED + timedelta(minutes=1)), HOUR) is None
    assert stood_still(pulse, Pulse(INVITED, INVITED + 9 * HOUR), HOUR) is None


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("2026-12-02 12:00", "2026-12-02 12:00"),
        ("2026-12-02 12:00", "2026-12-02 11:00"),
        ("2026-12-02 12:00", "2026-12-03 12:01"),
        ("2026-10-02 12:00", "2026-12-02 12:00"),
    ],
)
def test_a_record_that_cannot_be_true_is_refused(begin: str, end: str) -> None:
    with pytest.raises(NotAnOutage):
        recorded(outage(begin, end), almaty("2026-12-03 12:00"))


def test_working_days_of_a_span_are_those_of_the_city_also_when_its_offset_changes() -> None:
    span = (almaty("2024-02-29 12:00"), almaty("2024-03-04 00:01"))
    days = list(CALENDAR.working_days(*span))
    assert [CALENDAR.local_day(first).day for first, _ in days] == [29, 1, 4]
    assert [last - first for first, last in days] == [25 * HOUR, 24 * HOUR, 24 * HOUR]
    assert CALENDAR.at(date(2024, 3, 1), time(0)) == datetime(2024, 2, 29, 19, tzinfo=UTC)
