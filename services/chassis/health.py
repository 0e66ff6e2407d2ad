"""What an SRE and an orchestrator ask: is the process alive, can it serve, what do the figures say.

Liveness looks only inside (a dead consumer, ear, relay or scheduler is seen; a dead engine is not a reason to restart); readiness
also asks the engines and whether the consumers have their partitions. Both answer JSON, one entry a check.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.chassis.telemetry import Metrics

Check = Callable[[], Awaitable[bool]]

CHECK_SECONDS = 1.5
REMEMBER_SECONDS = 0.5


class Health:
    """The checks of one service process."""

    def __init__(self) -> None:
        self._live: dict[str, Check] = {}
        self._ready: dict[str, Check] = {}
        self._remembered: dict[str, tuple[float, bool, dict[str, object]]] = {}

    def live(self, name: str, check: Check) -> None:
        """A check of liveness; it is part of readiness too."""
        self._live[name] = check

    def ready(self, name: str, check: Check) -> None:
        """A check of readiness."""
        self._ready[name] = check

    async def liveness(self) -> tuple[bool, dict[str, object]]:
        """Whether the process works inside."""
        return await self._ask("live", self._live)

    async def readiness(self) -> tuple[bool, dict[str, object]]:
        """Whether the process can serve now."""
        return await self._ask("ready", self._live | self._ready)

    async def _ask(self, kind: str, checks: dict[str, Check]) -> tuple[bool, dict[str, object]]:
        known = self._remembered.get(kind)
        if known is not None and time.monotonic() - known[0] < REMEMBER_SECONDS:
            return known[1], known[2]
        answers = dict(await asyncio.gather(*(_answer(name, check) for name, check in checks.items())))
        good = all(answer["ok"] for answer in answers.values())
        body: dict[str, object] = {"status": "ok" if good else "failing", "checks": answers}
        self._remembered[kind] = (time.monotonic(), good, body)
        return good, body


async def _answer(name: str, check: Check) -> tuple[str, dict[str, object]]:
    begun = time.monotonic()
    error: str | None = None
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            good = await check()
    except Exception as broken:  # noqa: BLE001 - a check that breaks is a check that fails; its kind is told
        good, error = False, type(broken).__name__
    answer: dict[str, object] = {"ok": good, "ms": round((time.monotonic() - begun) * 1000, 1)}
    return name, answer | ({"error": error} if error else {})


def doors(health: Health, metrics: Metrics, refresh: Callable[[], Awaitable[None]]) -> APIRouter:
    """`/livez`, `/readyz`, `/metrics`."""
    router = APIRouter(tags=["operation"])

    @router.get("/livez")
    async def livez() -> Response:
        good, body = await health.liveness()
        return JSONResponse(body, 200 if good else 503)

    @router.get("/readyz")
    async def readyz() -> Response:
        good, body = await health.readiness()
        return JSONResponse(body, 200 if good else 503)

    @router.get("/metrics")
    async def figures() -> Response:
        await refresh()
        return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
