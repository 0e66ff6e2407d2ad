"""A small document may be made to be slow to judge. None takes a core for long, whatever it is made of."""

import time
from collections.abc import Callable

import pytest

from services.auth.domain.verdict import Finding
from services.auth.signature.document import MAX_BYTES, MAX_NAMESPACES, MAX_NODES
from tests.auth.corpora.answers import ensure_refused_or_the_same, signed

SECONDS = 0.5
ROOM = MAX_BYTES - 10_000


def put(piece: bytes) -> bytes:
    return signed().replace(b"<purpose>", piece + b"<purpose>")


def filled(unit: Callable[[int], bytes], room: int = ROOM) -> bytes:
    """As many units as there is room for."""
    return b"".join(unit(at) for at in range(room // len(unit(99_999))))


def namespaces(count: int) -> bytes:
    return b"".join(b' xmlns:n%d="u:%d"' % (at, at) for at in range(count))


HEAVY: dict[str, Callable[[], bytes]] = {
    "attributes": lambda: put(b"<a" + filled(lambda at: b' a%d="1"' % at) + b"/>"),
    "namespaces over many elements": lambda: put(b"<a" + namespaces(2000) + b">" + b"<b/>" * 1900 + b"</a>"),
    "namespaces as many as may be": lambda: put(
        b"<a" + namespaces(MAX_NAMESPACES - 2) + b">" + b"<b/>" * 1900 + b"</a>"
    ),
    "namespaces nested": lambda: put(
        b"".join(b"<a" + namespaces(10) + b">" for _ in range(200)) + b"<b/>" * 1000 + b"</a>" * 200
    ),
    "elements nested": lambda: put(b"<a>" * 250 + b"</a>" * 250),
    "references to characters": lambda: put(b"<a>" + b"&#65;" * (ROOM // 5) + b"</a>"),
    "one text": lambda: put(b"<a>" + b"x" * ROOM + b"</a>"),
    "line ends": lambda: put(b"<a>" + b"\r" * ROOM + b"</a>"),
    "line ends in an attribute": lambda: put(b'<a b="' + b"\n" * ROOM + b'"/>'),
    "closing brackets": lambda: put(b"<a>" + b"]]" * (ROOM // 2) + b"</a>"),
    "long name": lambda: put(b"<" + b"a" * ROOM + b"/>"),
    "signature value": lambda: signed().replace(b"<ds:SignatureValue>", b"<ds:SignatureValue>" + b"A" * ROOM),
    "blanks in the signature value": lambda: signed().replace(
        b"<ds:SignatureValue>", b"<ds:SignatureValue>" + b" " * ROOM
    ),
    "certificate": lambda: signed().replace(b"<ds:X509Certificate>", b"<ds:X509Certificate>" + b"MIIB" * (ROOM // 4)),
    "open tags": lambda: b"<a>" * (ROOM // 3),
    "open brackets": lambda: b"<" * ROOM,
}


@pytest.mark.parametrize("name", list(HEAVY))
def test_no_document_takes_long(name: str) -> None:
    document = HEAVY[name]()
    assert len(document) <= MAX_BYTES
    begun = time.process_time()
    finding = ensure_refused_or_the_same(document)
    assert time.process_time() - begun < SECONDS
    assert finding is not None or name == "blanks in the signature value"


def test_what_has_too_many_namespaces_or_attributes_is_named() -> None:
    assert ensure_refused_or_the_same(put(b"<a" + namespaces(MAX_NAMESPACES) + b"/>")) is Finding.XML_TOO_MANY_NODES
    few = b" ".join(b'a%d="1"' % at for at in range(MAX_NODES))
    assert ensure_refused_or_the_same(put(b"<a " + few + b"/>")) is Finding.XML_TOO_MANY_NODES
