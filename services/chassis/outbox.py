"""Facts wait inside the aggregate that says them, written by the same update, until the relay has published them in order.

Fields at the top of a document: `sequence` (facts said so far), `outbox` (those not yet confirmed), `outbox_count`,
`outbox_lease` (real time until which a relay owns it) and `outbox_token` (grows with every lease).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from contracts.envelope import Fact
from services.chassis.clock import real_now
from services.chassis.telemetry import current_traceparent

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Entry = dict[str, Any]


def first(service: str, collection: str, id: str, facts: Sequence[Fact], at: datetime) -> Entry:
    """The outbox fields of a new aggregate."""
    return {
        "sequence": len(facts),
        "outbox": entries(service, collection, id, 0, facts, at),
        "outbox_count": len(facts),
        "outbox_lease": EPOCH,
        "outbox_token": 0,
    }


def entries(service: str, collection: str, id: str, after: int, facts: Sequence[Fact], at: datetime) -> list[Entry]:
    """Facts as they wait; ids follow from the aggregate and the sequence, so that a repeat is recognised everywhere."""
    return [
        _entry(service, fact, at, sequence=after + n, name=f"{service}/{collection}/{id}/{after + n}")
        for n, fact in enumerate(facts, start=1)
    ]


def restated(service: str, collection: str, id: str, sequence: int, fact: Fact, at: datetime) -> Entry:
    """The full state said again under the sequence it had."""
    return _entry(service, fact, at, sequence=sequence, name=f"{service}/{collection}/{id}/{sequence}/{fact.type}")


def _entry(service: str, fact: Fact, at: datetime, *, sequence: int, name: str) -> Entry:
    return {
        "id": str(uuid5(NAMESPACE_URL, name)),
        "sequence": sequence,
        "type": fact.type,
        "topic": fact.topic,
        "key": fact.key(),
        "subject": fact.subject(),
        "source": f"/zholdama/{service}",
        "time": at,
        "since": real_now(),
        "traceparent": current_traceparent(),
        "data": fact.model_dump_json(),
    }
