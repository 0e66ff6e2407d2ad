"""Who looked at a child's record: entries in a chain, each holding the digest of the one before.

Taking an entry out or changing it breaks every digest after it. There is one chain for each service that reports reads.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from services.auth.domain.ids import ChildId, PersonId, ReadId

BEGINNING = "0" * 64
"""What the first entry of a chain names as the digest before it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One answer that told something about these children: to whom, and why it was asked."""

    read_id: ReadId
    service: str
    child_ids: tuple[ChildId, ...]
    reader_id: PersonId
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A read in its chain; `number` counts from 1."""

    read_id: ReadId
    service: str
    child_ids: tuple[ChildId, ...]
    reader_id: PersonId
    why: str
    at: datetime
    number: int
    previous: str
    digest: str


def chained(read: Read, before: Entry | None) -> Entry:
    """The entry that follows `before` (None at the beginning of the chain)."""
    number = 1 if before is None else before.number + 1
    previous = BEGINNING if before is None else before.digest
    return Entry(
        read_id=read.read_id,
        service=read.service,
        child_ids=read.child_ids,
        reader_id=read.reader_id,
        why=read.why,
        at=read.at,
        number=number,
        previous=previous,
        digest=_digest(read, number, previous),
    )


def follows(entry: Entry, before: Entry | None) -> bool:
    """Whether the entry is as it was written and stands right after `before` (None: at the beginning of its chain)."""
    read = Read(entry.read_id, entry.service, entry.child_ids, entry.reader_id, entry.why, entry.at)
    return entry == chained(read, before)


def _digest(read: Read, number: int, previous: str) -> str:
    told = [
        previous,
        number,
        read.read_id,
        read.service,
        list(read.child_ids),
        read.reader_id,
        read.why,
        read.at.isoformat(timespec="milliseconds"),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()
