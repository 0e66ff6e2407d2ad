"""Engines, doubles and services together."""

import time
from datetime import timedelta

from deploy.local import processes
from deploy.local.stack import NAMES, Stack
from deploy.local.trouble import Trouble


def pid_or_none(stack: Stack, name: str) -> int | None:
    try:
        return stack.pid(name)
    except Trouble:
        return None


def test_every_process_of_the_system_runs(whole_stack: Stack) -> None:
    assert set(processes.existing_services()) <= set(whole_stack.status())
    assert {name: state for name, state in whole_stack.status().items() if state not in ("RUNNING", "STARTING")} == {}
    assert set(whole_stack.status()) <= set(NAMES)
    assert whole_stack.deaths() == []


def test_a_killed_service_is_started_again_by_itself(whole_stack: Stack) -> None:
    before = whole_stack.pid("notify")
    whole_stack.kill("notify")
    end = time.monotonic() + 20
    while pid_or_none(whole_stack, "notify") in (None, before) and time.monotonic() < end:
        time.sleep(0.05)
    assert whole_stack.pid("notify") != before


def test_business_time_moves_for_everybody_and_returns_when_they_have_caught_up(whole_stack: Stack) -> None:
    first = whole_stack.move_clock()
    later = whole_stack.move_clock(by=timedelta(minutes=5))
    assert timedelta(minutes=5) <= later - first < timedelta(minutes=6)
