"""The order of a stream once more, in another way: slow, obvious, and sharing nothing with the way the service counts.

Written from the rule alone (R14-R17, R19): whoever stands in the queue is put in a heap of its right, the heaps are laid out by
date, and the turns are dealt one after another. What the two ways say of one stream must be the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Witness:
    """One application as the collection holds it, word for word."""

    application_id: str
    registered_at: datetime
    serial: int
    status: str
    right: str | None = None
    """E, P or G as it was claimed, if it was."""
    confirmed_on: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What the recount gives one application."""

    application_id: str
    number: int
    number_in_privilege: int


def recounted(witnesses: Iterable[Witness], p: int, g: int, today: date, *, ratio: int = 3) -> list[Found]:
    """The stream from its first to its last; `p` and `g` turns have been used, `ratio` ordinary ones follow a privileged."""
    waiting = [each for each in witnesses if each.status in ("QUEUED", "NOTIFIED")]
    waiting.sort(key=lambda each: (each.registered_at, each.serial, each.application_id))
    heaps: dict[str, list[tuple[Witness, int]]] = {"E": [], "P": [], "G": []}
    for each in waiting:
        right = each.right if each.right in ("E", "P") and _counts(each, today) else "G"
        heaps[right].append((each, 0 if right == "G" else len(heaps[right]) + 1))
    line = heaps["E"]
    privileged, ordinary = heaps["P"], heaps["G"]
    while privileged or ordinary:
        if not ordinary or (privileged and ratio * p <= g):
            line.append(privileged.pop(0))
            p += 1
        else:
            line.append(ordinary.pop(0))
            g += 1
    return [Found(each.application_id, number, within) for number, (each, within) in enumerate(line, start=1)]


def _counts(witness: Witness, today: date) -> bool:
    """Whether a right was confirmed by today and has not run out."""
    if witness.confirmed_on is None or today < witness.confirmed_on:
        return False
    return witness.valid_until is None or not today > witness.valid_until
