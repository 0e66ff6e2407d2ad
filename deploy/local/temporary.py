"""Instances that live as long as one test run: a free range of ports, a folder that is removed afterwards."""

import os
import random
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local import leftovers
from deploy.local.layout import ENGINES, HIGHEST_PORT, OFFSETS, RUN, TOPICS
from deploy.local.stack import Stack
from deploy.local.trouble import Trouble

_FIRST_BASE = 20000
_STEP = 100
_MAKER = "temporary"
"""The file that marks an instance as temporary and names the process that made it."""


@contextmanager
def temporary_stack(label: str = "test", *, topic_files: Path = TOPICS) -> Iterator[Stack]:
    """An instance of its own, not started; stopped and removed at the end, with whatever was started in it."""
    _sweep()
    folder = RUN / f"{label}-{os.getpid()}"
    stack = Stack(folder, free_port_base(), topic_files=topic_files)
    stack.layout.make_folders()
    (folder / _MAKER).write_text(str(os.getpid()))
    try:
        yield stack
    finally:
        stack.down()
        remove(folder)


def remove(folder: Path) -> None:
    """Remove an instance's folder, and the mail server's, which stands where its workers may look and is linked."""
    mail = folder / "mail"
    if mail.is_symlink():
        shutil.rmtree(mail.resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def free_port_base() -> int:
    """A port base whose ports are all free at this moment."""
    bases = list(range(_FIRST_BASE, HIGHEST_PORT - _STEP, _STEP))
    random.shuffle(bases)
    for base in bases:
        if all(_is_free(base + offset) for offset in OFFSETS.values()):
            return base
    raise Trouble(f"Between {_FIRST_BASE} and {HIGHEST_PORT} no range of {_STEP} ports is free; end some programs.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _sweep() -> None:
    """Remove what test runs that were killed have left."""
    for note in RUN.glob(f"*/{_MAKER}"):
        if not Path(f"/proc/{note.read_text()}").exists():
            leftovers.end(note.parent, ENGINES)
            remove(note.parent)
