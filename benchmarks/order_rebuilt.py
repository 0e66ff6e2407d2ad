"""One process that builds the order anew, as a service does when it starts; says what it took as one JSON line.

`python -m benchmarks.order_rebuilt bare|whole`; the settings are the queue's own.
"""

import asyncio
import json
import resource
import sys
import time

from benchmarks.order_made import TODAY
from services.chassis.mongo import Database, open_database
from services.queue.domain.words import LIVE
from services.queue.settings import QueueSettings
from services.queue.store import ROW_FIELDS, Reading
from services.queue.usecases import standing


def main(what: str) -> None:
    """The documents are read and dropped (bare), or become the order (whole)."""
    settings = QueueSettings()
    database = open_database(settings.mongo_url.get_secret_value(), settings.mongo_database, "queue", _nobody)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    count = asyncio.run(_bare(database) if what == "bare" else _whole(database))
    after = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "count": count,
        "seconds": time.perf_counter() - begun,
        "processor_seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "megabytes": after.ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(said) + "\n")


async def _bare(database: Database) -> int:
    reading = Reading(database)
    live = {"status": {"$in": sorted(LIVE)}}
    count = 0
    async for page in reading.applications.pages(live, ROW_FIELDS):
        count += len(page)
    return count


async def _whole(database: Database) -> int:
    reading = Reading(database)
    await standing.build(reading, TODAY)
    return len(reading.standing)


def _nobody(_collection: str, _id: str) -> None:
    """Nothing is written."""


if __name__ == "__main__":
    main(sys.argv[1])
