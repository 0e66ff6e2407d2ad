"""Sending, interrupted at its worst moments: on the real database, with a real mail server and a provider that takes SMS."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from doubles.twilio.account import Account
from services.chassis.clock import SetClock, real_now
from services.chassis.service import Frame
from services.chassis.testing import Identity
from services.notify.app import compose, make_desk
from services.notify.domain.message import MessageId, State, turn_came
from services.notify.domain.sending import RESUMED_AFTER, ROUND_TAKES_AT_MOST
from services.notify.settings import NotifySettings
from services.notify.usecases import sending, telling
from services.notify.usecases.sending import Desk


class NeverReturns:
    """A gateway that sends and never hears the answer: what a process sees that is killed right then."""

    def __init__(self, gateway: Any) -> None:
        self._gateway = gateway
        self._sent = asyncio.Semaphore(0)

    async def send(self, *words: Any, **more: Any) -> Any:
        """Sends, then waits for ever."""
        await self._gateway.send(*words, **more)
        self._sent.release()
        await asyncio.Event().wait()

    async def has_sent(self, count: int) -> None:
        """Returns when so many have been sent."""
        for _ in range(count):
            await asyncio.wait_for(self._sent.acquire(), 15)


async def kill(process: "asyncio.Task[None]") -> None:
    """Ends a task wherever it is; a library may swallow one cancellation."""
    while not process.done():
        process.cancel()
        await asyncio.sleep(0.01)


@pytest.fixture
def clock() -> SetClock:
    """A clock that stands still."""
    return SetClock(real_now())


@pytest.fixture
async def desk(notify_settings: NotifySettings, clock: SetClock) -> AsyncIterator[Desk]:
    """A desk at the real database; nothing is sent but by the test."""
    frame = Frame("notify", notify_settings, keys=Identity(clock), clock=clock)
    async with frame.speaking(compose(frame)):
        yield make_desk(frame)


async def write_turn(desk: Desk, child_id: str) -> MessageId:
    """A turn to be told, written down."""
    now = desk.now()
    turn = turn_came(
        invitation_id=str(uuid4()),
        application_id=str(uuid4()),
        child_id=child_id,
        queue_number=1,
        places_open=1,
        deadline=now + timedelta(days=3),
        at=now,
    )
    await telling.tell(desk.store, *turn)
    return turn[0]


async def test_killed_between_sending_and_writing_the_repeat_is_the_same_letter_and_no_second_sms(
    desk: Desk, clock: SetClock, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child = str(uuid4())
    mother, father = auth_city.family(child)
    name = await write_turn(desk, child)
    mail: Any = NeverReturns(desk.mail)
    sms: Any = NeverReturns(desk.sms)
    dying = replace(desk, mail=mail, sms=sms, at_work=set())
    process = asyncio.create_task(sending.send(dying, name, clock.now()))
    for address in (mother, father):
        await mail_city.letters(address)
    await asyncio.gather(mail.has_sent(2), sms.has_sent(2))
    await kill(process)
    clock.move(ROUND_TAKES_AT_MOST)
    await sending.send(desk, name, clock.now())
    for address in (mother, father):
        letters = await mail_city.letters(address, 2)
        assert len({letter.message_id for letter in letters}) == 1
    assert sorted(each.to for each in account.messages) == sorted(auth_city.phones(child))
    stored = await desk.store.messages.get(name)
    assert stored is not None
    assert stored.state.state is State.HANDED_OVER
    assert {each.attempts for each in stored.state.deliveries} == {2}


async def test_a_process_started_in_place_of_a_killed_one_goes_on_soon(
    desk: Desk, clock: SetClock, auth_city: Any, mail_city: Any
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    name = await write_turn(desk, child)
    mail: Any = NeverReturns(desk.mail)
    process = asyncio.create_task(sending.send(replace(desk, mail=mail, at_work=set()), name, clock.now()))
    await mail.has_sent(2)
    await kill(process)
    due = await due_of(desk, name)
    await sending.resume(replace(desk, instance="another"))
    assert await due_of(desk, name) == due
    await sending.resume(desk)
    assert await due_of(desk, name) == clock.now() + RESUMED_AFTER
    await sending.send(desk, name, clock.now() + RESUMED_AFTER)
    assert len({letter.message_id for letter in await mail_city.letters(mother, 2)}) == 1


async def due_of(desk: Desk, name: MessageId) -> Any:
    """When the message is due."""
    document = await desk.store.messages.collection.find_one({"_id": name})
    assert document is not None
    return document["due"]


async def test_an_end_heard_while_the_message_is_on_its_way_is_not_lost(
    desk: Desk, clock: SetClock, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    name = await write_turn(desk, child)
    stored = await desk.store.messages.get(name)
    assert stored is not None
    known = stored.state

    class EndsMeanwhile:
        async def send(self, *words: Any, **more: Any) -> Any:
            await telling.untell(desk.store, name, known, clock.now())
            return await desk.sms.send(*words, **more)

    gateway: Any = EndsMeanwhile()
    racing = replace(desk, sms=gateway, at_work=set())
    await sending.send(racing, name, clock.now())
    after = await desk.store.messages.get(name)
    assert after is not None
    assert after.state.state is State.HANDED_OVER
    assert len(account.messages) == 2


async def test_an_end_heard_while_contacts_were_asked_for_stops_the_message(
    desk: Desk, clock: SetClock, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    name = await write_turn(desk, child)
    stored = await desk.store.messages.get(name)
    assert stored is not None
    known = stored.state

    class EndsMeanwhile:
        async def reach(self, message: Any) -> Any:
            await telling.untell(desk.store, name, known, clock.now())
            return await desk.contacts.reach(message)

    gateway: Any = EndsMeanwhile()
    racing = replace(desk, contacts=gateway, at_work=set())
    await sending.send(racing, name, clock.now())
    after = await desk.store.messages.get(name)
    assert after is not None
    assert after.state.state is State.DROPPED
    assert account.messages == []


async def test_two_calls_for_one_message_in_one_process_send_once(
    desk: Desk, clock: SetClock, auth_city: Any, mail_city: Any, account: Account
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    name = await write_turn(desk, child)
    await asyncio.gather(*(sending.send(desk, name, clock.now()) for _ in range(3)))
    assert len(await mail_city.letters(mother)) == 1
    assert len(account.messages) == 2


async def test_one_delivery_that_breaks_on_our_side_takes_no_other_with_it(
    desk: Desk, clock: SetClock, auth_city: Any, mail_city: Any
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    name = await write_turn(desk, child)

    class Broken:
        async def send(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError

    gateway: Any = Broken()
    broken = replace(desk, sms=gateway, at_work=set())
    await sending.send(broken, name, clock.now())
    assert len(await mail_city.letters(mother)) == 1
    stored = await desk.store.messages.get(name)
    assert stored is not None
    assert stored.state.state is State.HANDED_OVER
