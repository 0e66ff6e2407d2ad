"""Fill `.engines/`: run the recipes of what is missing, broken or outdated, side by side and with visible progress."""

import fcntl
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from deploy.local import broker
from deploy.local.inventory import ALL, KAFKA, Condition, Engine
from deploy.local.trouble import Trouble

Say = Callable[[str], None]
"""Where progress goes, one line at a time."""

_NEEDED_COMMANDS = {
    "kafka": {"mvn": "maven"},
    "postgres": {"apt-get": "apt", "dpkg-deb": "dpkg", "setpriv": "util-linux"},
}


def install(say: Say, engines: Sequence[Engine] = ALL) -> None:
    """Bring every engine to READY. A second call looks and returns; two calls at once wait for each other.

    Raises Trouble when a recipe fails; what was whole before stays whole.
    """
    with _alone(engines[0].base, say):
        wanted = [(engine, engine.condition()) for engine in engines]
        wanted = [(engine, condition) for engine, condition in wanted if condition is not Condition.READY]
        if not wanted:
            return
        _check_commands([engine for engine, _ in wanted])
        begun = time.monotonic()
        for engine, condition in wanted:
            say(f"{engine.name}: {condition}, installing it")
        with ThreadPoolExecutor(len(wanted)) as pool:
            works = [pool.submit(_make, engine, _timed(say, engine, begun)) for engine, _ in wanted]
        failures = [str(work.exception()) for work in works if work.exception()]
        if failures:
            raise Trouble(" ".join(failures))


def require_ready(engines: Sequence[Engine] = ALL) -> None:
    """Raise Trouble unless every engine is whole and of the version this project uses."""
    for engine in engines:
        condition = engine.condition()
        if condition is not Condition.READY:
            raise Trouble(f"The engine {engine.name} in {engine.base} is {condition}; run `make setup` to install it.")


def _make(engine: Engine, say: Say) -> None:
    with _work_folder(engine) as work:
        made = work / "made"
        made.mkdir()
        (work / "work").mkdir()
        _follow(engine, made, work / "work", say)
        shutil.rmtree(engine.home, ignore_errors=True)
        made.rename(engine.home)
    if engine.finish:
        say("trying it out")
        engine.finish(engine.home)
    engine.stamp()
    say(f"version {engine.version()} is ready")


def _follow(engine: Engine, made: Path, work: Path, say: Say) -> None:
    log = engine.base / f"{engine.name}.log"
    command = ["bash", str(engine.recipe), str(made), str(work)]
    with (
        log.open("w") as kept,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=kept, stdin=subprocess.DEVNULL, text=True) as process,
    ):
        try:
            for line in process.stdout or ():
                say(line.rstrip())
                kept.write(line)
        except BaseException:
            process.terminate()
            raise
        code = process.wait()
    if code != 0:
        last = (log.read_text().strip().splitlines() or ["no message"])[-1]
        raise Trouble(f"Installing {engine.name} failed ({last}); the whole log is {log}; run it again to retry.")


@contextmanager
def _work_folder(engine: Engine) -> Iterator[Path]:
    """A folder beside the engines: on the same disk, and never in the machine's own temporary folder."""
    for stale in engine.base.glob(f".making-{engine.name}-*"):
        _remove(stale)
    work = Path(tempfile.mkdtemp(prefix=f".making-{engine.name}-", dir=engine.base))
    try:
        yield work
    finally:
        _remove(work)


def _remove(folder: Path) -> None:
    """Remove a tree that may hold folders without write permission, as Go's module copies do."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone(base: Path, say: Say) -> Iterator[None]:
    base.mkdir(exist_ok=True)
    with (base / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another installation of the engines to end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _check_commands(engines: Sequence[Engine]) -> None:
    missing = {
        package
        for engine in engines
        for command, package in _NEEDED_COMMANDS.get(engine.name, {}).items()
        if shutil.which(command) is None
    }
    if missing:
        raise Trouble(
            f"To install the engines this machine needs the Debian packages {', '.join(sorted(missing))}; "
            "run `make setup` as root, which installs them."
        )
    if KAFKA in engines:
        broker.check_java()


def _timed(say: Say, engine: Engine, begun: float) -> Say:
    return lambda line: say(f"[{time.monotonic() - begun:4.0f} s] {engine.name}: {line}")
