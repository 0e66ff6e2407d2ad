"""Looks for invented people in anything: plain, escaped, in base64, hex, URL encoding, inside DER and PDF streams."""

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes

from confluent_kafka import Consumer, TopicPartition

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
ESCAPED = re.compile(rb"\\u([0-9a-fA-F]{4})")
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
TWELVE = re.compile(rb"(?=(\d{12}))")
TWELVE_WIDE = re.compile(rb"(?=((?:\x00\d){12}))")
"""All IINs at once, since there are many."""
UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Ids are everywhere and wrap nothing."""
GAP = b"\n\n"
DEEP = 3
"""Wrappings inside wrappings that are opened."""


def names_of(canaries: Iterable[str], data: bytes) -> set[str]:
    """Which of the canaries are in the data, however they are wrapped."""
    everything = GAP.join(layers(data, DEEP))
    digits = {found[1].decode() for found in TWELVE.finditer(everything)}
    digits |= {found[1].decode("utf-16-be") for found in TWELVE_WIDE.finditer(everything)}
    numbers = {canary for canary in canaries if canary.isdigit() and len(canary) == 12}
    words = set(canaries) - numbers
    return (numbers & digits) | {word for word in words if any(form in everything for form in forms(word))}


def forms(canary: str) -> Iterator[bytes]:
    """A text as bytes in the encodings that documents and certificates use, in either case."""
    for text in {canary, canary.upper(), canary.lower()}:
        yield text.encode()
        yield text.encode("utf-16-be")


def layers(data: bytes, deep: int) -> Iterator[bytes]:
    """The data, then all that can be unwrapped from it, then all that can be unwrapped from that, and so on."""
    yield data
    for _ in range(deep):
        data = GAP.join(unwrapped(data))
        yield data


def unwrapped(data: bytes) -> Iterator[bytes]:
    """Each wrapping taken off once."""
    data = UUID.sub(b"|", data)
    if b"%" in data:
        yield unquote_to_bytes(data)
    if b"\\u" in data:
        yield ESCAPED.sub(lambda found: chr(int(found[1], 16)).encode("utf-8", "replace"), data)
    for run in set(HEX.findall(data)):
        yield binascii.unhexlify(run)
    for run in set(BASE64.findall(data)):
        yield from decoded(run.rstrip(b"="))
    for found in STREAM.finditer(data):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue


def decoded(run: bytes) -> Iterator[bytes]:
    """A run of base64 letters, read from each of the four places where a group may begin."""
    plain = run.replace(b"-", b"+").replace(b"_", b"/")
    for shift in range(4):
        part = plain[shift:]
        try:
            yield base64.b64decode(part[: len(part) - len(part) % 4])
        except binascii.Error:
            continue


def everything_said(kafka: dict[str, str], about: str = "zholdama.") -> dict[str, bytes]:
    """All keys, headers and values of the topics whose names begin so, from their beginning."""
    consumer = Consumer(kafka | {"group.id": "nobody", "enable.auto.commit": False})
    said: dict[str, list[bytes]] = {}
    try:
        ends: dict[tuple[str, int], int] = {}
        for topic, told in consumer.list_topics(timeout=10).topics.items():
            for number in told.partitions if topic.startswith(about) else ():
                ends[topic, number] = consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=10)[1]
        unread = {place for place, end in ends.items() if end > 0}
        consumer.assign([TopicPartition(topic, number, 0) for topic, number in unread])
        while unread:
            message = consumer.poll(10)
            assert message is not None, f"nothing more comes from {unread}"
            assert message.error() is None
            place = str(message.topic()), int(message.partition() or 0)
            headers: Any = message.headers() or ()
            values = [value if isinstance(value, bytes) else str(value).encode() for _, value in headers]
            said.setdefault(place[0], []).extend([message.key() or b"", message.value() or b"", *values])
            if (message.offset() or 0) >= ends[place] - 1:
                unread.discard(place)
    finally:
        consumer.close()
    return {topic: b"\n".join(parts) for topic, parts in said.items()}
