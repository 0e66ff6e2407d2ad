"""The octets of a revocation list, walked once: no object is made for an entry (RFC 5280 5.1).

A full list of the national authority has some 420,000 entries in 22 MB. Everything but the entries is read by the
cryptographic library from a husk: the same list with its entries taken out. The entries themselves are walked here.
"""

import re
import time
from array import array
from dataclasses import dataclass

from cryptography import x509

from services.auth.signature.crl_table import SERIAL_OCTETS, SerialTable

Octets = bytes | bytearray
_SEQUENCE, _INTEGER, _UTC_TIME, _GENERALIZED_TIME, _EXTENSIONS = 0x30, 0x02, 0x17, 0x18, 0xA0
_LONG = 0x80
_LENGTH_OCTETS = 4
_BREATH = 4096
"""After so many entries other threads get their turn: the list is loaded beside a running service."""

_CRITICAL = re.compile(rb"\x01\x01\xff\x04")
_REMOVAL = re.compile(rb"\x06\x03\x55\x1d\x15(?:\x01\x01\xff)?\x04\x03\x0a\x01\x08")
"""An extension marked critical; the reason removeFromCRL (RFC 5280 5.3.1). Hits are looked at, never believed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One DER element: where it begins, where its content begins, and where it ends."""

    tag: int
    begin: int
    content: int
    end: int


@dataclass(frozen=True, slots=True)
class Outline:
    """A revocation list taken apart; nothing in it is verified yet, and its entries have not been looked at.

    `husk` is the list without its entries, as the library reads it: its dates, names, extensions, algorithm and signature.
    """

    octets: Octets
    husk: x509.CertificateRevocationList
    signed: Part
    entries: Part | None

    @property
    def signed_octets(self) -> memoryview:
        """What the signature is over."""
        return memoryview(self.octets)[self.signed.begin : self.signed.end]


def outlined(octets: Octets) -> Outline:
    """The list taken apart; raises ValueError for anything that is not one list and nothing else."""
    whole = _part(octets, 0, len(octets))
    signed, algorithm, signature = _parts(octets, whole, _SEQUENCE)
    inner = _parts(octets, signed, _SEQUENCE)
    if whole.end != len(octets) or [part.tag for part in inner[:3]] != [_INTEGER, _SEQUENCE, _SEQUENCE]:
        raise ValueError("not a version 2 list")
    if _raw(octets, inner[1]) != _raw(octets, algorithm):
        raise ValueError("the algorithm within is not the algorithm without")
    dates = [part for part in inner[3:5] if part.tag in {_UTC_TIME, _GENERALIZED_TIME}]
    rest = inner[3 + len(dates) :]
    entries = rest[0] if rest and rest[0].tag == _SEQUENCE else None
    if [part.tag for part in rest if part is not entries] != [_EXTENSIONS]:
        raise ValueError("not the parts of a list")
    kept = b"".join(_raw(octets, part) for part in inner if part is not entries)
    husk = _sequence(_sequence(kept) + _raw(octets, algorithm) + _raw(octets, signature))
    return Outline(octets, x509.load_der_x509_crl(husk), signed, entries)


def table_of(outline: Outline) -> SerialTable:
    """The serial numbers of all entries; raises ValueError for entries out of form or not understood."""
    begins = array("I")
    if outline.entries is None:
        return SerialTable(outline.octets, begins)
    at, end = outline.entries.content, outline.entries.end
    while at < end:
        at = _walk(outline.octets, at, end, begins)
        time.sleep(0)
    _ensure_understood(outline, begins)
    return SerialTable(outline.octets, begins)


def removals(outline: Outline) -> frozenset[int]:
    """Serial numbers that a delta takes back from its base (reason removeFromCRL)."""
    found = _entries_with(outline, _REMOVAL)
    return frozenset(entry.serial_number for entry in found if _reason(entry) is x509.ReasonFlags.remove_from_crl)


def _walk(octets: Octets, at: int, end: int, begins: "array[int]") -> int:
    """Notes where the serial number (its length octet) of the next entries stands; returns where the walk paused."""
    for _ in range(_BREATH):
        if at >= end:
            break
        length, content = octets[at + 1], at + 2
        if length >= _LONG:
            part = _part(octets, at, end)
            content, length = part.content, part.end - part.content
        size = octets[content + 1]
        if octets[at] != _SEQUENCE or octets[content] != _INTEGER or not 0 < size <= SERIAL_OCTETS + 1:
            raise ValueError("not an entry")
        if size > SERIAL_OCTETS and octets[content + 2]:
            raise ValueError("a serial number longer than RFC 5280 allows")
        if content + 2 + size > content + length or content + length > end:
            raise ValueError("an entry beyond its end")
        begins.append(content + 1)
        at = content + length
    return at


def _ensure_understood(outline: Outline, begins: "array[int]") -> None:
    """A critical extension of an entry that is not understood spoils the list (RFC 5280 5.3)."""
    if begins and any(_has_foreign_critical(entry) for entry in _entries_with(outline, _CRITICAL)):
        raise ValueError("an entry says something critical that is not understood")


def _has_foreign_critical(entry: x509.RevokedCertificate) -> bool:
    return any(one.critical and not isinstance(one.value, x509.CRLReason) for one in entry.extensions)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None


def _entries_with(outline: Outline, pattern: re.Pattern[bytes]) -> list[x509.RevokedCertificate]:
    """The entries in which the pattern occurs, read by the library; few, for full lists say nothing critical."""
    entries = outline.entries
    if entries is None:
        return []
    hits = [match.start() for match in pattern.finditer(outline.octets, entries.content, entries.end)]
    found: list[bytes] = []
    at = entries.content
    for hit in hits:
        while at <= hit:
            part = _part(outline.octets, at, entries.end)
            at = part.end
        if hit >= part.begin:
            found.append(_raw(outline.octets, part))
    return _read(outline, b"".join(dict.fromkeys(found)))


def _read(outline: Outline, entries: bytes) -> list[x509.RevokedCertificate]:
    """Some entries, put into a husk that is never verified."""
    octets = outline.octets
    if not entries:
        return []
    kept = [_raw(octets, part) for part in _parts(octets, outline.signed, _SEQUENCE) if part != outline.entries]
    whole = _parts(octets, _part(octets, 0, len(octets)), _SEQUENCE)
    signed = _sequence(b"".join([*kept[:-1], _sequence(entries), kept[-1]]))
    return list(x509.load_der_x509_crl(_sequence(signed + _raw(octets, whole[1]) + _raw(octets, whole[2]))))


def _parts(octets: Octets, whole: Part, tag: int) -> list[Part]:
    if whole.tag != tag:
        raise ValueError("not a sequence")
    found, at = [], whole.content
    while at < whole.end:
        found.append(_part(octets, at, whole.end))
        at = found[-1].end
    return found


def _part(octets: Octets, begin: int, end: int) -> Part:
    """The element that begins there; ValueError unless it ends by `end` and its length is in its shortest form."""
    if begin + 2 > end:
        raise ValueError("cut short")
    length, content = octets[begin + 1], begin + 2
    if length >= _LONG:
        count = length - _LONG
        content += count
        length = int.from_bytes(octets[begin + 2 : content], "big")
        if not 0 < count <= _LENGTH_OCTETS or length < _LONG or length >> 8 * (count - 1) == 0:
            raise ValueError("a length out of form")
    if content + length > end:
        raise ValueError("cut short")
    return Part(octets[begin], begin, content, content + length)


def _raw(octets: Octets, part: Part) -> bytes:
    return bytes(octets[part.begin : part.end])


def _sequence(content: bytes) -> bytes:
    size = len(content)
    if size < _LONG:
        return bytes((_SEQUENCE, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((_SEQUENCE, _LONG + len(length))) + length + content
