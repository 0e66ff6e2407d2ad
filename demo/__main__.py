"""``python -m demo [--once]``: plays the story of the guide and stays up until Ctrl-C, or ends with ``--once``.

Exit status: 0 when every step that was played succeeded, 1 when one failed, 2 when the stage could not be set.
"""

import argparse
import asyncio
import signal
import sys
import threading
import time
from pathlib import Path

from demo import loading
from demo.checks import missing_programs
from demo.scene import Scene
from demo.screen import heading, say
from demo.settings import DemoSettings
from demo.stage import KEPT, begin_anew, raise_stack, set_scene, timed
from demo.story import Outcome, play
from deploy.local.layout import RUN
from deploy.local.stack import Stack
from deploy.local.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Set the stage, play, stay or end."""
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("--once", action="store_true", help="end after the story instead of staying up")
    once = parser.parse_args(arguments).once
    settings = DemoSettings()
    run_dir = RUN / settings.instance
    if missing := missing_programs():
        say(f"Missing: {', '.join(missing)}. Install with: apt-get install {' '.join(missing.values())}")
        return 2
    stack = Stack(run_dir, settings.port_base)
    try:
        begin_anew(stack, run_dir)
        with stack:
            return run_story(stack, run_dir, once=once)
    except (Trouble, loading.NotImported) as trouble:
        say(str(trouble))
        return 2
    except KeyboardInterrupt:
        say("stopped")
        return 130


def run_story(stack: Stack, run_dir: Path, *, once: bool) -> int:
    """The whole evening on a stack that this call may start and stop."""
    begin = time.perf_counter()
    heading("Көрініс дайындалуда / Подготовка")
    present = raise_stack(stack)
    scene = set_scene(stack, run_dir / KEPT)
    words: list[str] = []
    timed("city: 8 districts, 40 kindergartens, 600 children", lambda: words.extend(load(scene, stack, present)))
    for line in words:
        say(f"    {line}")
    heading("Жолдама алу жөніндегі нұсқау, 13 қадам / Инструкция по получению направления, 13 шагов")
    outcome = asyncio.run(_play(scene, present))
    _sum_up(scene, outcome, time.perf_counter() - begin)
    if not once:
        _stay_up(stack, scene, present)
    return 1 if outcome.failed else 0


def load(scene: Scene, stack: Stack, present: list[str]) -> list[str]:
    """The city into the services."""
    return loading.load_city(scene.city, scene.folder / "import", stack.environment, present)


async def _play(scene: Scene, present: list[str]) -> Outcome:
    people = (scene.heroine, scene.neighbour, scene.visitor)
    try:
        for person in people:
            await person.get_keys()
        outcome = await play(scene, present)
        await scene.visitor.sit_down()
        return outcome
    finally:
        for person in people:
            await person.close()


def _sum_up(scene: Scene, outcome: Outcome, seconds: float) -> None:
    heading("Қорытынды / Итог")
    say(
        f"  played {outcome.played}, not yet possible {outcome.absent}, failed {outcome.failed}; {seconds:.0f} s in all"
    )
    if "pdf" in scene.known:
        say(f"  referral: {scene.known['pdf']}")


def _stay_up(stack: Stack, scene: Scene, present: list[str]) -> None:
    visitor = scene.visitor.person
    say(f"  walk the thirteen steps yourself: {stack.url('web')}/kk/ or /ru/")
    say(f"    enter as {visitor.given} {visitor.surname}: an invented key of hers signs, no password is asked")
    say(f"    whose key signs, and what goes wrong with it: {stack.url('ncalayer')}/")
    say("  stays up until Ctrl-C; addresses to try:")
    for name in (*present, "mailbox", "twilio", "nca", "ncalayer"):
        say(f"    {name:<9} {stack.url(name)}")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        stop.wait()
    except KeyboardInterrupt:
        say("stopping")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
