"""Real letters through a real server; skipped only where postfix is not installed or the tests do not run as root."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiosmtplib
import httpx
import pytest
from fastapi import FastAPI

from doubles.mailbox.api import make_app

pytestmark = pytest.mark.skipif(
    shutil.which("postfix", path=f"{os.defpath}:/usr/sbin") is None or os.geteuid() != 0,
    reason="needs postfix and root",
)
PARENT = "Parent.One@Example.KZ"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(run_dir: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The server in a folder of its own; stopped and proved gone afterwards."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "doubles.mailbox.postfix",
        "--run-dir",
        str(run_dir),
        "--port",
        str(port),
        "--serve",
    ]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            if is_open(port):
                break
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(10)
    for _ in range(100):
        if not is_open(port):
            break
        time.sleep(0.1)  # its workers share the port and leave a moment after it
    assert not is_open(port)


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """In a folder closed to everybody but its owner, as an instance's folder is."""
    run_dir = tmp_path_factory.mktemp("run")
    run_dir.chmod(0o700)
    with running(run_dir) as (port, _):
        yield port, run_dir / "mail"


@pytest.fixture
async def reader(
    server: tuple[int, Path], serve: Callable[[FastAPI], Awaitable[str]]
) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://{await serve(make_app(server[1] / 'mailboxes'))}") as client:
        yield client


def letter(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "zholdama@city.test", to, "<1@city.test>"
    message["Subject"] = "Кезегіңіз келді"
    message.set_content("Сіздің кезегіңіз келді.\n")
    message.add_alternative("<p>Сіздің кезегіңіз келді.</p>", subtype="html")
    return message


async def inbox(reader: httpx.AsyncClient, address: str, wanted: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for _ in range(50):
        found = (await reader.post("/inbox", json={"address": address})).json()
        if len(found) >= wanted:
            break
        await asyncio.sleep(0.1)
    return found


async def test_a_letter_arrives_whole_and_only_at_its_address(
    server: tuple[int, Path], reader: httpx.AsyncClient
) -> None:
    await aiosmtplib.send(letter(PARENT), hostname="127.0.0.1", port=server[0], start_tls=False)
    await aiosmtplib.send(letter("other@example.kz"), hostname="127.0.0.1", port=server[0], start_tls=False)
    (found,) = await inbox(reader, PARENT.lower(), 1)
    assert found["subject"] == "Кезегіңіз келді"
    assert found["text"] == "Сіздің кезегіңіз келді.\n"
    assert "<p>" in found["html"]
    assert found["message_id"] == "<1@city.test>"
    assert len(await inbox(reader, "other@example.kz", 1)) == 1
    assert await inbox(reader, "nobody@example.kz", 0) == []


@pytest.mark.parametrize(("domain", "code"), [("refused.test", 550), ("later.test", 451)])
async def test_two_domains_are_never_taken(server: tuple[int, Path], domain: str, code: int) -> None:
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await aiosmtplib.send(letter(f"x@{domain}"), hostname="127.0.0.1", port=server[0], start_tls=False)
    assert refused.value.recipients[0].code == code


def test_the_started_process_is_the_server_itself(tmp_path: Path) -> None:
    with running(tmp_path) as (_, process):
        assert int((tmp_path / "mail/queue/pid/master.pid").read_text()) == process.pid
