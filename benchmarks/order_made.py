"""An invented city that waits: applications of 400 streams as rows, as documents, and on the engine."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.queue.domain.order import Turns
from services.queue.domain.rights import Privilege
from services.queue.domain.standing import Row, Standing
from services.queue.domain.words import ApplicationId, PrivilegeClass, PrivilegeKind, StreamId

STREAMS = 400
TODAY = date(2026, 12, 1)
BEGINNING = datetime(2023, 1, 2, tzinfo=UTC)
SHARES = ((0.03, PrivilegeClass.EXTRAORDINARY), (0.25, PrivilegeClass.PRIORITY))
"""Below the first share an extraordinary right, below the second a priority, else none."""


def rows(count: int, *, streams: int = STREAMS, seed: int = 1) -> Iterator[Row]:
    """So many applications, in the order of registration."""
    dice = random.Random(seed)
    rights = {
        each: Privilege(PrivilegeKind[each.name], each, confirmed_on=date(2024, 1, 1), valid_until=date(2027, 1, 1))
        for _, each in SHARES
    }
    for serial in range(count):
        drawn = dice.random()
        right = next((each for share, each in SHARES if drawn < share), None)
        yield Row(
            ApplicationId(str(UUID(int=dice.getrandbits(128), version=4))),
            StreamId(f"almaty:correctional:MOTOR:{dice.randrange(streams):04}"),
            BEGINNING + timedelta(milliseconds=serial * 97),
            serial,
            True,
            rights[right] if right else None,
            1,
        )


def standing_of(made: list[Row]) -> Standing:
    """The order of these rows; a few turns have been used in every stream."""
    standing = Standing(TODAY)
    standing.gather(made)
    standing.settle()
    for stream_id in standing.streams():
        standing.hear_turns(stream_id, Turns(5, 13), 1)
    standing.finish()
    return standing


def document(row: Row) -> dict[str, Any]:
    """A row as the collection holds an application: with what the order does not need."""
    child = str(UUID(int=row.serial + 1, version=4))
    made: dict[str, Any] = {
        "_id": row.application_id,
        "version": 1,
        "sequence": 1,
        "application_id": row.application_id,
        "child_id": child,
        "stream_id": row.stream_id,
        "queue_type": "CORRECTIONAL",
        "category": "MOTOR",
        "group_year": 2021,
        "application_number": f"KDDO.2023.{row.serial}.1",
        "registered_at": row.registered_at,
        "serial": row.serial,
        "status": "QUEUED",
        "status_since": row.registered_at,
        "invitable": True,
        "standing": f"{child}:CORRECTIONAL",
        "invitations": [],
        "holds": [],
        "history": [
            {"at": row.registered_at, "what": "REGISTERED", "status": "QUEUED", "by": "GUARDIAN"},
        ],
    }
    if row.privilege is not None:
        made["privilege"] = {
            "kind": row.privilege.kind.value,
            "rank": row.privilege.rank.value,
            "confirmed_on": "2024-01-01",
            "valid_until": "2027-01-01",
        }
    return made
