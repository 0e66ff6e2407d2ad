"""Facts that came before their cause wait here, off the partition, until the handler of the cause calls for them."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog

from services.chassis.clock import real_now
from services.chassis.records import Records

if TYPE_CHECKING:
    from services.chassis.kafka import Heard

log = structlog.get_logger("parking")

AT_ONCE = 100


class Parking:
    """The waiting messages of one service."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._dispatch: Callable[[Any], Awaitable[bool]] = _not_bound
        self._rebuild: Callable[..., Any] = dict

    def bind(self, dispatch: Callable[[Any], Awaitable[bool]], rebuild: Callable[..., Any]) -> None:
        """How a message is handled again."""
        self._dispatch = dispatch
        self._rebuild = rebuild

    async def put(self, id: str, waits_for: str, heard: "Heard") -> None:
        """Keeps a message; a repeat of it changes nothing."""
        await self._records.add(
            id,
            {
                "waits_for": waits_for,
                "since": real_now(),
                "topic": heard.topic,
                "partition": heard.partition,
                "offset": heard.offset,
                "key": heard.key,
                "headers": dict(heard.headers),
                "value": heard.value,
            },
        )
        log.info("parking.parked", waits_for=waits_for, topic=heard.topic)

    async def forget(self, id: str) -> None:
        """The message has been handled after all."""
        await self._records.remove(id)

    async def release(self, waits_for: str) -> int:
        """The cause was heard: handles what waited for it, oldest first; returns how many."""
        waiting = await self._records.find({"waits_for": waits_for}, limit=AT_ONCE, sort=[("since", 1)])
        for record in waiting:
            fields = ("topic", "partition", "offset", "key", "headers", "value")
            await self._dispatch(self._rebuild(**{name: record[name] for name in fields}))
            await self._records.remove(record["_id"])
        return len(waiting)

    async def waiting(self) -> tuple[int, float]:
        """How many wait (counted to 1,000) and for how many seconds the oldest has."""
        records = await self._records.find({}, limit=1000)
        oldest = min((record["since"] for record in records), default=real_now())
        return len(records), (real_now() - oldest).total_seconds()


async def _not_bound(_: Any) -> bool:
    raise RuntimeError("nothing is heard yet")
