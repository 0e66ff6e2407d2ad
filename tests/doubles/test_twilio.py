"""The Twilio double, met by Twilio's own client."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from doubles.twilio.account import Account
from doubles.twilio.api import make_app
from doubles.twilio.segments import count_segments

SID, TOKEN = "AC" + "0" * 32, "token"
PHONE = "+77010000001"
KAZAKH = "Сіздің кезегіңіз келді. Балабақшаны 21.05. 24:00 дейін таңдаңыз. Ваша очередь подошла."


class OtherAddress(TwilioHttpClient):  # type: ignore[misc]
    """Sends what is meant for Twilio to the double."""

    def __init__(self, base: str) -> None:
        super().__init__(pool_connections=False)
        self._base = base

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace("https://api.twilio.com", self._base), *args, **kwargs)


@pytest.fixture
def account() -> Account:
    return Account(lambda: datetime(2026, 3, 19, 7, 0, tzinfo=UTC))


@pytest.fixture
async def base(account: Account, serve: Callable[[FastAPI], Awaitable[str]]) -> str:
    return f"http://{await serve(make_app(account, SID, TOKEN))}"


def client(base: str, token: str = TOKEN) -> Client:
    return Client(SID, token, http_client=OtherAddress(base))


async def send(base: str, to: str = PHONE, token: str = TOKEN) -> Any:
    create = client(base, token).messages.create
    return await asyncio.to_thread(create, to=to, from_="+15005550006", body=KAZAKH)


async def test_a_message_is_taken_and_shown_on_the_phone(base: str) -> None:
    message = await send(base)
    assert message.status == "queued"
    assert message.sid.startswith("SM")
    assert message.num_segments == "2"
    found = await asyncio.to_thread(client(base).messages.list, to=PHONE)
    assert [one.sid for one in found] == [message.sid]
    async with httpx.AsyncClient(base_url=base) as http:
        screen = (await http.post("/inbox", json={"phone": PHONE})).json()
        assert [line["text"] for line in screen] == [KAZAKH]
        assert screen[0]["at"] == "2026-03-19T07:00:00+00:00"
        assert (await http.post("/inbox", json={"phone": "+77010000002"})).json() == []


async def test_a_wrong_password_is_refused(base: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await send(base, token="wrong")
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("invalid_number", 400, 21211),
        ("unsubscribed", 400, 21610),
        ("throttled", 429, 20429),
        ("server_error", 500, 20500),
    ],
)
async def test_failures_are_said_in_twilios_words(base: str, mode: str, status: int, code: int) -> None:
    async with httpx.AsyncClient(base_url=base) as http:
        await http.put("/faults", json={"mode": mode, "to": PHONE})
    with pytest.raises(TwilioRestException) as refused:
        await send(base)
    assert (refused.value.status, refused.value.code) == (status, code)
    assert (await send(base, to="+77010000002")).sid


async def test_a_number_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(TwilioRestException) as refused:
        await send(base, to="87010000001")
    assert refused.value.code == 21211


async def test_a_broken_line_takes_no_message(base: str, account: Account) -> None:
    async with httpx.AsyncClient(base_url=base) as http:
        await http.put("/faults", json={"mode": "unreachable"})
        form = {"To": PHONE, "From": "+15005550006", "Body": "x"}
        with pytest.raises(httpx.TransportError):
            await http.post(f"/2010-04-01/Accounts/{SID}/Messages.json", data=form, auth=(SID, TOKEN))
    assert account.messages == []


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("ә" * 70, 1),
        ("ә" * 71, 2),
        ("ә" * 135, 3),
    ],
)
def test_parts_are_counted_by_alphabet(text: str, segments: int) -> None:
    assert count_segments(text) == segments
