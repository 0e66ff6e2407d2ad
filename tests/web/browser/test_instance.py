"""The cabinet as a process among the others: it comes back, it can be stopped, and moving the clock does not wait for it."""

import time
from datetime import timedelta

import httpx

from deploy.local.stack import Stack
from deploy.local.trouble import Trouble


def pid_or_none(stack: Stack) -> int | None:
    try:
        return stack.pid("web")
    except Trouble:
        return None


def test_a_killed_cabinet_is_started_again_by_itself(cabinet_stack: Stack) -> None:
    before = cabinet_stack.pid("web")
    cabinet_stack.kill("web")
    end = time.monotonic() + 20
    while pid_or_none(cabinet_stack) in (None, before) and time.monotonic() < end:
        time.sleep(0.05)
    assert cabinet_stack.pid("web") != before


def test_a_stopped_cabinet_stays_down_until_it_is_restarted_and_the_clock_moves_without_it(
    cabinet_stack: Stack,
) -> None:
    cabinet_stack.stop("web")
    assert cabinet_stack.status()["web"] == "STOPPED"
    cabinet_stack.move_clock(by=timedelta(seconds=1))
    cabinet_stack.restart("web")
    assert httpx.get(f"{cabinet_stack.url('web')}/readyz", trust_env=False).status_code == 200
