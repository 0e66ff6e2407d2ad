"""Login verification: chain, OCSP answer, strict XML, each person another; yardstick: the raw RSA-2048 verify rate."""

import asyncio
import statistics
import time
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from benchmarks.figures import ratio, row
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage, make_responder
from doubles.nca.iin import make_iin
from doubles.nca.keys import new_key
from doubles.ncalayer.sign import sign_xml
from services.auth.domain.revocation import Lists, Unreachable
from services.auth.domain.verdict import Indication
from services.auth.signature import certificate
from services.auth.signature.trust import Trust
from services.auth.signature.verifier import Verifier

PEOPLE = 60
ROUNDS = 4
RAW_PER_LOGIN = 20
KEY_BITS_OF_THE_AUTHORITY = 4096
"""As the national issuing authority's own; responders and people have 2048."""
NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
PROMISED = 75


class Answers:
    """The authority's answers, each made once, before anything is measured."""

    def __init__(self, authority: TestAuthority) -> None:
        self._authority = authority
        self._made: dict[bytes, bytes] = {}

    async def ocsp(self, request: bytes) -> bytes:
        """The answer; the questions are the same in every round, for here their number used once is a fixed one."""
        if request not in self._made:
            self._made[request] = self._authority.ocsp(request)
        return self._made[request]

    async def lists(self) -> Lists:
        """Never needed here."""
        raise Unreachable


def main() -> None:
    """Raw verifications and whole logins in turn, so that both meet the same machine; time is that of this process alone."""
    authority = TestAuthority(now=lambda: NOW, ca_bits=KEY_BITS_OF_THE_AUTHORITY)
    responder = make_responder(new_key(), authority.issuing, NOW - timedelta(days=30))
    authority.ledger.keep("ca/ocsp", responder)
    verifier = Verifier(Trust.of(authority.anchors), Answers(authority), bytes)
    logins = signed_logins(authority)
    ours, raw = asyncio.run(_in_turn(verifier, logins, new_key()))
    print(f"  {'logins per second of one core':<34} {1 / statistics.median(ours):8.0f}")
    row("raw RSA-2048 verification", raw)
    row("whole login verification", ours)
    ratio("login", ours, raw, f"at most {PROMISED} x")


def signed_logins(authority: TestAuthority) -> list[tuple[bytes, bytes]]:
    """Issued and signed documents of different people; they share a key pair, for making one costs more than all else."""
    key = new_key()
    made = []
    for number in range(PEOPLE):
        person = Subject(make_iin(NOW.date().replace(year=1990), female=True, serial=1 + number), "СЫНАҚОВА", "АЙ")
        issued = f'<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><nonce>{number:064}</nonce></login>'
        signed = sign_xml(issued, authority.issue(person, Usage.AUTH, key)).encode()
        made.append((issued.encode(), signed))
    return made


async def _in_turn(
    verifier: Verifier, logins: list[tuple[bytes, bytes]], key: rsa.RSAPrivateKey
) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    raw: list[float] = []
    for issued, signed in logins:
        await verified(verifier, issued, signed)
    for issued, signed in logins * ROUNDS:
        ours.append(await verified(verifier, issued, signed))
        raw += _raw(key)
    return ours, raw


async def verified(verifier: Verifier, issued: bytes, signed: bytes) -> float:
    """Seconds of the processor for one login; RuntimeError when it is refused."""
    begun = time.process_time()
    judged = await verifier.judge(signed, issued=issued, usage=certificate.Usage.LOGIN, at=NOW)
    taken = time.process_time() - begun
    if judged.verdict.indication is not Indication.PASSED:
        raise RuntimeError(f"a login was not taken: {judged.verdict.finding}")
    return taken


def _raw(key: rsa.RSAPrivateKey) -> list[float]:
    content, public = b"x" * 256, key.public_key()
    signature = key.sign(content, padding.PKCS1v15(), hashes.SHA256())
    taken = []
    for _ in range(RAW_PER_LOGIN):
        begun = time.process_time()
        public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        taken.append(time.process_time() - begun)
    return taken
