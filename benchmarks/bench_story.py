"""Story: click on «Қол қою» → signed PDF in the browser; yardstick: the same PDF made and sealed in this process alone."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figures import ratio, row
from demo import loading
from demo.city import STORY_PLACES, Waiting, make_city
from demo.parent import Parent, until
from demo.scene import ALMATY, next_opening
from demo.stage import addresses
from deploy.local import processes
from deploy.local.stack import Stack
from deploy.local.temporary import temporary_stack
from doubles.clock import BusinessClock
from services.referral.documents.authority import load_authority
from services.referral.documents.press import make_press
from tests.referral.specimen import specimen


def main() -> None:
    """Six families of one stream choose and sign, one after the other; the yardstick runs between them."""
    with temporary_stack("bench") as stack, TemporaryDirectory() as folder:
        stack.up_engines()
        stack.up_doubles()
        stack.up_services()
        clicks, yardstick = asyncio.run(_families(stack, Path(folder)))
    row("make and seal the PDF alone", yardstick)
    row("click → PDF", clicks)
    ratio("story", clicks, yardstick)


async def _families(stack: Stack, folder: Path) -> tuple[list[float], list[float]]:
    clock = BusinessClock(stack.layout.clock_file)
    city = make_city(clock.now().astimezone(ALMATY).date())
    loading.load_city(city, folder, stack.environment, processes.existing_services())
    stream = [each for each in city.waiting if each.stream_id == city.heroine.stream_id]
    stack.move_clock(to=next_opening(clock.now()))
    clicks: list[float] = []
    yardstick: list[float] = []
    async with AsyncExitStack() as people:
        for waiting in stream:
            parent = await _parent(stack, waiting)
            people.push_async_callback(parent.close)
            taken = await _click_to_pdf(parent)
            if taken is not None:
                clicks.append(taken)
                yardstick.append(await _alone(stack))
            if len(clicks) == STORY_PLACES:
                break
    return clicks, yardstick


async def _parent(stack: Stack, waiting: Waiting) -> Parent:
    handle = f"guardian{waiting.serial}"
    phone = f"+7701{waiting.serial:07d}"
    parent = Parent(addresses(stack), handle, waiting.guardians[0], f"{handle}@bench.example", phone, "kk")
    await parent.get_keys()
    if (await parent.log_in())["email_required"]:
        await parent.give_contacts()
    return parent


async def _click_to_pdf(parent: Parent) -> float | None:
    """Seconds from handing the signature in to the last byte of the PDF; None for a family that was not invited."""
    application_id = (await parent.journal())[0]["application_id"]
    places = await parent.places(application_id)
    if not places:
        return None
    held = await parent.hold(places[0]["place_id"], application_id)
    choice = await until(lambda: parent.choice(held["hold_id"], wait=5), "the document to sign")
    signed = await parent.sign_choice(choice)
    begun = time.perf_counter()
    await parent.send_choice(held["hold_id"], signed)

    async def issued() -> dict[str, Any] | None:
        seen = await parent.choice(held["hold_id"])
        return seen if seen is not None and seen["referral_id"] else None

    await until(issued, "the referral")
    found: Sequence[dict[str, Any]] = await parent.documents(application_id)
    await parent.download(found[0]["documents"]["pdf"])
    return time.perf_counter() - begun


async def _alone(stack: Stack) -> float:
    folder = stack.layout.folder / "nca" / "authority"
    press = make_press(
        load_authority(folder / "department.p12", folder / "department.password"), sample=True, tsa_url=None
    )
    begun = time.perf_counter()
    await press.make(specimen(press.signatory()), b"<choice/>")
    return time.perf_counter() - begun
