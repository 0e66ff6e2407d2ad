"""``python -m doubles.mailbox.postfix --run-dir D --port P [--serve]``: configure a private mail server; serve it."""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from doubles.mailbox.config import write_config

SEARCH = f"{os.defpath}:/usr/sbin:/sbin"
MISSING = "postfix is not installed: apt-get install postfix"
NOT_ROOT = "postfix must be started by root: its workers change to other users"


def main(arguments: list[str]) -> int:
    """Write the configuration and print its folder; with ``--serve`` become the server, in the foreground."""
    parser = argparse.ArgumentParser(prog="python -m doubles.mailbox.postfix")
    parser.add_argument("--run-dir", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--serve", action="store_true", help="run the server until it is stopped (SIGTERM)")
    given = parser.parse_args(arguments)
    program = shutil.which("postfix", path=SEARCH)
    if program is None or os.geteuid() != 0:
        sys.stderr.write((NOT_ROOT if program else MISSING) + "\n")
        return 2
    folder = write_config(given.run_dir, given.port)
    if given.serve:
        _become_server(program, folder)
    sys.stdout.write(f"{folder}\n")
    return 0


def _become_server(program: str, folder: Path) -> NoReturn:
    """Replace this process by the server's master, so that who supervises this process supervises the server.

    ``postfix start-fg`` would keep a shell between the two: a signal to it would leave the server running.
    """
    os.chdir(folder.parent / "queue")
    subprocess.run([program, "-c", str(folder), "check"], check=True)  # noqa: S603 - our own words
    ask = [shutil.which("postconf", path=SEARCH) or "postconf", "-c", str(folder), "-h", "daemon_directory"]
    daemons = subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603
    master = f"{daemons}/master"
    os.execv(master, [master, "-s", "-c", str(folder)])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
