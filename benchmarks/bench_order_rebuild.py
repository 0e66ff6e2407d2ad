"""Order rebuilt from the collections when a process starts; yardstick: a bare cursor over the same documents and fields.

ORDER_APPLICATIONS says how many applications wait (1,000,000); they are put on an engine of this run first.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from itertools import islice
from typing import Any

from benchmarks.figures import ratio
from benchmarks.order_made import document, rows
from deploy.local.layout import ROOT
from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from services.chassis.mongo import open_database
from services.queue.domain.application import Application

COUNT = int(os.environ.get("ORDER_APPLICATIONS", "1000000"))
BATCH = 5_000
ROUNDS = 3


def main() -> None:
    """Processes that only read and processes that build, in turn."""
    with temporary_stack("bench") as stack:
        stack.up_engines()
        begun = time.perf_counter()
        asyncio.run(_fill(stack))
        print(f"  {COUNT:,} documents put on the engine in {time.perf_counter() - begun:.0f} s")
        bare, whole = [], []
        for _ in range(ROUNDS):
            bare.append(_run(stack, "bare"))
            whole.append(_run(stack, "whole"))
    if {each["count"] for each in bare + whole} != {COUNT}:
        raise RuntimeError("not all applications were read")
    for name, runs in (("bare cursor", bare), ("order rebuilt", whole)):
        best = min(runs, key=lambda each: each["seconds"])
        print(f"  {name:<34} {best['seconds']:8.1f} s   of the processor {best['processor_seconds']:.1f} s")
    ratio("rebuild", [each["seconds"] for each in whole], [each["seconds"] for each in bare], "at most 3 x")
    print(f"  {'memory of the whole process':<34} {max(each['megabytes'] for each in whole):8.0f} MB   (promised: 700)")


async def _fill(stack: Stack) -> None:
    environment = stack.environment("queue")
    url, name = environment["ZHOLDAMA_MONGO_URL"], environment["ZHOLDAMA_MONGO_DATABASE"]
    database = open_database(url, name, "queue", lambda _collection, _id: None)
    collection = database.aggregates("applications", Application).collection
    made = rows(COUNT)
    while batch := [document(row) for row in islice(made, BATCH)]:
        await collection.insert_many(batch, ordered=False)
    database.close()


def _run(stack: Stack, what: str) -> dict[str, Any]:
    words = [sys.executable, "-m", "benchmarks.order_rebuilt", what]
    environment = os.environ | dict(stack.environment("queue"))
    done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said
