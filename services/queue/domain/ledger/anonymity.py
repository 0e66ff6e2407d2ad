"""What of a stream may be shown to everybody (R47): cells of fewer than `k` children are made coarser until nobody stands
out.

A cell is everything that is published of a row but its running number. Category is health data and belongs to the
stream, so a stream of fewer than `k` children is not published at all. A child may have several rows and counts once.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256

HIDDEN = "*"
Cell = tuple[str, ...]
Level = Callable[[Cell], Cell]
"""A coarser look at a cell; a list of them goes from the finest to one where all cells are alike."""

QUEUE_COLUMNS = ("number", "privilege_class", "status", "registered")
PROTOCOL_COLUMNS = ("number", "issued", "mode", "organisation_id")

QUEUE_LEVELS: tuple[Level, ...] = (
    lambda c: (c[0], c[1], c[2][:7]),
    lambda c: (c[0], c[1], c[2][:4]),
    lambda c: (c[0], c[1], HIDDEN),
    lambda c: (HIDDEN, c[1], c[2][:4]),
    lambda c: (HIDDEN, HIDDEN, c[2][:4]),
    lambda _: (HIDDEN, HIDDEN, HIDDEN),
)
"""Of (class, status, day of registration): the month, the year; then without the class, which may tell of an illness or
a service of the parents; then without the status."""

PROTOCOL_LEVELS: tuple[Level, ...] = (
    lambda c: (c[0], c[1], c[2]),
    lambda c: (c[0][:7], c[1], c[2]),
    lambda c: (c[0][:4], c[1], c[2]),
    lambda c: (c[0][:7], c[1], HIDDEN),
    lambda c: (c[0][:4], c[1], HIDDEN),
    lambda c: (c[0][:4], HIDDEN, HIDDEN),
    lambda _: (HIDDEN, HIDDEN, HIDDEN),
)
"""Of (day of issue, mode, organisation)."""


def anonymised(
    cells: Sequence[Cell], levels: Sequence[Level], k: int, children: Sequence[str] | None = None
) -> list[Cell]:
    """The cells in their order, each as fine as `k` children alike allow; nothing when there are fewer than `k`.

    `children` says whose each row is; without it each is of another child.
    """
    whose = [str(index) for index in range(len(cells))] if children is None else children
    if len(set(whose)) < k:
        return []
    shown: list[Cell] = [levels[-1](cell) for cell in cells]
    open_ = list(range(len(cells)))
    settled: list[list[int]] = []
    for level in levels:
        alike: dict[Cell, list[int]] = defaultdict(list)
        for index in open_:
            alike[level(cells[index])].append(index)
        open_ = []
        for cell, members in alike.items():
            if len({whose[index] for index in members}) < k:
                open_ += members
                continue
            settled.append(members)
            for index in members:
                shown[index] = cell
        open_.sort()
    left = {whose[index] for index in open_}
    for members in sorted(settled, key=len):
        # a few that are left over would stand out as the only hidden ones: the smallest cells are hidden with them
        if not 0 < len(left) < k:
            break
        left |= {whose[index] for index in members}
        for index in members:
            shown[index] = levels[-1](cells[index])
    return shown


def table(columns: Sequence[str], cells: Sequence[Cell]) -> str:
    """A published file: comma-separated, one row for each cell after its running number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([(number, *cell) for number, cell in enumerate(cells, start=1)])
    return text.getvalue()


def day_of(day: date) -> str:
    """A day as it stands in a cell, so that its first characters are its year and its month."""
    return day.isoformat()


def manifest(files: Sequence[tuple[str, str]]) -> bytes:
    """The list of published files with their digests, as `sha256sum` writes and checks it."""
    lines = [f"{sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(files)]
    return "".join(lines).encode()
