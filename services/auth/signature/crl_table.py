"""Serial numbers of revoked certificates, packed: twenty octets each, found in a microsecond."""

import time
from array import array
from itertools import accumulate

SERIAL_OCTETS = 20
"""The longest serial number a certificate may have (RFC 5280 4.1.2.2)."""

_LEAST, _MOST = -(1 << 159), (1 << 160) - 1
_BUCKETS = 1 << 16
_BREATH = 8192


class SerialTable:
    """Rows of twenty octets, sorted into buckets by their last two; authorities draw serial numbers at random.

    `begins` are the places in `octets` where the length of a serial number (DER INTEGER) stands.
    """

    __slots__ = ("_ends", "_rows")

    def __init__(self, octets: bytes | bytearray, begins: "array[int]") -> None:
        counts = array("I", bytes(4 * (_BUCKETS + 1)))
        for begin in begins:
            counts[_bucket(octets, begin) + 1] += 1
        free = array("I", accumulate(counts))
        self._rows = bytearray(SERIAL_OCTETS * len(begins))
        for first in range(0, len(begins), _BREATH):
            self._place(octets, begins[first : first + _BREATH], free)
            time.sleep(0)
        self._ends = free[:_BUCKETS]

    def _place(self, octets: bytes | bytearray, begins: "array[int]", free: "array[int]") -> None:
        """Puts serial numbers into their rows. In the end `free` of a bucket is where the bucket ends."""
        rows = self._rows
        for begin in begins:
            size = octets[begin]
            stop = begin + 1 + size
            bucket = _bucket(octets, begin)
            end = SERIAL_OCTETS * (free[bucket] + 1)
            free[bucket] += 1
            if size < SERIAL_OCTETS:
                rows[end - SERIAL_OCTETS : end - size] = bytes((_sign(octets, begin),)) * (SERIAL_OCTETS - size)
            else:
                size = SERIAL_OCTETS
            rows[end - size : end] = octets[stop - size : stop]

    def __contains__(self, serial: object) -> bool:
        if not isinstance(serial, int) or not _LEAST <= serial <= _MOST:
            return False
        row = serial.to_bytes(SERIAL_OCTETS, "big", signed=serial < 0)
        bucket = serial & (_BUCKETS - 1)
        end = SERIAL_OCTETS * self._ends[bucket]
        at = SERIAL_OCTETS * self._ends[bucket - 1] if bucket else 0
        while (at := self._rows.find(row, at, end)) >= 0:
            if at % SERIAL_OCTETS == 0:
                return True
            at += 1
        return False

    def __len__(self) -> int:
        return len(self._rows) // SERIAL_OCTETS

    @property
    def nbytes(self) -> int:
        """Memory the table takes."""
        return len(self._rows) + self._ends.itemsize * len(self._ends)


def _bucket(octets: bytes | bytearray, begin: int) -> int:
    """The last two octets of the serial number as DER would go on extending it."""
    stop = begin + octets[begin]
    return octets[stop] | (octets[stop - 1] << 8 if octets[begin] > 1 else _sign(octets, begin) << 8)


def _sign(octets: bytes | bytearray, begin: int) -> int:
    """The octet that goes before a short number: zero, or all ones before a negative one."""
    return 0xFF if octets[begin + 1] & 0x80 else 0
