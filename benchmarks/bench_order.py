"""Order in process: where an application stands, 1,000,000 in 400 streams; yardstick: SortedList.index of as many.

Beside it a bare look into a dictionary of as many: what does not fit the processor's memory any more costs everybody more.
Growth from 10,000 to 1,000,000 is drawn into benchmarks/plots/order-growth.svg.
"""

import gc
import math
import random
import time
from pathlib import Path

from sortedcontainers import SortedList

from benchmarks.figures import ratio
from benchmarks.order_made import TODAY, rows, standing_of
from services.queue.domain.standing import Standing
from services.queue.domain.words import ApplicationId

COUNTS = (10_000, 31_623, 100_000, 316_228, 1_000_000)
ASKED = 100_000
ROUNDS = 5
PROMISED = 300_000
PLOT = Path(__file__).parent / "plots" / "order-growth.svg"


def main() -> None:
    """Each city is asked and the yardstick beside it, in turn; time is that of this process alone."""
    costs: list[tuple[int, float, float]] = []
    bare: list[float] = []
    for count in COUNTS:
        made = list(rows(count))
        standing = standing_of(made)
        asked = [each.application_id for each in random.Random(2).choices(made, k=ASKED)]
        keys = random.Random(3).sample(range(1 << 40), count)
        beside, wanted = SortedList(keys), random.Random(4).choices(keys, k=ASKED)
        gc.freeze()
        ours: list[float] = []
        yardstick: list[float] = []
        for _ in range(ROUNDS):
            ours.append(_positions(standing, asked) / ASKED)
            yardstick.append(_indexes(beside, wanted) / ASKED)
        gc.unfreeze()
        bare.append(
            min(_looks(dict.fromkeys(each.application_id for each in made), asked) for _ in range(ROUNDS)) / ASKED
        )
        best, other = min(ours), min(yardstick)
        costs.append((count, best, other))
        print(f"  {count:>9,} applications: {1 / best:10,.0f} positions/s   SortedList.index {1 / other:10,.0f}/s")
        del standing, made, beside, keys
    ratio("position", ours, yardstick, f"{PROMISED:,}/s a core")
    _growth(costs)
    print(f"  a bare look into a dictionary of as many: x {bare[-1] / bare[0]:.2f}")


def _positions(standing: Standing, asked: list[ApplicationId]) -> float:
    begun = time.process_time()
    for application_id in asked:
        standing.position(application_id, TODAY)
    return time.process_time() - begun


def _looks(known: dict[ApplicationId, None], asked: list[ApplicationId]) -> float:
    begun = time.process_time()
    for application_id in asked:
        known.get(application_id)
    return time.process_time() - begun


def _indexes(beside: SortedList, wanted: list[int]) -> float:
    begun = time.process_time()
    for key in wanted:
        beside.index(key)
    return time.process_time() - begun


def _growth(costs: list[tuple[int, float, float]]) -> None:
    (least, cheap, _), (most, dear, _) = costs[0], costs[-1]
    by_log = math.log(most) / math.log(least)
    print(f"  from {least:,} to {most:,}: cost x {dear / cheap:.2f}   (log n: x {by_log:.2f}; n: x {most / least:.0f})")
    PLOT.parent.mkdir(exist_ok=True)
    PLOT.write_text(_plot(costs), encoding="utf-8")
    print(f"  drawn: {PLOT.relative_to(Path(__file__).parents[1])}")


def _plot(costs: list[tuple[int, float, float]]) -> str:
    """Microseconds a question over the number of applications, by tenfold; log n drawn through the first point."""
    top = 1.15 * max(max(ours, other) for _, ours, other in costs) * 1e6
    logs = [math.log10(count) for count, _, _ in costs]

    def at(count: int, microseconds: float) -> str:
        x = 60 + 420 * (math.log10(count) - logs[0]) / (logs[-1] - logs[0])
        return f"{x:.1f},{260 - 220 * microseconds / top:.1f}"

    first = costs[0][1] * 1e6
    lines = {
        "#0b6": ("position", [at(count, ours * 1e6) for count, ours, _ in costs]),
        "#999": ("SortedList.index", [at(count, other * 1e6) for count, _, other in costs]),
        "#c60": ("log n", [at(count, first * math.log(count) / math.log(costs[0][0])) for count, _, _ in costs]),
    }
    drawn = "".join(
        f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{" ".join(points)}"/>'
        f'<text x="{70 + 150 * number}" y="20" fill="{colour}">{name}</text>'
        for number, (colour, (name, points)) in enumerate(lines.items())
    )
    marks = "".join(
        f'<text x="{at(count, 0).split(",")[0]}" y="280" text-anchor="middle">{count:,}</text>' for count, _, _ in costs
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 540 300" font-family="sans-serif" font-size="12">'
        '<path d="M60 40V260H480" fill="none" stroke="#333"/>'
        f'<text x="6" y="44">{top:.1f} µs</text><text x="40" y="264">0</text>{marks}{drawn}</svg>\n'
    )
