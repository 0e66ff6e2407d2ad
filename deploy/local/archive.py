"""The broker's start, made twice as fast: an archive of its loaded classes, made once when Kafka is installed."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

from deploy.local import broker

_PATIENCE = 60.0


def make(home: Path) -> None:
    """Format and start a throw-away broker, letting Java write down the classes that each step loads.

    The archive is a convenience: Java ignores one that does not fit, and the broker then starts more slowly.
    """
    work = home / "making"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    first, second = _free_port(), _free_port()
    broker.write_settings(work, kafka_port=first, controller_port=second, admin="archive", controller="archive")
    log = (work / "log").open("wb")
    with log:
        for tool, arguments in (("format", broker.format_words(work, {"admin": "archive"})), ("broker", None)):
            words = broker.java_words(home, work, tool, arguments, archive_to=home / f"{tool}.jsa")
            process = subprocess.Popen(words, stdout=log, stderr=log)
            if tool == "broker":
                _wait_for(first, process)
                process.terminate()
            process.wait(_PATIENCE)
    shutil.rmtree(work)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
