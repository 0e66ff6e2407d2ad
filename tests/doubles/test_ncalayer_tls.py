"""NCALayer listens with TLS as the real program does, under a root that only a test's browser is told to trust."""

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import websockets

from doubles.ncalayer.loopback import listener

ROOT = Path(__file__).parents[2]
TODAY = datetime(2026, 11, 20, tzinfo=UTC)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, int]]:
    """The running program: its plain port and the one with TLS."""
    ports = free_port(), free_port()
    told = {"PORT": ports[0], "NCALAYER_WSS_PORT": ports[1], "NCA_URL": "http://127.0.0.1:9", "RUN_DIR": tmp_path}
    for name, value in told.items():
        monkeypatch.setenv(f"ZHOLDAMA_{name}", str(value))
    with subprocess.Popen([sys.executable, "-m", "doubles.ncalayer"], cwd=ROOT) as process:
        end = time.monotonic() + 20
        while any(closed(port) for port in ports) and time.monotonic() < end:
            time.sleep(0.05)
        yield ports
        process.terminate()
        process.wait(10)


def closed(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


async def test_both_listeners_greet_and_only_the_test_root_vouches_for_the_secure_one(
    computer: tuple[int, int], tmp_path: Path
) -> None:
    plain, secure = computer
    trusting = ssl.create_default_context(cafile=tmp_path / "ncalayer" / "root.pem")
    greetings = []
    async with websockets.connect(f"ws://127.0.0.1:{plain}/") as told:
        greetings.append(json.loads(await told.recv()))
    for host in ("127.0.0.1", "localhost"):
        async with websockets.connect(f"wss://{host}:{secure}/", ssl=trusting) as told:
            greetings.append(json.loads(await told.recv()))
    assert greetings == [{"result": {"version": "1.4"}}] * 3
    with pytest.raises(ssl.SSLCertVerificationError):
        await websockets.connect(f"wss://127.0.0.1:{secure}/")


def test_the_certificate_is_made_once_and_again_before_it_ends(tmp_path: Path) -> None:
    first = listener(tmp_path, TODAY).certificate.read_bytes()
    assert listener(tmp_path, TODAY + timedelta(days=300)).certificate.read_bytes() == first
    assert listener(tmp_path, TODAY + timedelta(days=364)).certificate.read_bytes() != first
    assert (tmp_path / "computer.key").stat().st_mode & 0o077 == 0
