"""`rank`: rows in, the order out, by the functions the service answers with; bad rows are named by line and code."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner, Result

from services.queue.cli.ranking import BadRow, ranking_command, read_row
from services.queue.domain.recount import Witness, recounted

MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
GOOD = {
    "application_id": "a",
    "serial": 1,
    "registered_at": "2026-03-02T07:00:00+05:00",
    "right": "general",
    "confirmed": False,
    "status": "QUEUED",
}
RIGHTS = {"extraordinary": "E", "priority": "P", "general": "G"}


def rank(lines: list[str], *words: str) -> Result:
    app = Typer()
    app.callback()(lambda: None)
    ranking_command(app)
    return CliRunner().invoke(app, ["rank", *words], input="\n".join(lines))


def row(**change: Any) -> str:
    return json.dumps(GOOD | change)


rows = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(sorted(RIGHTS)),
        st.booleans(),
        st.sampled_from(["QUEUED", "NOTIFIED", "REFERRED", "STOP_LIST"]),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 3))
def test_the_rows_come_out_in_the_order_of_the_recount(drawn: list[tuple[int, str, bool, str]], phase: int) -> None:
    moments = [MORNING + timedelta(seconds=each[0]) for each in drawn]
    lines = [
        row(
            application_id=f"a{n}",
            serial=n,
            registered_at=at.isoformat(),
            right=right,
            confirmed=confirmed,
            status=status,
        )
        for n, (at, (_, right, confirmed, status)) in enumerate(zip(moments, drawn, strict=True))
    ]
    done = rank(lines, "--policy", "almaty", "--phase", str(phase))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    day = MORNING.date()
    witnesses = [
        Witness(f"a{n}", at, n, status, RIGHTS[right], day if confirmed else None)
        for n, (at, (_, right, confirmed, status)) in enumerate(zip(moments, drawn, strict=True))
    ]
    found = recounted(witnesses, min(phase, 1), max(0, phase - 1), day)
    assert [(x["application_id"], x["number"], x["number_in_privilege"]) for x in said if x["number"]] == [
        (each.application_id, each.number, each.number_in_privilege) for each in found
    ]
    assert len(said) == len(drawn)
    assert all(x["range"][0] <= x["number"] <= x["range"][1] for x in said if x["number"])


def test_the_phase_says_whose_turn_is_next() -> None:
    lines = [row(application_id=f"g{n}", serial=n) for n in range(6)]
    lines += [row(application_id=f"p{n}", serial=10 + n, right="priority", confirmed=True) for n in range(2)]

    def order(phase: int) -> str:
        done = rank(lines, "--policy", "almaty", "--phase", str(phase))
        return "".join(json.loads(line)["application_id"][0] for line in done.stdout.splitlines())

    assert [order(phase) for phase in range(4)] == ["pgggpggg", "gggpgggp", "ggpgggpg", "gpgggpgg"]


def test_the_range_is_where_the_turns_of_the_other_class_may_move_a_number() -> None:
    lines = [row(application_id=f"g{n}", serial=n) for n in range(4)]
    said = [json.loads(line) for line in rank(lines, "--policy", "almaty").stdout.splitlines()]
    assert [(x["number"], x["range"]) for x in said] == [(1, [1, 2]), (2, [2, 3]), (3, [3, 4]), (4, [4, 6])]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "NOT_JSON"),
        ("[1]", "NOT_AN_OBJECT"),
        ('{"application_id": "a"}', "FIELD_MISSING"),
        (row(application_id=" "), "BAD_APPLICATION_ID"),
        (row(application_id=7), "BAD_APPLICATION_ID"),
        (row(serial="1"), "BAD_SERIAL"),
        (row(serial=True), "BAD_SERIAL"),
        (row(serial=-1), "BAD_SERIAL"),
        (row(serial=1 << 63), "BAD_SERIAL"),
        (row(registered_at="yesterday"), "BAD_REGISTERED_AT"),
        (row(registered_at=None), "BAD_REGISTERED_AT"),
        (row(registered_at="2026-03-02T07:00:00"), "NO_TIME_ZONE"),
        (row(right="royal"), "BAD_RIGHT"),
        (row(right=None), "BAD_RIGHT"),
        (row(confirmed="yes"), "BAD_CONFIRMED"),
        (row(status="WAITING"), "BAD_STATUS"),
    ],
)
def test_a_bad_row_has_a_code_and_says_nothing_of_what_stood_in_it(line: str, code: str) -> None:
    with pytest.raises(BadRow) as refused:
        read_row(line.encode())
    assert refused.value.code == code
    assert "royal" not in str(refused.value)


def test_bytes_that_are_no_text_are_a_bad_row() -> None:
    with pytest.raises(BadRow, match="NOT_JSON"):
        read_row(b"\xff\xfe")


def test_bad_rows_are_named_by_line_and_nothing_is_ranked() -> None:
    done = rank([row(), "", row(), row(application_id="b", right="x")], "--policy", "almaty")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "line 3: DUPLICATE_APPLICATION" in done.stderr
    assert "line 4: BAD_RIGHT" in done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--policy", "atlantis"], "UNKNOWN_POLICY"),
        (["--policy", "../almaty"], "UNKNOWN_POLICY"),
        (["--policy", "almaty", "--phase", "4"], "UNKNOWN_PHASE"),
    ],
)
def test_what_cannot_be_asked_is_refused(words: list[str], code: str) -> None:
    done = rank([row()], *words)
    assert done.exit_code == 2
    assert code in done.stderr


def test_no_rows_are_no_lines() -> None:
    done = rank([], "--policy", "almaty")
    assert (done.exit_code, done.stdout) == (0, "")
