"""A day of the ledger: the head of the tree over all rows logged since the last one, chained to it.

What is published of a day are its head, its size and the digest of the list of files published with it; rows are shown
to their own family only, each with a random salt, so that a digest tells nothing to whoever does not have the row.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from services.queue.domain.ledger import merkle
from services.queue.domain.ledger.decisions import Decision

BEGINNING = "0" * 64
"""What the first day is chained to."""
CHUNK = 4096
"""Leaves are kept by so many: a power of two, so that a chunk is a subtree of its own and its head stands for it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A closed day; all digests are SHA-256 in lower-case hexadecimal."""

    day: str
    size: int
    root: str
    manifest: str
    """Digest of the list of the files published with it, in the form of `sha256sum`."""
    previous: str
    """`chain` of the closed day before it."""
    chain: str


@dataclass(frozen=True, slots=True)
class Proof:
    """That a row is in a closed day: where it stands in the tree of how many, and its audit path."""

    day: str
    index: int
    size: int
    path: tuple[str, ...]


def canonical(fields: Mapping[str, Any]) -> bytes:
    """One form of a mapping: keys sorted, no blanks, UTF-8; what is None is left out."""
    told = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def row_fields(row: Decision) -> dict[str, Any]:
    """A row as its family is given it and as it is hashed."""
    place, turns = row.place, row.turns
    return {
        "stream_id": row.stream_id,
        "sequence": row.sequence,
        "at": _moment(row.at),
        "did": row.did.value,
        "rules": row.rules,
        "salt": row.salt,
        "application_id": row.application_id,
        "status": row.status.value if row.status else None,
        "privilege_class": place.privilege.value if place else None,
        "registered_at": _moment(place.registered_at) if place else None,
        "serial": place.serial if place else None,
        "turns_priority": turns.priority if turns else None,
        "turns_general": turns.general if turns else None,
        "general_per_priority": turns.per_priority if turns else None,
    }


def leaf_of(row: Decision) -> bytes:
    """Digest of a row as a leaf of its day's tree."""
    return merkle.leaf(canonical(row_fields(row)))


def closed(day: str, size: int, root: bytes, manifest: bytes, previous: str) -> Day:
    """The head of a day, chained to the one before."""
    head = Day(day, size, root.hex(), sha256(manifest).hexdigest(), previous, chain="")
    return replace(head, chain=_chain(head))


def unbroken(days: Sequence[Day]) -> bool:
    """Whether each day is chained to the one before and says of itself what its digest says; the first may be any."""
    for before, day in zip([None, *days], days, strict=False):
        if _chain(day) != day.chain:
            return False
        if before is not None and (day.previous != before.chain or day.day <= before.day):
            return False
    return True


def path_of(index: int, chunk: Sequence[bytes], heads: Sequence[bytes]) -> tuple[str, ...]:
    """The audit path of the leaf `index` of a day: inside its chunk, then over the heads of all chunks."""
    inside = merkle.path(index % CHUNK, chunk)
    return tuple(each.hex() for each in [*inside, *merkle.path(index // CHUNK, heads)])


def proves(day: Day, row: Mapping[str, Any], proof: Proof) -> bool:
    """Whether a row as its family was given it is in the day."""
    try:
        way = [bytes.fromhex(each) for each in proof.path]
    except ValueError:
        return False
    head = merkle.root_by(merkle.leaf(canonical(row)), proof.index, proof.size, way)
    return (proof.day, proof.size) == (day.day, day.size) and head is not None and head.hex() == day.root


def _chain(day: Day) -> str:
    fields = {name: getattr(day, name) for name in ("day", "size", "root", "manifest", "previous")}
    return sha256(canonical(fields)).hexdigest()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
