"""notify on real engines: what is heard is told once to each guardian, in their language, by a real mail server and SMS."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from confluent_kafka import Consumer, TopicPartition

from contracts import auth, notify, queue, referral
from contracts.fields import EndReason, Mode, ReferralState
from deploy.local.stack import Stack
from doubles.twilio.account import Account, Fault
from services.chassis.clock import SetClock, real_now
from services.chassis.service import Frame
from services.chassis.testing import Identity, Served, Speaker, eventually, served
from services.notify.app import compose
from services.notify.settings import NotifySettings

STREAM = "almaty:correctional:SPEECH:2021"


class House:
    """A notify that runs, with everything around it."""

    def __init__(self, service: Served, clock: SetClock, identity: Identity, heard: Callable[[], list[Any]]) -> None:
        self.service = service
        self.clock = clock
        self.identity = identity
        self.heard = heard

    async def messages(self, person_id: str, child_id: str, **headers: str) -> httpx.Response:
        """The inbox as a person sees it."""
        token = self.identity.person(person_id)
        return await self.service.client.get(f"/children/{child_id}/messages", headers=token | headers)


@pytest.fixture
def told(stack: Stack) -> Callable[[], list[Any]]:
    """All that notify has said, read from the broker each time it is asked."""

    topic = notify.HandedOverV1.topic
    types = {each.type: each for each in (notify.HandedOverV1, notify.FailedV1)}

    def read() -> list[Any]:
        consumer: Any = Consumer(stack.kafka() | {"group.id": "reader", "fetch.wait.max.ms": 10})
        facts: list[Any] = []
        for number in consumer.list_topics(topic).topics[topic].partitions:
            at, end = consumer.get_watermark_offsets(TopicPartition(topic, number))
            consumer.assign([TopicPartition(topic, number, at)])
            while at < end:
                record = consumer.poll(5)
                at = record.offset() + 1
                kind = dict(record.headers())["ce_type"].decode()
                facts.append(types[kind].model_validate_json(record.value()))
        consumer.close()
        return facts

    return read


@pytest.fixture
async def house(notify_settings: NotifySettings, told: Callable[[], list[Any]]) -> AsyncIterator[House]:
    """notify, served in this process under a clock that stands still."""
    clock = SetClock(real_now())
    identity = Identity(clock)
    async with served(Frame("notify", notify_settings, keys=identity, clock=clock), compose) as service:
        yield House(service, clock, identity, told)


@pytest.fixture
async def queue_says(stack: Stack) -> AsyncIterator[Speaker]:
    """queue, saying facts."""
    async with Speaker("queue", stack.environment("queue")) as speaker:
        yield speaker


@pytest.fixture
async def referral_says(stack: Stack) -> AsyncIterator[Speaker]:
    """referral, saying facts."""
    async with Speaker("referral", stack.environment("referral")) as speaker:
        yield speaker


@pytest.fixture
async def auth_says(stack: Stack) -> AsyncIterator[Speaker]:
    """auth, saying facts."""
    async with Speaker("auth", stack.environment("auth")) as speaker:
        yield speaker


def invited(house: House, child_id: str, *, days: float = 3) -> queue.InvitedV1:
    """The turn of a child."""
    return queue.InvitedV1(
        stream_id=STREAM,
        invitation_id=str(uuid4()),
        application_id=str(uuid4()),
        child_id=child_id,
        queue_number=364,
        places_open=5,
        deadline=house.clock.now() + timedelta(days=days),
    )


def ended(turn: queue.InvitedV1, reason: EndReason) -> queue.InvitationEndedV1:
    """The end of an invitation."""
    return queue.InvitationEndedV1(
        stream_id=turn.stream_id,
        invitation_id=turn.invitation_id,
        application_id=turn.application_id,
        child_id=turn.child_id,
        reason=reason,
    )


async def about(house: House, child_id: str) -> list[Any]:
    """What notify said about a child, once all of it has left the outbox."""

    async def left() -> bool:
        waiting = {"child_id": child_id, "outbox_count": {"$gt": 0}}
        return await house.service.parts.aggregates[0].count(waiting, limit=1) == 0

    await eventually(left)
    return [fact for fact in await asyncio.to_thread(house.heard) if fact.child_id == child_id]


async def state_of(house: House, child_id: str) -> list[str]:
    """The states of the messages about a child, as they are stored."""
    found = await house.service.parts.aggregates[0].find({"child_id": child_id}, limit=10)
    return [stored.state.state for stored in found]


def becomes(house: House, child_id: str, *states: str) -> Callable[[], Awaitable[bool]]:
    """A check: the messages about a child are in these states."""

    async def check() -> bool:
        return sorted(await state_of(house, child_id)) == sorted(states)

    return check


def tried(house: House, child_id: str, rounds: int = 1) -> Callable[[], Awaitable[bool]]:
    """A check: the message about a child has been through so many rounds, and they are written down."""

    async def check() -> bool:
        found = await house.service.parts.aggregates[0].find({"child_id": child_id}, limit=10)
        return [stored.state.rounds for stored in found] == [rounds]

    return check


def finished(house: House, child_id: str) -> Callable[[], Awaitable[bool]]:
    """A check: a round about a child was begun and every answer of it is written down."""

    async def check() -> bool:
        found = await house.service.parts.aggregates[0].find({"child_id": child_id}, limit=10)
        return {each.progress for stored in found for each in stored.state.deliveries} == {"TRY_AGAIN"}

    return check


async def test_a_turn_is_told_once_by_mail_and_sms_to_each_guardian_in_their_language(
    house: House, queue_says: Speaker, mail_city: Any, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    mother, father = auth_city.family(child)
    turn = invited(house, child)
    await queue_says.say(turn, times=2)
    await eventually(becomes(house, child, "HANDED_OVER"))
    [kazakh], [russian] = await mail_city.letters(mother), await mail_city.letters(father)
    assert "Кезегіңіз келді" in kazakh.subject
    assert "Подошла ваша очередь" in russian.subject
    screens = {each.to: each.body for each in account.messages}
    assert (len(account.messages), tuple(screens)) in {(2, auth_city.phones(child)), (2, auth_city.phones(child)[::-1])}
    assert ["№364 келді" in screens[number] for number in auth_city.phones(child)] == [True, False]
    [word] = await about(house, child)
    assert isinstance(word, notify.HandedOverV1)
    assert (word.kind, word.invitation_id, word.channels) == ("TURN_CAME", turn.invitation_id, ("email", "sms"))


async def test_a_family_that_was_told_its_turn_is_told_the_longer_window_once(
    house: House, queue_says: Speaker, mail_city: Any, auth_city: Any
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    turn = invited(house, child)
    await queue_says.say(turn)
    await eventually(becomes(house, child, "HANDED_OVER"))
    about_turn = {name: getattr(turn, name) for name in ("stream_id", "invitation_id", "application_id", "child_id")}
    deadline = turn.deadline + timedelta(days=1)
    longer = queue.InvitationProlongedV1(**about_turn, outage_id=str(uuid4()), deadline=deadline)
    await queue_says.say(longer, 2, times=2)
    await eventually(becomes(house, child, "HANDED_OVER", "HANDED_OVER"))
    assert ["ұзартылды" in letter.subject for letter in await mail_city.letters(mother)] == [False, True]


async def test_an_issued_referral_is_told(house: House, referral_says: Speaker, mail_city: Any, auth_city: Any) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    fact = referral.IssuedV1(
        referral_id=str(uuid4()),
        hold_id=str(uuid4()),
        referral_number="ALM-2026-000001",
        application_id=str(uuid4()),
        child_id=child,
        place_id=str(uuid4()),
        organisation_id=str(uuid4()),
        mode=Mode.PRIORITY,
        issued_at=house.clock.now(),
        valid_until=house.clock.now() + timedelta(days=7),
        state=ReferralState.ISSUED,
        document_sha256="0" * 64,
    )
    await referral_says.say(fact, times=2)
    [letter] = await mail_city.letters(mother)
    assert "ALM-2026-000001" in letter.text
    await eventually(becomes(house, child, "HANDED_OVER"))


async def test_while_auth_is_away_nothing_is_sent_and_nothing_is_lost(
    house: House, queue_says: Speaker, mail_city: Any, auth_city: Any
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    auth_city.away = True
    await queue_says.say(invited(house, child))
    await eventually(tried(house, child))
    assert await state_of(house, child) == ["WAITING"]
    auth_city.away = False
    house.clock.move(timedelta(seconds=6))
    await eventually(becomes(house, child, "HANDED_OVER"))
    assert len(await mail_city.letters(mother)) == 1


async def test_an_invitation_that_ended_before_it_was_sent_is_not_told(
    house: House, queue_says: Speaker, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    auth_city.away = True
    turn = invited(house, child)
    await queue_says.say(turn, 1)
    await queue_says.say(ended(turn, EndReason.PLACE_WITHDRAWN), 2)
    await eventually(becomes(house, child, "DROPPED"))
    auth_city.away = False
    house.clock.move(timedelta(minutes=5))
    await queue_says.say(turn, 1)
    sentinel = invited(house, str(uuid4()))
    auth_city.family(sentinel.child_id)
    await queue_says.say(sentinel, 3)
    await eventually(becomes(house, sentinel.child_id, "HANDED_OVER"))
    assert await state_of(house, child) == ["DROPPED"]
    assert not {each.to for each in account.messages} & set(auth_city.phones(child))
    assert await about(house, child) == []


async def test_an_end_heard_before_its_beginning_leaves_the_family_in_peace(
    house: House, queue_says: Speaker, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    turn = invited(house, child)
    await queue_says.say(ended(turn, EndReason.LAPSED), 2)
    await queue_says.say(turn, 1)
    await eventually(becomes(house, child, "DROPPED"))
    assert account.messages == []


async def test_a_family_that_was_told_hears_that_its_place_was_withdrawn(
    house: House, queue_says: Speaker, mail_city: Any, auth_city: Any
) -> None:
    child = str(uuid4())
    mother, _ = auth_city.family(child)
    turn = invited(house, child)
    await queue_says.say(turn, 1)
    await eventually(becomes(house, child, "HANDED_OVER"))
    await queue_says.say(ended(turn, EndReason.PLACE_WITHDRAWN), 2, times=2)
    await eventually(becomes(house, child, "HANDED_OVER", "HANDED_OVER"))
    letters = await mail_city.letters(mother, 2)
    assert "кері қайтарылды" in letters[-1].subject


async def test_a_message_that_reaches_nobody_for_an_hour_is_reported_and_still_sent_later(
    house: House, queue_says: Speaker, mail_city: Any, auth_city: Any, account: Account
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    auth_city.contacts[child] = [auth_city.contacts[child][0] | {"emails": ["ana@later.test"]}]
    account.fault = Fault.THROTTLED
    await queue_says.say(invited(house, child))
    await eventually(finished(house, child))
    house.clock.move(timedelta(minutes=61))
    await eventually(becomes(house, child, "FAILED"))
    account.fault = Fault.OK
    house.clock.move(timedelta(minutes=31))
    await eventually(becomes(house, child, "HANDED_OVER"))
    failed, handed_over = await about(house, child)
    assert (failed.type, failed.channels) == ("notify.message.failed.v1", ("email", "sms"))
    assert (handed_over.type, handed_over.channels) == ("notify.message.handed_over.v1", ("sms",))


async def test_a_turn_nobody_could_be_told_before_its_deadline_is_reported(
    house: House, queue_says: Speaker, auth_city: Any
) -> None:
    child = str(uuid4())
    auth_city.contacts[child] = []
    await queue_says.say(invited(house, child, days=0.01))
    await eventually(tried(house, child))
    house.clock.move(timedelta(days=0.02))
    await eventually(becomes(house, child, "DROPPED"))
    [word] = await about(house, child)
    assert (word.type, word.reason, word.channels) == ("notify.message.failed.v1", "too_late", ())


async def test_a_guardian_reads_the_inbox_in_their_language_and_a_stranger_finds_nothing(
    house: House, queue_says: Speaker, auth_says: Speaker, auth_city: Any
) -> None:
    child = str(uuid4())
    auth_city.family(child)
    mother, father = auth_city.guardians(child)
    await auth_says.say(auth.LinkedV1(child_id=child, guardians=(mother, father)), 2)
    await auth_says.say(auth.LinkedV1(child_id=child, guardians=(mother,)), 1)
    turn = invited(house, child)
    await queue_says.say(turn)
    await eventually(becomes(house, child, "HANDED_OVER"))

    async def readable() -> bool:
        return (await house.messages(father, child)).status_code == 200

    await eventually(readable)
    answer = await house.messages(father, child)
    [message] = answer.json()["messages"]
    assert message["language"] == "ru"
    assert "Подошла очередь" in message["text"]
    assert (message["state"], message["application_id"]) == ("HANDED_OVER", turn.application_id)
    assert [(each["channel"], each["progress"]) for each in message["deliveries"]] == [
        ("email", "ACCEPTED"),
        ("sms", "ACCEPTED"),
    ]
    assert not any(address in answer.text for address in auth_city.phones(child))
    kazakh = await house.messages(father, child, **{"Accept-Language": "de, kk;q=0.9, ru"})
    assert kazakh.json()["messages"][0]["language"] == "kk"
    english = await house.messages(father, child, **{"Accept-Language": "en-GB, kk;q=0.9"})
    assert "The turn of your child" in english.json()["messages"][0]["text"]
    stranger = await house.messages(str(uuid4()), child)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "NO_SUCH_CHILD")
    assert (await house.messages(mother, str(uuid4()))).status_code == 404
    assert (await house.service.client.get(f"/children/{child}/messages")).status_code == 401
    [read] = await house.service.parts.aggregates[1].find({"child_ids": child}, limit=10)
    assert read.state.reader_id == father


async def test_addresses_are_neither_stored_nor_logged(
    house: House, queue_says: Speaker, auth_city: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    child = str(uuid4())
    mother, father = auth_city.family(child)
    await queue_says.say(invited(house, child))
    await eventually(becomes(house, child, "HANDED_OVER"))
    collection = house.service.parts.aggregates[0].collection
    stored = str([document async for document in collection.find({"child_id": child})])
    written = "".join(capfd.readouterr())
    for secret in (mother, father, *auth_city.phones(child)):
        assert secret not in stored
        assert secret not in written
        assert secret.strip("+") not in written
