"""What the watcher of the story sees: a line in Kazakh with the time it took, a line in Russian, details beneath."""

import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

WIDTH = 118
INDENT = "         "


@dataclass(frozen=True, slots=True)
class Seen:
    """What a step showed: in Kazakh, in Russian, and details as they were on the parent's screen."""

    kk: str
    ru: str
    details: Sequence[str] = field(default=())


def say(line: str = "") -> None:
    """One line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def heading(line: str) -> None:
    """The title of a chapter."""
    say()
    say(f"=== {line} " + "=" * max(0, WIDTH - len(line) - 5))


def show_step(label: str, seen: Seen, seconds: float) -> None:
    """A step that was played."""
    took = f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.1f} s"
    say(f"{label:>6}   {_padded(seen.kk)} {took:>9}")
    for line in textwrap.wrap(seen.ru, WIDTH - len(INDENT)):
        say(INDENT + line)
    for detail in seen.details:
        for line in textwrap.wrap(detail, WIDTH - len(INDENT) - 4, subsequent_indent="   ") or [""]:
            say(f"{INDENT}  | {line}")


def show_absent(label: str, title: str, missing: Sequence[str]) -> None:
    """A step that cannot be played yet, and which services it waits for."""
    say(f"{label:>6}   {title}")
    say(f"{INDENT}not yet: it needs {', '.join(missing)}")


def show_failure(label: str, title: str, why: str) -> None:
    """A step that went wrong."""
    say(f"{label:>6}   {title}")
    for line in why.splitlines():
        say(f"{INDENT}FAILED: {line}")


def framed(title: str, text: str) -> list[str]:
    """A letter or a message as it arrived, inside a frame."""
    width = WIDTH - len(INDENT) - 8
    lines = [wrapped for line in unescape(text).strip().splitlines() for wrapped in textwrap.wrap(line, width) or [""]]
    return [f"+-- {title} ".ljust(width + 2, "-"), *(f"| {line}" for line in lines), "+".ljust(width + 2, "-")]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their content."""
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return [line.rstrip() for line in [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]]


def _padded(line: str) -> str:
    """Long lines are not cut: the time then stands after them."""
    return line.ljust(WIDTH - len(INDENT) - 10)
