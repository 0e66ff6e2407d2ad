"""Finding what an instance left running, whatever ended its supervisor."""

import os
import signal
import time
from pathlib import Path

MARK = "ZHOLDAMA_SUPERVISED_IN"
"""Every process of an instance carries this variable with the instance's folder."""


def find(folder: Path, engines: Path) -> list[int]:
    """The processes of the instance at `folder`.

    A service or double is known by its mark; PostgreSQL's children overwrite their environment and are known by
    working in the instance's folder while running a program of the engines' folder.
    """
    others = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in others if pid != os.getpid() and _belongs(Path(f"/proc/{pid}"), folder, engines)]


def end(folder: Path, engines: Path, *, patience: float = 10.0) -> list[int]:
    """Ask what is left to end, then make it; returns the processes that were still there."""
    left = find(folder, engines)
    for number, limit in ((signal.SIGTERM, patience), (signal.SIGKILL, patience)):
        for pid in find(folder, engines):
            send(pid, number)
        until = time.monotonic() + limit
        while find(folder, engines):
            if time.monotonic() > until:
                break
            time.sleep(0.05)
        else:
            break
    return left


def _belongs(entry: Path, folder: Path, engines: Path) -> bool:
    try:
        if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        if f"{MARK}={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
            return True
        works_in = Path((entry / "cwd").readlink())
        runs = Path((entry / "exe").readlink())
        return works_in.is_relative_to(folder) and runs.is_relative_to(engines)
    except (OSError, ValueError):
        return False


def children(pid: int) -> list[int]:
    """The processes a process has started and not yet lost."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; a process that has gone meanwhile is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
