"""Sets the stage: a fresh instance with engines, doubles and services, the city in it, two parents with keys."""

import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from demo.city import City, make_city
from demo.door import Addresses
from demo.parent import Parent
from demo.scene import ALMATY, Scene
from demo.screen import say
from deploy.local import install, processes
from deploy.local.stack import Stack
from deploy.local.trouble import Trouble
from doubles.clock import BusinessClock

KEPT = "demo"
"""The story's own folder in the instance; what stays of an earlier run: its referrals."""


def begin_anew(stack: Stack, run_dir: Path) -> None:
    """Remove what an earlier run of the story left, but for its referrals.

    Trouble while it is still up, and where the folder holds an instance that the story did not make.
    """
    if stack.status():
        raise Trouble(f"The story is already up in {run_dir}; stop it with Ctrl-C where it runs, then try again.")
    if run_dir.exists() and any(run_dir.iterdir()) and not (run_dir / KEPT).is_dir():
        raise Trouble(f"{run_dir} holds data that the story did not make; name another instance in ZHOLDAMA_INSTANCE.")
    run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    (run_dir / KEPT).mkdir(exist_ok=True)
    for entry in run_dir.iterdir():
        if entry.is_dir() and entry.name != KEPT:
            shutil.rmtree(entry)
        elif not entry.is_dir():
            entry.unlink()


def timed(what: str, act: Callable[[], object]) -> None:
    """Do something long and say how long it took."""
    begin = time.perf_counter()
    act()
    say(f"  {what:<46} {time.perf_counter() - begin:5.1f} s")


def raise_stack(stack: Stack) -> list[str]:
    """Engines, doubles, services; the names of the services that exist."""
    present = processes.existing_services()
    install.install(say)
    timed("engines: Kafka, PostgreSQL, FerretDB", stack.up_engines)
    timed(f"others: {', '.join(processes.existing_doubles())}", stack.up_doubles)
    timed(f"services: {', '.join(present)}", lambda: stack.up_services(present))
    timed("cabinet: web", stack.up_web)
    return present


def addresses(stack: Stack) -> Addresses:
    """Where everything listens."""
    names = ("auth", "queue", "vacancy", "referral", "notify", "ncalayer", "nca", "twilio", "mailbox")
    return Addresses(**{name: stack.url(name) for name in names})


def set_scene(stack: Stack, folder: Path) -> Scene:
    """The city as it is today and the people of the story."""
    clock = BusinessClock(stack.layout.clock_file)
    city = make_city(clock.now().astimezone(ALMATY).date())
    at = addresses(stack)

    def move(moment: datetime) -> None:
        stack.move_clock(to=moment)

    scene = Scene(
        city=city,
        heroine=_parent(at, city, "aigerim"),
        neighbour=_parent(at, city, "dauren"),
        visitor=_parent(at, city, "dinara"),
        now=clock.now,
        move=move,
        folder=folder,
    )
    scene.known["root"] = stack.layout.folder / "nca" / "anchors" / "root.pem"
    return scene


def _parent(at: Addresses, city: City, handle: str) -> Parent:
    waiting, phone, language = {
        "aigerim": (city.heroine, "+77000000001", "kk"),
        "dauren": (city.neighbour, "+77000000002", "ru"),
        "dinara": (city.visitor, "+77000000003", "kk"),
    }[handle]
    return Parent(at, handle, waiting.guardians[0], f"{handle}@families.example", phone, language)
