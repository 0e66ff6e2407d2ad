"""The fault run: families play their stories while services are killed, and in the end the books must balance.

``python -m tests.faults.drill`` (`make drill`) plays the long run and then two short ones with a promise broken, which
the checker must notice. The exit status tells the truth.
"""

import asyncio
import contextlib
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.local.stack import Stack
from deploy.local.trouble import Trouble
from tests.faults import town
from tests.faults.doors import Doors, NeverAnswered, Refused
from tests.faults.family import Family, Way
from tests.faults.instance import ALMATY, instance, move_clock, next_working_day, opening, today_of
from tests.faults.killer import Killer
from tests.faults.ledger import Books, Side, audit, repeats
from tests.faults.report import LONG, SABOTAGED, Plan, Report
from tests.faults.sabotage import SABOTAGES
from tests.faults.steps import SERVICES, Step, Street
from tests.faults.watch import count_dead_letters, read_city

ADDRESSED = (*SERVICES, "nca", "ncalayer", "twilio", "mailbox")
LOOK_SECONDS = 0.5
SETTLE_SECONDS = 3.0
Say = Callable[[str], None]


@dataclass
class Drill:
    """One run on one instance, whose engines and doubles are up."""

    stack: Stack
    plan: Plan
    say: Say
    folder: Path
    today: date
    books: Books = field(default_factory=Books)
    street: Street = field(default_factory=Street)
    families: list[Family] = field(default_factory=list)
    entered: int = 0
    mornings: int = 0

    async def run(self) -> Report:
        """Mornings of stories under kills until there were enough of both, then the audit."""
        begun = time.monotonic()
        dice = random.Random(self.plan.seed)
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=200), trust_env=False) as client:
            killer = Killer(self.stack, self.street, client, self.plan.kills, dice)
            self._meet(client, dice)
            hunting = asyncio.create_task(killer.run())
            while self._goes_on(killer) and not self.books.unfinished:
                await self._morning(dice)
                self.say(f"morning {self.mornings}: {self._played()} stories, {len(killer.kills.moments)} kills")
            hunting.cancel()
            await asyncio.gather(hunting, return_exceptions=True)
            again = await self._settle()
        seconds = time.monotonic() - begun
        books = self.books
        return Report(
            self.plan, self._played(), killer.kills, self.street, audit(books), repeats(books), again, seconds
        )

    def _meet(self, client: httpx.AsyncClient, dice: random.Random) -> None:
        homes = town.make_homes(self.plan.stories * 2 + 4 * len(town.CATEGORIES), self.today)
        now = datetime.combine(self.today, datetime.min.time(), ALMATY)
        self.books.organisations = town.organisations()
        addresses = {name: self.stack.url(name) for name in ADDRESSED}
        for child_id, home in town.move_in(self.stack, homes, now, self.folder).items():
            doors = Doors(client, addresses, time.monotonic())
            self.families.append(Family(home, child_id, doors, self.books, self.street, random.Random(dice.random())))
            self.books.children[child_id] = home.stream_id

    def _goes_on(self, killer: Killer) -> bool:
        enough = self._played() >= self.plan.stories and len(killer.kills.moments) >= self.plan.kills
        return not enough and self.entered + self.plan.a_morning <= len(self.families) - 4 * len(town.CATEGORIES)

    def _played(self) -> int:
        return sum(family.turns_played for family in self.families)

    async def _morning(self, dice: random.Random) -> None:
        """Places are entered, the clock goes to the next opening, every family that hears of its turn plays its story."""
        places = town.make_places(self.plan.a_morning, self.today, self.mornings)
        await asyncio.to_thread(town.enter_places, self.stack, places, self.folder)
        self.mornings += 1
        self.entered += len(places)
        self.today = next_working_day(self.today)
        move_clock(self.stack, opening(self.today))
        until = time.monotonic() + self.plan.patience
        playing: set[asyncio.Task[None]] = set()
        with self.street.at(Step.TURN):
            while self._played() < self.entered and time.monotonic() < until:
                heard = [family for family in self._next_in_line() if await family.has_heard_of_a_turn()]
                for family in heard:
                    self.street.effect()
                    way = dice.choices(list(Way), weights=(85, 10, 5))[0]
                    family.doors.until = time.monotonic() + self.plan.patience
                    playing.add(asyncio.create_task(self._play(family, way)))
                await asyncio.sleep(0 if heard else LOOK_SECONDS)
        await asyncio.gather(*playing)

    def _next_in_line(self) -> list[Family]:
        """The families of each stream that may hear of a turn now, first in line first; their post is worth reading."""
        waiting = [family for family in self.families if not self._stands(family)]
        found: Counter[str] = Counter()
        first = []
        for family in waiting:
            found[family.home.stream_id] += 1
            if found[family.home.stream_id] <= self.plan.a_morning // len(town.CATEGORIES) + 3:
                family.doors.until = time.monotonic() + self.plan.patience
                first.append(family)
        return first

    def _stands(self, family: Family) -> bool:
        """Whether the family is in a story, or has a referral that holds."""
        held = [each for each in self.books.holds.values() if each.child_id == family.child_id]
        has_referral = any(each.referral_ids - self.books.returned for each in held)
        return family.busy or has_referral

    async def _play(self, family: Family, way: Way) -> None:
        try:
            await family.play(way)
        except (NeverAnswered, Refused) as error:
            self.books.unfinished[family.child_id] = f"{family.step.words} ({error})"

    async def _settle(self) -> int:
        """Lets the last words arrive, reads everything once more from outside; returns repeats among facts."""
        await asyncio.sleep(SETTLE_SECONDS)
        for family in self.families:
            family.doors.until = time.monotonic() + self.plan.patience
            await family.read_post()
            if family.application_id is not None:
                with contextlib.suppress(NeverAnswered, Refused):
                    await family.read_turns()
        self.books.dead_letters = count_dead_letters(self.stack)
        return read_city(self.stack, self.books)


def play(plan: Plan, say: Say, sabotage: str | None = None) -> Report:
    """A whole run, from nothing to the report."""
    with instance(sabotage) as stack, tempfile.TemporaryDirectory() as folder:
        stack.up_engines()
        stack.up_doubles()
        stack.up_services()
        return asyncio.run(Drill(stack, plan, say, Path(folder), today_of(stack)).run())


def long_run(stories: int, kills: int) -> bool:
    """The run that must balance; True when it does and proves what it should."""
    least = min(LONG.least_of_each, kills // (len(SERVICES) + 1))
    report = play(replace(LONG, stories=stories, kills=kills, least_of_each=least), typer.echo)
    typer.echo("\n".join([*report.lines(), *report.complaints]))
    return not report.complaints


def sabotaged_run(sabotage: str) -> bool:
    """A run with one promise broken; True when the checker reports a loss."""
    report = play(SABOTAGED, typer.echo, sabotage)
    lost, doubled = report.count(Side.LOST), report.count(Side.DOUBLED)
    typer.echo(
        f"sabotaged ({sabotage}): lost {lost}, doubled {doubled}, {len(report.kills.moments)} kills; for example:"
    )
    typer.echo("\n".join(f"  {finding.side}: {finding.what}" for finding in report.findings[:5]))
    return lost >= 1


def main(
    stories: Annotated[int, typer.Option(help="stories of the long run")] = LONG.stories,
    kills: Annotated[int, typer.Option(help="kills of the long run")] = LONG.kills,
    only: Annotated[str, typer.Option(help="one part only: long, " + ", ".join(SABOTAGES))] = "",
) -> None:
    """The long run, then the two that must not balance."""
    parts: dict[str, Callable[[], bool]] = {"long": lambda: long_run(stories, kills)}
    parts |= {name: partial(sabotaged_run, name) for name in SABOTAGES}
    try:
        results = {name: part() for name, part in parts.items() if only in ("", name)}
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        raise typer.Exit(2) from None
    for name, good in results.items():
        typer.echo(f"{name}: {'as it should be' if good else 'FAILED'}")
    raise typer.Exit(0 if all(results.values()) else 1)


if __name__ == "__main__":
    typer.run(main)
