"""What is done every so many seconds goes on whatever becomes of one time."""

import asyncio

from services.chassis.service import Regularly


async def test_regular_work_that_failed_is_done_again_next_time() -> None:
    times: list[int] = []

    async def act() -> None:
        times.append(len(times))
        if len(times) == 1:
            raise RuntimeError("once")

    task = asyncio.create_task(Regularly(0.001, act).keep_on())
    while len(times) < 3:
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
