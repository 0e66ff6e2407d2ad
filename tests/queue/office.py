"""The waiting list and everybody around it, for its stories: guardians, other services, a clock that is moved."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from contracts import EVENTS, auth
from contracts.envelope import Fact
from services.chassis.clock import Setting, real_now, write_setting
from services.chassis.testing import Ears, Identity, Served, Speaker, eventually
from services.queue import cli
from services.queue.domain.application import Privilege
from services.queue.domain.words import Category, ChildId, PrivilegeClass, PrivilegeKind, QueueType
from services.queue.usecases.desk import Desk
from services.queue.usecases.filing import OldRow

TUESDAY = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
"""Tue 1 December 2026, 07:00 in Almaty: a working day at the opening hour."""


def new_id() -> str:
    return str(uuid4())


@dataclass
class Child:
    """An invented child that stands in the queue, and the guardian who looks after it."""

    child_id: str
    guardian: str
    application_id: str


@dataclass
class Office:
    """The served waiting list and everybody around it."""

    served: Served
    desk: Desk
    identity: Identity
    ears: Ears
    speakers: Mapping[str, Speaker]
    clock_file: Path
    environment: Mapping[str, str]
    """Of the service's own process."""
    serials: list[int] = field(default_factory=lambda: [random.randrange(1_000_000, 9_000_000)])

    def now(self) -> datetime:
        return self.served.frame.clock.now()

    async def move(self, to: datetime) -> None:
        """Sets the business clock and waits until everything due has been done."""
        write_setting(self.clock_file, Setting(real_now(), to, 0.0))

        async def caught_up() -> bool:
            return self.now() == to and self.served.frame.scheduler.caught_up_to() >= to

        await eventually(caught_up, 60)

    async def announce(self) -> None:
        """The operator's command in a process of its own."""
        command = [sys.executable, "-m", "services.queue", "announce"]
        environment = os.environ | dict(self.environment)
        done = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]

    async def tell(self, fact: Fact, sequence: int = 1, *, times: int = 1) -> None:
        """Another service says a fact, with its own credentials."""
        await self.speakers[EVENTS[fact.type].producer].say(fact, sequence, at=self.now(), times=times)

    def filing(self, child_id: str, guardian: str, born: date) -> str:
        """auth's statement."""
        said = {"purpose": "filing", "child_id": child_id, "birth_date": born.isoformat()}
        return self.identity.token("statement", guardian, **said)

    async def file(self, guardian: str, born: date, category: str | None = "MOTOR", **body: Any) -> httpx.Response:
        """Files an application for a new child of the guardian, unless `child_id` names one."""
        statement = self.filing(body.pop("child_id", None) or new_id(), guardian, born)
        filed = {"statement": statement, "queue_type": "CORRECTIONAL", "category": category} | body
        filed = {name: value for name, value in filed.items() if value is not None}
        return await self.served.client.post("/applications", json=filed, headers=self.identity.person(guardian))

    async def card(self, child: Child, *, guardian: str | None = None) -> dict[str, Any]:
        """The card as the guardian sees it."""
        headers = self.identity.person(guardian or child.guardian)
        answer = await self.served.client.get(f"/applications/{child.application_id}", headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def shows(self, child: Child, check: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The card once it is as `check` says."""

        async def look() -> dict[str, Any] | None:
            card = await self.card(child)
            return card if check(card) else None

        card = await eventually(look, 15)
        assert card is not None
        return card

    async def queue(self, classes: str, year: int) -> tuple[str, list[Child]]:
        """A stream of its own with old applications, one for each letter (E, P, G) in the order of registration."""
        rows = [self.old_row(letter, year) for letter in classes]
        await self.enter(rows)
        children = [await self._link(row) for row in rows]
        return f"almaty:correctional:MOTOR:{year}", children

    async def entered(self, row: OldRow) -> Child:
        """One child of the old queue, linked to a guardian."""
        await self.enter([row])
        return await self._link(row)

    async def enter(self, rows: list[OldRow]) -> None:
        """Takes over rows of the old queue."""
        report: dict[int, str] = {}
        await cli.take_over(self.desk, list(enumerate(rows)), self.now(), report.__setitem__)
        assert set(report.values()) == {"entered"}

    def old_row(self, letter: str, year: int) -> OldRow:
        self.serials[0] += 1
        rank = PrivilegeClass(letter)
        confirmed = None
        if rank is not PrivilegeClass.GENERAL:
            confirmed = Privilege(PrivilegeKind[rank.name], rank, confirmed_on=date(2025, 1, 1))
        return OldRow(
            child_id=ChildId(new_id()),
            filed_by=None,
            birth_date=date(year, 5, 13),
            region="almaty",
            queue_type=QueueType.CORRECTIONAL,
            category=Category.MOTOR,
            privilege=confirmed,
            registered_at=TUESDAY - timedelta(days=900) + timedelta(milliseconds=self.serials[0]),
            serial=self.serials[0],
            application_number=None,
        )

    async def _link(self, row: OldRow) -> Child:
        guardian = new_id()
        await self.tell(auth.LinkedV1(child_id=row.child_id, guardians=(guardian,)))

        async def linked() -> bool:
            return await self.desk.store.guardianships.get(row.child_id) is not None

        await eventually(linked, 15)
        found = await self.desk.store.of_child(row.child_id)
        return Child(row.child_id, guardian, found[0].id)
