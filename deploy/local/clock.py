"""Moving the test clock of an instance: business time for every service and double, never real time."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from deploy.local.layout import ROOT
from deploy.local.trouble import Trouble


def move(
    file: Path, services: list[str], *, to: datetime | None = None, by: timedelta = timedelta(), speed: float = 1.0
) -> datetime:
    """Set business time and return when the due work of all `services` (addresses) has caught up with it.

    `to` is an aware moment; otherwise the clock goes on `by` so much. `speed` is business seconds a real second.
    Returns the new moment. Trouble when it would go back, or when a service does not catch up within a minute.
    """
    words = [sys.executable, "-m", "services.chassis.move_clock", "--file", str(file), "--speed", str(speed)]
    if to is not None:
        words += ["--to", to.strftime("%Y-%m-%dT%H:%M:%S%z")]
    else:
        words += ["--by", str(by.total_seconds())]
    for address in services:
        words += ["--wait", address]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr or "a service did not catch up within a minute").strip().splitlines()[-1]
        raise Trouble(f"The test clock was not moved as asked: {reason}")
    return datetime.fromisoformat(done.stdout.strip())
