"""Revocation lists kept loaded beside the running service, each refreshed by its own dates; an alarm when one is stale."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry, Gauge

from services.auth.domain.revocation import Unreachable
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.crl import LoadedLists, RevocationList, SignedBy, loaded, signed_by_rsa
from services.auth.signature.trust import Trusted

log = structlog.get_logger("auth")

AGAIN_SECONDS = 60.0
"""A list that was not to be had, or a delta while the responder is away, is asked for once a minute, not for every person."""

_LOOK_SECONDS = 15.0
_SHARE = 10
"""Authorities publish the next list before the present one ends: it is due when a tenth of its life is left."""


class ListRoad(Protocol):
    """The configured places; every failure is Unreachable."""

    @property
    def has_delta(self) -> bool:
        """True where there is a delta list."""

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request."""

    async def full_list(self) -> bytearray:
        """The full list."""

    async def delta_list(self) -> bytearray:
        """The delta to it."""


class ListFigures:
    """What an operator watches: seconds until a list ends (negative: stale; -Inf: none), and how many entries it has."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._remaining = Gauge(
            "revocation_list_remaining_seconds", "time until a revocation list ends", ["list"], registry=registry
        )
        self._entries = Gauge(
            "revocation_list_entries", "certificates in a revocation list", ["list"], registry=registry
        )

    def show(self, kept: "KeptList", now: Callable[[], datetime]) -> None:
        """Reads the figures of this list whenever they are asked for, whether or not anything refreshes it."""
        self._remaining.labels(kept.name).set_function(lambda: kept.remaining_seconds(now()))
        self._entries.labels(kept.name).set_function(lambda: len(kept.present.listed) if kept.present else 0)


class KeptList:
    """One list: the newest one that has been verified."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[], Awaitable[bytearray]],
        trust: Trusted,
        signed_by: SignedBy,
        *,
        is_delta: bool,
    ) -> None:
        self.name = name
        self.present: RevocationList | None = None
        self._fetch = fetch
        self._trust = trust
        self._signed_by = signed_by
        self._is_delta = is_delta
        self._tried: float | None = None
        self._fruitless = False
        self._alarmed = False

    def remaining_seconds(self, now: datetime) -> float:
        """Until nextUpdate; minus infinity while there is no list."""
        return (self.present.next_update - now).total_seconds() if self.present else float("-inf")

    def is_wanted(self, now: datetime, *, asked: bool) -> bool:
        """True when it should be fetched: its own dates say so, or (a delta) somebody depends on it just now."""
        waited = self._tried is None or time.monotonic() - self._tried > AGAIN_SECONDS
        if self._is_due(now):
            return waited or not self._fruitless
        return asked and self._is_delta and waited

    def _is_due(self, now: datetime) -> bool:
        if self.present is None or not self.present.has_begun(now):
            return True
        life = self.present.next_update - self.present.this_update
        return now >= self.present.next_update - life / _SHARE

    async def renew(self, now: datetime) -> None:
        """Fetches and loads it in another thread; a list that is not to be had or not to be believed changes nothing."""
        self._tried, self._fruitless = time.monotonic(), True
        try:
            octets, issuers = await self._fetch(), self._trust.current.issuers
            self._accept(await asyncio.to_thread(loaded, octets, issuers, self._signed_by), now)
        except Unreachable:
            log.warning("auth.revocation_list.unreachable", list=self.name)
        except Rejected as rejected:
            self._refuse(rejected.finding)

    def _refuse(self, finding: Finding) -> None:
        log.error("auth.revocation_list.refused", list=self.name, finding=finding)

    def _accept(self, found: RevocationList, now: datetime) -> None:
        """A full list in the place of the delta, or the other way round, is refused; an older one is a replay.

        A list that has not begun yet is no measure for others: its authority's clock, or ours, was wrong.
        """
        if (found.base is not None) is not self._is_delta:
            raise Rejected(Finding.REVOCATION_MALFORMED)
        if self.present is not None and self.present.has_begun(now) and found.number <= self.present.number:
            return
        self.present, self._fruitless = found, not found.has_begun(now)
        log.info("auth.revocation_list.loaded", list=self.name, number=found.number, entries=len(found.listed))

    def sound(self, now: datetime) -> None:
        """The alarm: one line in the log when the list has become stale."""
        stale = self.present is None or now > self.present.next_update
        if stale and not self._alarmed:
            log.error("auth.revocation_list.stale", list=self.name, remaining_seconds=self.remaining_seconds(now))
        self._alarmed = stale


class ListKeeper:
    """The full list of one family of issuers, and its delta where there is one. The clock is business time."""

    def __init__(
        self,
        road: ListRoad,
        trust: Trusted,
        now: Callable[[], datetime],
        figures: ListFigures,
        *,
        family: str = "rsa",
        signed_by: SignedBy = signed_by_rsa,
    ) -> None:
        self._now = now
        self._full = KeptList(f"{family}-full", road.full_list, trust, signed_by, is_delta=False)
        self._delta = (
            KeptList(f"{family}-delta", road.delta_list, trust, signed_by, is_delta=True) if road.has_delta else None
        )
        self._kept = [each for each in (self._full, self._delta) if each is not None]
        self._renewing = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None
        for each in self._kept:
            figures.show(each, now)

    @property
    def pair(self) -> tuple[RevocationList, RevocationList | None] | None:
        """What is loaded; None while there is no full list, or a delta that should be there is not."""
        full, delta = self._full.present, self._delta.present if self._delta else None
        if full is None or (self._delta is not None and delta is None):
            return None
        return full, delta

    async def watch(self) -> None:
        """Refreshes for as long as the service runs."""
        while True:
            await self.renew(asked=False)
            for each in self._kept:
                each.sound(self._now())
            await asyncio.sleep(_LOOK_SECONDS)

    async def ready(self, patience_seconds: float) -> None:
        """Waits so long, and no longer, for lists that are wanted now; what is on its way keeps coming."""
        if not any(each.is_wanted(self._now(), asked=True) for each in self._kept):
            return
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self.renew(asked=True))
        await asyncio.wait({self._renewal}, timeout=patience_seconds)

    async def renew(self, *, asked: bool) -> None:
        """Fetches what is wanted. A delta to a newer full list than ours calls for that list."""
        async with self._renewing:
            for each in self._kept:
                if each.is_wanted(self._now(), asked=asked):
                    await each.renew(self._now())
            pair = self.pair
            if pair and pair[1] and (pair[1].base or 0) > pair[0].number:
                await self._full.renew(self._now())


class KeptLists:
    """The road to the authority with its lists kept loaded: the `RevocationSource` of a running service."""

    def __init__(self, road: ListRoad, keepers: Sequence[ListKeeper], patience_seconds: float) -> None:
        self._road = road
        self._keepers = keepers
        self._patience = patience_seconds
        self._watching: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begins to load the lists; nobody waits for it."""
        self._watching = [asyncio.create_task(each.watch()) for each in self._keepers]

    async def stop(self) -> None:
        """Ends the watch."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request, octets as received."""
        return await self._road.ocsp(request)

    async def lists(self) -> LoadedLists:
        """The loaded lists; Unreachable while there are none."""
        await asyncio.gather(*(each.ready(self._patience) for each in self._keepers))
        pairs = tuple(each.pair for each in self._keepers)
        found = tuple(pair for pair in pairs if pair is not None)
        if not found:
            raise Unreachable
        return LoadedLists(found)
