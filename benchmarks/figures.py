"""Figures as every benchmark prints them."""

import statistics
from collections.abc import Sequence


def heading(text: str) -> None:
    """What is measured."""
    print(f"\n{text}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def row(name: str, seconds: Sequence[float]) -> None:
    """Milliseconds: median, 95th and 99th percentile, and how many."""
    p50, p95, p99 = (1000 * percentile(seconds, share) for share in (0.5, 0.95, 0.99))
    print(f"  {name:<34} p50 {p50:8.1f} ms   p95 {p95:8.1f}   p99 {p99:8.1f}   n {len(seconds)}")


def ratio(name: str, ours: Sequence[float], yardstick: Sequence[float], promise: str = "") -> float:
    """Ours to the yardstick at the median."""
    value = statistics.median(ours) / statistics.median(yardstick)
    print(f"  {name:<34} {value:8.1f} x the yardstick{f'   (promised: {promise})' if promise else ''}")
    return value
