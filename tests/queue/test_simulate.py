"""The log replayed under other rules: who would have got what."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.queue.cli import commands

STREAM = "almaty:correctional:MOTOR:2021"


def entered(name: str, serial: int, rank: str = "G") -> dict[str, Any]:
    at = f"2023-01-0{serial}T10:00:00+06:00"
    return {
        "at": at,
        "what": "ENTERED",
        "application_id": name,
        "privilege": rank,
        "registered_at": at,
        "serial": serial,
    }


def row(at: str, what: str, name: str | None = None, **more: Any) -> dict[str, Any]:
    told = {"at": f"2023-05-{at}+06:00", "what": what} | more
    return told | ({"application_id": name} if name else {})


LOG = [
    *(entered(name, n) for n, name in enumerate(("first", "second", "third", "fourth"), start=1)),
    row("16T07:00:00", "PUBLISHED", n=2),
    row("16T07:00:00", "INVITED", "first"),
    row("16T07:00:00", "INVITED", "second"),
    row("16T09:00:00", "CHOSE", "second", mode="PRIORITY"),
    row("16T09:00:00", "LEFT", "second", status="REFERRED"),
    row("18T20:00:00", "CHOSE", "first", mode="PRIORITY"),
    row("18T20:00:00", "LEFT", "first", status="REFERRED"),
]
"""Two places of Tuesday 16 May 2023: one family chooses within hours, the other on the evening of the third day."""
LAPSED = [
    *LOG[:-2],
    row("19T07:00:01", "CHOSE", "fourth", mode="FREE_CHOICE"),
    row("19T07:00:01", "LEFT", "fourth", status="REFERRED"),
]
"""The first family never chose, and on Friday morning somebody from the end of the queue was the quickest."""


def replay(tmp_path: Path, log: list[dict[str, Any]], policy: str, *more: str) -> tuple[int, dict[str, Any], str]:
    file = tmp_path / "log.jsonl"
    file.write_text("".join(json.dumps({"stream_id": STREAM} | each) + "\n" for each in log), encoding="utf-8")
    typer = commands(lambda: pytest.fail("it needs no office"), lambda: pytest.fail("it asks no clock"))
    answer = CliRunner().invoke(typer, ["simulate", str(file), "--policy", policy, *more])
    lines = [json.loads(line) for line in answer.stdout.splitlines()]
    return answer.exit_code, {each["application_id"]: each for each in lines}, answer.stderr


@pytest.mark.parametrize("log", [LOG, LAPSED])
def test_under_the_rules_it_was_made_by_a_log_gives_what_it_tells(tmp_path: Path, log: list[dict[str, Any]]) -> None:
    code, changed, sums = replay(tmp_path, log, "almaty")
    assert (code, changed) == (0, {})
    assert json.loads(sums) == {"policy": "almaty", "applications": 4, "same": 4}


def test_with_a_window_of_one_calendar_day_a_late_family_gets_the_place_by_free_choice_or_not_at_all(
    tmp_path: Path,
) -> None:
    _, everybody, _ = replay(tmp_path, LOG, "astana-2019", "--everybody")
    assert everybody["first"]["outcome"] == "other_mode"
    assert everybody["first"]["simulated"] == {"mode": "FREE_CHOICE", "at": "2023-05-18T14:00:00.000Z"}
    assert everybody["second"]["outcome"] == everybody["third"]["outcome"] == "same"


def test_where_the_next_of_the_queue_is_asked_nobody_from_the_end_catches_the_place(tmp_path: Path) -> None:
    _, changed, sums = replay(tmp_path, LAPSED, "kz-2025")
    assert {name: each["outcome"] for name, each in changed.items()} == {"fourth": "lost"}
    assert json.loads(sums)["applications"] == 4


def test_a_family_whose_voucher_lapsed_rests_and_is_asked_no_more(tmp_path: Path) -> None:
    later = [*LAPSED[:-2], row("25T07:00:00", "PUBLISHED", n=3), row("25T09:00:00", "CHOSE", "first", mode="PRIORITY")]
    _, changed, _ = replay(tmp_path, later, "voucher-2025")
    assert changed["first"]["outcome"] == "lost"


def test_the_order_of_the_lines_changes_nothing(tmp_path: Path) -> None:
    assert replay(tmp_path, LOG, "astana-2019") == replay(tmp_path, [*LOG[3::-1], *LOG[4:]], "astana-2019")


@pytest.mark.parametrize("wrong", [{"what": "ENTERED"}, {"at": "yesterday", "what": "LEFT"}, {"at": "x"}])
def test_a_line_that_is_no_row_is_named_and_not_shown(tmp_path: Path, wrong: dict[str, Any]) -> None:
    code, _, said = replay(tmp_path, [*LOG, wrong], "almaty")
    assert code == 2
    assert said.strip() == f"line {len(LOG) + 1} is not a row of a log"
