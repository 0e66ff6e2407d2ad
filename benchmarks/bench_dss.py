"""Login verification: the same signed documents judged by EU DSS 6.3 and by us, in turn on one core; yardstick: EU DSS.

Both are offline, have the OCSP answers at hand and judge at the same moment; time is processor time of the process.
"""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from benchmarks.bench_login import KEY_BITS_OF_THE_AUTHORITY, NOW, PEOPLE, Answers, signed_logins, verified
from benchmarks.figures import ratio
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import make_responder
from doubles.nca.keys import new_key
from services.auth.signature.trust import Trust
from services.auth.signature.verifier import Verifier

PROJECT = Path(__file__).parent / "dss"
ENTRY = "zholdama.dss.Logins"
EARLY_ROUNDS = 5
WARM_UP_ROUNDS = 25
"""EU DSS goes on getting faster for some thousands of documents; its documents 301 to 600 are shown beside."""
ROUNDS = 12
PROMISED = 8
MODES = {"whole": "EU DSS as it comes", "least": "EU DSS given the least work"}
NAMES = MODES | {"ours": "ours", "early": "EU DSS, its documents 301-600"}
"""As it comes it reads each OCSP answer with its document, as we do; the other shows how much room there is."""


class Heard(Answers):
    """The answers, and the one given last."""

    last = b""

    async def ocsp(self, request: bytes) -> bytes:
        """Kept, so that it can be laid beside its document."""
        self.last = await super().ocsp(request)
        return self.last


@dataclass(slots=True)
class Judge:
    """One who judges every document in a round: documents per second of each round, and the verdicts met."""

    rates: list[float] = field(default_factory=list)
    verdicts: dict[str, int] = field(default_factory=dict)

    def add(self, seconds: float, verdicts: dict[str, int]) -> None:
        """A round."""
        self.rates.append(PEOPLE / seconds)
        for name, count in verdicts.items():
            self.verdicts[name] = self.verdicts.get(name, 0) + count


def main() -> None:
    """Fetches and compiles, makes the documents, warms both up, then measures them round by round."""
    maven, java = shutil.which("mvn"), shutil.which("java")
    if maven is None or java is None:
        raise SystemExit("Install Maven and a JDK of version 17 or later (mvn and java) to measure beside EU DSS.")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        classpath = _built(maven, folder / "build")
        _say(f"signing {PEOPLE} documents of different people")
        verifier, logins = _made(folder)
        words = [java, "-XX:ActiveProcessorCount=1", "-cp", classpath, ENTRY, temporary, NOW.isoformat()]
        with _one_core():
            judges = _beside(words, folder / "errors", verifier, logins)
    _print(judges)


def _say(step: str) -> None:
    print(f"  {step} ...", flush=True)


def _built(maven: str, folder: Path) -> str:
    """The class path of EU DSS and of what drives it."""
    _say("fetching EU DSS with Maven and compiling (a few minutes the first time)")
    listed = folder / "classpath"
    words = [maven, "-q", "-B", "-f", str(PROJECT / "pom.xml"), f"-Dfolder={folder}", f"-Dmdep.outputFile={listed}"]
    done = subprocess.run(
        [*words, "compile", "dependency:build-classpath"], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"Maven could not fetch or compile EU DSS:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return os.pathsep.join((str(folder / "classes"), listed.read_text().strip()))


def _made(folder: Path) -> tuple[Verifier, list[tuple[bytes, bytes]]]:
    """The documents of the login benchmark; each lies in the folder with the answer about its signer."""
    authority = TestAuthority(now=lambda: NOW, ca_bits=KEY_BITS_OF_THE_AUTHORITY)
    authority.ledger.keep("ca/ocsp", make_responder(new_key(), authority.issuing, NOW - timedelta(days=30)))
    authority.write_anchors(folder)
    heard = Heard(authority)
    verifier, logins = Verifier(Trust.of(authority.anchors), heard, bytes), signed_logins(authority)
    for number, (issued, signed) in enumerate(logins):
        asyncio.run(verified(verifier, issued, signed))
        (folder / f"{number}.xml").write_bytes(signed)
        (folder / f"{number}.ocsp").write_bytes(heard.last)
    return verifier, logins


@contextmanager
def _one_core() -> Iterator[None]:
    """This process and what it starts share one core, where the system can say so."""
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def _beside(words: list[str], errors: Path, verifier: Verifier, logins: list[tuple[bytes, bytes]]) -> dict[str, Judge]:
    """EU DSS lives from the warming up to the last round; SystemExit with its last words when it ends before."""
    try:
        with errors.open("w") as heard, _started(words, heard) as dss:
            try:
                return _in_turn(dss, verifier, logins)
            finally:
                dss.kill()
    except BrokenPipeError:
        raise SystemExit(f"EU DSS ended early:\n{errors.read_text()[-2000:]}") from None


def _started(words: list[str], errors: TextIO) -> "subprocess.Popen[str]":
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True)


def _in_turn(dss: "subprocess.Popen[str]", verifier: Verifier, logins: list[tuple[bytes, bytes]]) -> dict[str, Judge]:
    judges = {name: Judge() for name in ("ours", "early", *MODES)}
    _say(f"warming EU DSS up with {WARM_UP_ROUNDS * PEOPLE} documents each way")
    for number in range(2 * EARLY_ROUNDS):
        told = _asked(dss, "whole")
        if number >= EARLY_ROUNDS:
            judges["early"].add(*told)
    for _ in range(WARM_UP_ROUNDS):
        for mode in MODES:
            _asked(dss, mode)
    _say(f"measuring {ROUNDS} rounds of {PEOPLE} documents")
    for _ in range(ROUNDS):
        judges["ours"].add(asyncio.run(_round(verifier, logins)), {"PASSED": PEOPLE})
        for mode in MODES:
            judges[mode].add(*_asked(dss, mode))
    return judges


async def _round(verifier: Verifier, logins: list[tuple[bytes, bytes]]) -> float:
    """Seconds; a login that is not taken ends the benchmark."""
    return sum([await verified(verifier, issued, signed) for issued, signed in logins])


def _asked(dss: "subprocess.Popen[str]", mode: str) -> tuple[float, dict[str, int]]:
    """Seconds and verdicts of one round of EU DSS."""
    if dss.stdin is None or dss.stdout is None:
        raise BrokenPipeError
    dss.stdin.write(f"{mode}\n")
    dss.stdin.flush()
    told = dss.stdout.readline().split()
    if not told:
        raise BrokenPipeError
    verdicts = dict(word.split("=") for word in told[1:])
    return int(told[0]) / 1e9, {name: int(count) for name, count in verdicts.items()}


def _print(judges: dict[str, Judge]) -> None:
    for name, judge in judges.items():
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(judge.verdicts.items()))
        rate = statistics.median(judge.rates)
        print(f"  {NAMES[name]:<34} {rate:8.0f} documents per second of one core   ({verdicts})")
    ours = judges["ours"].rates
    ratio("ours beside EU DSS", ours, judges["whole"].rates, f"at least {PROMISED} x")
    ratio("ours beside its documents 301-600", ours, judges["early"].rates)
    ratio("ours beside its least work", ours, judges["least"].rates)
