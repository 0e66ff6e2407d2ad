"""The road to the certification authority: whatever goes wrong on it is one word, in bounded time."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from services.auth.domain.revocation import Lists, Unreachable
from services.auth.gateways import OCSP_LIMIT, AuthorityRoad, authority

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def door(serve: Serve) -> AsyncIterator[str]:
    """A server of this test on a free port."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def says(head: str, body: bytes, seen: list[bytes] | None = None) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if seen is not None:
            seen.append(asked)
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        await writer.drain()

    return serve


def road(url: str, seconds: float = 0.4) -> AuthorityRoad:
    return AuthorityRoad(url, url, None, seconds)


async def test_an_answer_comes_back_as_it_was_sent() -> None:
    seen: list[bytes] = []
    async with door(says("200 OK", b"answer", seen)) as url:
        assert await road(url).ocsp(b"question") == b"answer"
    assert b"user-agent: zholdama-auth/1\r\n" in seen[0].lower()
    assert b"content-type: application/ocsp-request\r\n" in seen[0].lower()


@pytest.mark.parametrize("head", ["503 Busy", "404 Not Found", "303 See Other\r\nLocation: /elsewhere", "500 Broken"])
async def test_anything_but_an_answer_is_unreachable_and_redirects_are_not_followed(head: str) -> None:
    seen: list[bytes] = []
    async with door(says(head, b"", seen)) as url:
        with pytest.raises(Unreachable):
            await road(url).ocsp(b"question")
    assert len(seen) == 1


async def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        await road("http://127.0.0.1:9/").ocsp(b"question")


async def test_an_answer_without_end_is_cut_off() -> None:
    async with door(says("200 OK", bytes(OCSP_LIMIT + 1))) as url:
        with pytest.raises(Unreachable):
            await road(url, 2).ocsp(b"question")


async def test_a_trickling_answer_ends_in_time() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    begun = time.monotonic()
    async with door(trickle) as url:
        with pytest.raises(Unreachable):
            await road(url).ocsp(b"question")
        assert time.monotonic() - begun < 1.5


async def test_a_list_comes_back_as_it_was_sent_from_the_configured_place_alone() -> None:
    seen: list[bytes] = []
    async with door(says("200 OK", b"list", seen)) as url:
        way = road(url, 2)
        assert await way.full_list() == b"list"
        assert not way.has_delta
        with pytest.raises(Unreachable):
            await way.delta_list()
    assert len(seen) == 1


async def test_a_list_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "CRL_LIMIT", 1000)
    async with door(says("200 OK", bytes(1001))) as url:
        with pytest.raises(Unreachable):
            await road(url, 2).full_list()


async def test_lists_are_fetched_once_a_minute_for_everybody() -> None:
    seen: list[bytes] = []
    async with door(says("200 OK", b"list", seen)) as url:
        way = road(url, 2)
        first = await asyncio.gather(*(way.lists() for _ in range(5)))
    assert first == [Lists(b"list", None)] * 5
    assert len(seen) == 1
