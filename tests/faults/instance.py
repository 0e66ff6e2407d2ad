"""An instance for one fault run, and its clock."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import httpx

from deploy.local.layout import RUN
from deploy.local.stack import Stack
from deploy.local.temporary import free_port_base
from tests.faults.sabotage import SabotagedStack

ALMATY = ZoneInfo("Asia/Almaty")


def opening(day: date) -> datetime:
    """The hour of publication of a day."""
    return datetime.combine(day, datetime.min.time(), ALMATY) + timedelta(hours=7)


def next_working_day(day: date) -> date:
    """The next day on which places are published."""
    calendar = holidays.country_holidays("KZ")
    day += timedelta(days=1)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    return day


def today_of(stack: Stack) -> date:
    """The business day it is there now."""
    now = httpx.get(f"{stack.url('notify')}/clock", trust_env=False).json()["now"]
    return datetime.fromisoformat(now).astimezone(ALMATY).date()


def move_clock(stack: Stack, to: datetime) -> None:
    """Moves business time for everybody; whoever is down catches up when it is back."""
    words = ["--file", str(stack.layout.clock_file), "--to", to.strftime("%Y-%m-%dT%H:%M:%S%z")]
    subprocess.run([sys.executable, "-m", "services.chassis.move_clock", *words], check=True, capture_output=True)


@contextlib.contextmanager
def instance(sabotage: str | None) -> Iterator[Stack]:
    """An instance of its own, removed at the end."""
    folder, base = RUN / f"drill-{os.getpid()}", free_port_base()
    stack = Stack(folder, base) if sabotage is None else SabotagedStack(folder, base, sabotage=sabotage)
    try:
        yield stack
    finally:
        stack.down()
        shutil.rmtree(folder, ignore_errors=True)
