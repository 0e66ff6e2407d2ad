"""GOST 34.310-2015: one signature, a whole login, a long list; yardstick: RSA-2048 verification in the same run."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from benchmarks.figures import ratio, row
from benchmarks.gost_made import GostAuthority, GostSigner, parts, sign_xml
from benchmarks.long_list import element, long_list, serials
from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from services.auth.domain.revocation import Lists
from services.auth.signature.crl import loaded
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.keys import has_issued, key_of
from services.auth.signature.gost.native import streebog512
from services.auth.signature.gost.verifier import GostVerifier
from services.auth.signature.profile import Usage as Purpose
from services.auth.signature.trust import Trust

AT = datetime(2026, 3, 2, 7, tzinfo=UTC)
SUBJECT = Subject("900501400117", "СЫНАҚОВА", "ӘЙГЕРІМ", "СЕРІКҚЫЗЫ")
ISSUED = '<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><challenge>c-1</challenge></login>'
ROUNDS = 200


class _Prepared:
    """A responder whose one answer was made before the measuring began."""

    def __init__(self, gost: GostAuthority) -> None:
        self._gost = gost
        self._known: dict[bytes, bytes] = {}

    async def ocsp(self, request: bytes) -> bytes:
        if request not in self._known:
            self._known[request] = self._gost.ocsp(request)
        return self._known[request]

    async def lists(self) -> Lists:
        raise NotImplementedError


def main() -> None:
    """One process, one core, processor time: other work on the machine does not count."""
    gost = GostAuthority(TestAuthority(now=lambda: AT))
    signer = GostSigner.named("a parent")
    credential = gost.authority.issue(SUBJECT, Usage.AUTH)
    leaf = gost.issued(credential.cert, signer)
    rsa = _times(_rsa(gost), ROUNDS)
    equation = _times(_equation(signer, leaf_key=key_of(leaf).has_signed_hash), ROUNDS)
    chain = _times(lambda: has_issued(gost.issuing, leaf), ROUNDS)
    login = asyncio.run(_logins(gost, sign_xml(ISSUED, leaf, signer)))
    listed = _times(_long_list(gost), 3)
    for name, spent in (
        ("RSA-2048 verification", rsa),
        ("GOST verification, hash known", equation),
        ("GOST certificate by its issuer", chain),
        ("whole GOST login", login),
        ("list of 422,000 entries", listed),
    ):
        row(name, spent)
    ratio("GOST verification", equation, rsa)
    ratio("whole GOST login", login, rsa)
    print(f"  {'GOST verification':<34} {ROUNDS / sum(equation):8.0f} /s a core   (promised: at least 60)")
    print(f"  {'whole GOST login':<34} {ROUNDS / sum(login):8.0f} /s a core   (promised: at least 15)")


def _equation(signer: GostSigner, leaf_key: Callable[[bytes, bytes], bool]) -> Callable[[], bool]:
    digest, signature = streebog512(ISSUED.encode()), signer.signature(ISSUED.encode())
    return lambda: leaf_key(digest, signature)


def _rsa(gost: GostAuthority) -> Callable[[], None]:
    issuing = gost.authority.issuing
    key, signature = issuing.key.public_key(), issuing.key.sign(b"content", padding.PKCS1v15(), hashes.SHA256())
    return lambda: key.verify(signature, b"content", padding.PKCS1v15(), hashes.SHA256())


def _long_list(gost: GostAuthority) -> Callable[[], object]:
    issuing = gost.authority.issuing
    octets = long_list(issuing.cert, issuing.key, serials(), AT, AT + timedelta(hours=27))
    fields = parts(parts(octets)[0])
    signature = gost.issuing_signer.signed(b"")
    fields[1] = parts(signature)[0]
    signed = bytearray(gost.issuing_signer.signed(element(0x30, b"".join(fields))))
    return lambda: loaded(signed, [gost.issuing], signed_by_gost)


async def _logins(gost: GostAuthority, signed: bytes) -> list[float]:
    """Chain, profile, OCSP answer, strict XML; the road takes no time, and the number used once is always the same."""
    verifier = GostVerifier(Trust.of([gost.root, gost.issuing]), _Prepared(gost), random=lambda size: b"n" * size)
    spent = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        judged = await verifier.judge(signed, issued=ISSUED.encode(), usage=Purpose.LOGIN, at=AT)
        spent.append(time.process_time() - begun)
        judged.ensure_passed()
    return spent[1:]


def _times(do: Callable[[], object], rounds: int) -> list[float]:
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        do()
        spent.append(time.process_time() - begun)
    return spent
