"""The register of families: a list that was handed over, or a question over HTTP; whatever is odd is no answer."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.auth.domain.iin import Iin
from services.auth.domain.register import NoRegister, RegisterUnreachable
from services.auth.gateways.register import ANSWER_LIMIT, FileRegister, HttpRegister, family_register
from services.auth.settings import AuthSettings

FATHER, CHILD, OTHER = Iin("880203300122"), Iin("210513600206"), Iin("850405300138")


@contextmanager
def answering(status: int, content: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A register that says one thing to everybody: (its address, the questions it heard)."""
    heard: list[bytes] = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("word", [True, False])
async def test_a_register_is_asked_about_a_pair_and_believed(word: bool) -> None:
    with answering(200, json.dumps({"confirmed": word}).encode()) as (url, heard):
        assert await HttpRegister(url, 2).confirms(FATHER, CHILD) is word
    assert [json.loads(question) for question in heard] == [{"guardian_iin": FATHER, "child_iin": CHILD}]


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (500, b'{"confirmed": true}'),
        (302, b'{"confirmed": true}'),
        (204, b""),
        (200, b""),
        (200, b"yes"),
        (200, b"[true]"),
        (200, b"{}"),
        (200, b'{"confirmed": "true"}'),
        (200, b'{"confirmed": 1}'),
        (200, b'{"confirmed": true, "pad": "' + b"x" * ANSWER_LIMIT + b'"}'),
        (200, b"\xff\xfe"),
    ],
)
async def test_an_odd_answer_is_none(status: int, content: bytes) -> None:
    with answering(status, content) as (url, _), pytest.raises(RegisterUnreachable):
        await HttpRegister(url, 2).confirms(FATHER, CHILD)


async def test_a_register_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    for register in (HttpRegister("http://127.0.0.1:9/", 1), FileRegister(tmp_path / "none.csv")):
        with pytest.raises(RegisterUnreachable):
            await register.confirms(FATHER, CHILD)


async def test_a_list_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "families.csv"
    file.write_text(f"child_iin,guardian_iin,more\n{CHILD},{FATHER},x\n")
    register = FileRegister(file)
    assert await register.confirms(FATHER, CHILD)
    assert not await register.confirms(CHILD, FATHER)
    assert not await register.confirms(OTHER, CHILD)
    file.write_text(f"child_iin,guardian_iin\n{CHILD},{OTHER}\n")
    assert await register.confirms(OTHER, CHILD)
    assert not await register.confirms(FATHER, CHILD)


async def test_a_city_has_one_register_or_none(tmp_path: Path, auth_settings: AuthSettings) -> None:
    assert isinstance(family_register(None, None, 1), NoRegister)
    assert not await NoRegister().confirms(FATHER, CHILD)
    assert isinstance(family_register(tmp_path, None, 1), FileRegister)
    assert isinstance(family_register(None, "http://register.invalid/", 1), HttpRegister)
    both = {"family_register_file": str(tmp_path), "family_register_url": "http://register.invalid/"}
    told = auth_settings.model_dump() | both
    with pytest.raises(ValidationError, match="exclude each other"):
        AuthSettings.model_validate(told)
