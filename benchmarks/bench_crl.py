"""Revocation list of 422,000 entries: load, memory, look-up; yardstick: `cryptography` and a frozenset of its numbers."""

import asyncio
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from benchmarks.figures import ratio, row
from benchmarks.long_list import ENTRIES, long_list, serials
from doubles.nca.authority import TestAuthority
from services.auth.signature.crl import loaded

ROUNDS = 5
LOOK_UPS = 20_000
BEGINS = datetime(2026, 3, 2, tzinfo=UTC)
_KILOBYTES = 1024
_T = TypeVar("_T")


def main() -> None:
    """Each side in a process of its own, so that its memory is its own; loading in processor time, of one core."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        ours = _told("ours", folder)
        theirs = _told("yardstick", folder)
    row("load, ours", ours[0])
    row("load, yardstick", theirs[0])
    ratio("load", ours[0], theirs[0], "at most 1.5 s")
    print(
        f"  {'memory at the peak, ours':<34} {ours[1][0]:8.1f} MB   (promised: at most 40, the list of 22 MB included)"
    )
    print(f"  {'memory at the peak, yardstick':<34} {theirs[1][0]:8.1f} MB")
    print(f"  {'look-up, ours':<34} {1e6 * statistics.median(ours[2]):8.2f} us   (promised: at most 5)")
    print(f"  {'look-up, yardstick':<34} {1e6 * statistics.median(theirs[2]):8.2f} us")
    ratio("look-up", ours[2], theirs[2])
    print(f"  {'longest pause of the event loop':<34} {1000 * ours[3][0]:8.1f} ms while a list is loaded")
    print(f"  {'look-up by cryptography alone':<34} {1000 * theirs[3][0]:8.1f} ms")


def _write(folder: Path) -> None:
    issuing = TestAuthority(now=lambda: BEGINS).issuing
    if not isinstance(issuing.key, rsa.RSAPrivateKey):
        raise TypeError("the test authority signs with RSA")
    octets = long_list(issuing.cert, issuing.key, serials(), BEGINS, BEGINS + timedelta(hours=27))
    (folder / "long.crl").write_bytes(octets)
    (folder / "issuer.der").write_bytes(issuing.der)


def _told(side: str, folder: str) -> list[list[float]]:
    words = [sys.executable, "-m", "benchmarks.bench_crl", side, folder]
    said = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode()
    return [[float(value) for value in line.split()] for line in said.splitlines()]


def _ours(folder: Path) -> None:
    issuer = x509.load_der_x509_certificate((folder / "issuer.der").read_bytes())
    before = _peak()
    known, first = _timed(lambda: loaded((folder / "long.crl").read_bytes(), [issuer]))
    grown = _peak() - before
    loads = [first] + [
        _timed(lambda: loaded((folder / "long.crl").read_bytes(), [issuer]))[1] for _ in range(ROUNDS - 1)
    ]
    table = known.listed
    _say(loads, [grown], _look_ups(lambda serial: serial in table), [asyncio.run(_pause(folder, issuer))])


def _yardstick(folder: Path) -> None:
    issuer = x509.load_der_x509_certificate((folder / "issuer.der").read_bytes())
    before = _peak()
    (numbers, content), first = _timed(lambda: _by_library(folder, issuer))
    grown = _peak() - before
    loads = [first] + [_timed(lambda: _by_library(folder, issuer))[1] for _ in range(1)]
    alone = _timed(lambda: content.get_revoked_certificate_by_serial_number(1))[1]
    _say(loads, [grown], _look_ups(lambda serial: serial in numbers), [alone])


def _by_library(folder: Path, issuer: x509.Certificate) -> tuple[frozenset[int], x509.CertificateRevocationList]:
    content = x509.load_der_x509_crl((folder / "long.crl").read_bytes())
    key = issuer.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not content.is_signature_valid(key):
        raise ValueError("the list is not the issuer's")
    return frozenset(entry.serial_number for entry in content), content


def _look_ups(is_listed: Callable[[int], bool]) -> list[float]:
    """Half of them listed, in the order of people coming; seconds each, by the hundred."""
    drawn = random.Random(2)
    listed = [int.from_bytes(each, "big") for each in serials()[:: ENTRIES // (LOOK_UPS // 2)]]
    asked = listed + [drawn.getrandbits(159) for _ in listed]
    drawn.shuffle(asked)
    spent = []
    for at in range(0, len(asked), 100):
        begun = time.perf_counter()
        for serial in asked[at : at + 100]:
            is_listed(serial)
        spent.append((time.perf_counter() - begun) / 100)
    return spent


async def _pause(folder: Path, issuer: x509.Certificate) -> float:
    """The longest time the event loop was kept from its work while a list was loaded beside it."""
    loading = asyncio.create_task(asyncio.to_thread(loaded, (folder / "long.crl").read_bytes(), [issuer]))
    longest, seen = 0.0, time.perf_counter()
    while not loading.done():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest, seen = max(longest, now - seen - 0.001), now
    return longest


def _timed(do: Callable[[], _T]) -> tuple[_T, float]:
    begun = time.process_time()
    done = do()
    return done, time.process_time() - begun


def _peak() -> float:
    """The most this process has ever had in memory. (`getrusage` would count the parent's, from before the fork.)"""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / _KILOBYTES


def _say(*lines: list[float]) -> None:
    for line in lines:
        print(*line)


if __name__ == "__main__":
    {"ours": _ours, "yardstick": _yardstick}[sys.argv[1]](Path(sys.argv[2]))
