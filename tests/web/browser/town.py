"""A small invented city behind the cabinet: one queue with places to give, families with keys, one computer."""

from dataclasses import dataclass

import httpx

from demo.city import City, Waiting
from demo.door import Addresses
from demo.parent import Parent
from demo.scene import next_opening
from deploy.local.stack import Stack
from doubles.clock import BusinessClock
from doubles.ncalayer.keyboard import Behaviour


@dataclass
class Town:
    """The running system as a family meets it: the cabinet, the doors behind it, the clock, the computer's keyboard."""

    stack: Stack
    city: City
    at: Addresses
    clock: BusinessClock

    @property
    def site(self) -> str:
        """The cabinet's address, without a path."""
        return self.stack.url("web")

    async def parent(self, waiting: Waiting, language: str = "kk") -> Parent:
        """The first guardian of a child, who has keys and has not logged in yet; also scripted, past the browser.

        Whoever asks closes it at the end.
        """
        handle, phone = f"guardian{waiting.serial}", f"+7701{waiting.serial:07d}"
        parent = Parent(self.at, handle, waiting.guardians[0], f"{handle}@journeys.example", phone, language)
        await parent.get_keys()
        return parent

    async def seat(self, handle: str | None, behaviour: Behaviour = Behaviour.SIGN) -> None:
        """Who sits at the browser's computer from now on, and what they do when NCALayer asks for a key."""
        async with httpx.AsyncClient(trust_env=False) as client:
            told = {"handle": handle, "behaviour": behaviour}
            (await client.put(f"{self.at.ncalayer}/seat", json=told)).raise_for_status()

    def others(self) -> list[Waiting]:
        """General families of the queue, first come first, without those whom the story names."""
        named = {self.city.heroine.serial, self.city.neighbour.serial}
        return [each for each in self.city.waiting if each.serial not in named and each.rank == "G"]

    def open_the_day(self) -> None:
        """Let it be 07:00 of the next working day: places are published, turns come."""
        self.stack.move_clock(to=next_opening(self.clock.now()))
