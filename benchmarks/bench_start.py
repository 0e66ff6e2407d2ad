"""Start: `make demo ONCE=1` with nothing running, engines installed; yardstick: the engines alone, up and down."""

import os
import subprocess
import time

from benchmarks.figures import ratio, row
from deploy.local.layout import ROOT
from deploy.local.temporary import free_port_base, temporary_stack

ROUNDS = 2


def main() -> None:
    """Whole demos and bare engines in turn; a cold start (nothing installed) is printed by the demo itself."""
    demos: list[float] = []
    engines: list[float] = []
    for _ in range(ROUNDS):
        engines.append(_engines())
        demos.append(_demo())
    row("engines up and down", engines)
    row("make demo ONCE=1, warm", demos)
    ratio("start", demos, engines, "at most 60 s")


def _engines() -> float:
    begun = time.perf_counter()
    with temporary_stack("bench") as stack:
        stack.up_engines()
    return time.perf_counter() - begun


def _demo() -> float:
    told = {"ONCE": "1", "ZHOLDAMA_INSTANCE": "bench-demo", "ZHOLDAMA_PORT_BASE": str(free_port_base())}
    begun = time.perf_counter()
    subprocess.run(["make", "demo"], cwd=ROOT, env=os.environ | told, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun
