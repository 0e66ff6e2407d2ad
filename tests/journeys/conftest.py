"""A whole town for the journeys: every service, every other organisation, the invented city; public doors only."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime

import pytest
import pytest_asyncio

from demo import loading
from demo.city import City, Waiting, make_city, small
from demo.door import Addresses
from demo.parent import Parent
from demo.scene import ALMATY, next_opening
from demo.stage import addresses
from deploy.local import processes
from deploy.local.stack import Stack
from doubles.clock import BusinessClock


@dataclass
class Town:
    """The running system as a journey sees it: public doors and the clock."""

    stack: Stack
    city: City
    at: Addresses
    clock: BusinessClock

    async def parent(self, waiting: Waiting, language: str = "kk") -> Parent:
        """A guardian at a computer, with keys; has not logged in yet."""
        handle, phone = f"guardian{waiting.serial}", f"+7701{waiting.serial:07d}"
        parent = Parent(self.at, handle, waiting.guardians[0], f"{handle}@journeys.example", phone, language)
        await parent.get_keys()
        return parent

    def others_of_the_story_stream(self) -> list[Waiting]:
        """General families of the stream that the story is told in, first come first, without the two it names."""
        stream = self.city.heroine.stream_id
        named = {self.city.heroine.serial, self.city.neighbour.serial}
        return [each for each in self.city.waiting if each.stream_id == stream and each.serial not in named]


@dataclass(frozen=True)
class Morning:
    """The first publication: when it was, and the two families whose turn came with it."""

    opening: datetime
    heroine: Parent
    neighbour: Parent


NewParent = Callable[[Waiting], Awaitable[Parent]]


@pytest.fixture(scope="session")
def town(whole_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town in the evening before its first publication."""
    clock = BusinessClock(whole_stack.layout.clock_file)
    city = small(make_city(clock.now().astimezone(ALMATY).date()))
    folder = tmp_path_factory.mktemp("import")
    loading.load_city(city, folder, whole_stack.environment, processes.existing_services())
    return Town(whole_stack, city, addresses(whole_stack), clock)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def morning(town: Town) -> AsyncIterator[Morning]:
    """07:00 of the next working day; the evening before, both families logged in for the first time."""
    async with AsyncExitStack() as people:
        parents = [await town.parent(town.city.heroine, "kk"), await town.parent(town.city.neighbour, "ru")]
        for parent in parents:
            people.push_async_callback(parent.close)
            await parent.log_in()
            await parent.give_contacts()
        opening = next_opening(town.clock.now())
        town.stack.move_clock(to=opening)
        for parent in parents:
            await parent.log_in()
        yield Morning(opening, *parents)


@pytest_asyncio.fixture(loop_scope="session")
async def new_parent(town: Town) -> AsyncIterator[NewParent]:
    """Makes further parents and closes their browsers at the end."""
    async with AsyncExitStack() as people:

        async def make(waiting: Waiting) -> Parent:
            parent = await town.parent(waiting)
            people.push_async_callback(parent.close)
            return parent

        yield make
