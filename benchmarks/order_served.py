"""The queue as it serves, with one more door that does nothing but check the token.

`python -m benchmarks.order_served PORT CHILDREN FILE`: fills the engine, writes paths and headers to FILE, serves.
"""

import asyncio
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import uvicorn
from fastapi import APIRouter, Depends, Response

from benchmarks.order_made import document, rows
from services.chassis.security import Person, Tokens
from services.chassis.service import Frame, build
from services.chassis.testing import Identity
from services.queue.app import compose
from services.queue.settings import QueueSettings
from services.queue.store import Store

BATCH = 2_000
FAMILIES = 500


def main(port: int, count: int, told: Path) -> None:
    """Serves until it is ended."""
    frame = Frame("queue", QueueSettings())
    identity = Identity(frame.clock)
    frame.tokens = Tokens(identity, frame.clock)
    parts = compose(frame)
    app = build(frame, parts)
    app.include_router(_empty(frame.tokens))
    asked = asyncio.run(_fill(count))
    families = [{"id": id, "headers": identity.person(guardian)} for id, guardian in asked]
    told.write_text(json.dumps(families), encoding="utf-8")
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_config=None)


def _empty(tokens: Tokens) -> APIRouter:
    router = APIRouter()

    @router.get("/applications/{application_id}/nothing")
    async def nothing(application_id: str, person: Annotated[Person, Depends(tokens.person)]) -> Response:  # noqa: ARG001 - as the door beside it
        return Response(b"{}", media_type="application/json")

    return router


async def _fill(count: int) -> list[tuple[str, str]]:
    """Applications, and the guardians of the first families."""
    store = Store(Frame("queue", QueueSettings()).database)
    made = rows(count, streams=max(1, count // 2500))
    asked: list[tuple[str, str]] = []
    while batch := [document(row) for row in islice(made, BATCH)]:
        await store.applications.collection.insert_many(batch, ordered=False)
        for each in batch[: max(0, FAMILIES - len(asked))]:
            guardian = str(uuid4())
            await store.guardianships.put(each["child_id"], "guardianship", 1, {"guardians": [guardian]})
            asked.append((each["_id"], guardian))
    return asked


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
