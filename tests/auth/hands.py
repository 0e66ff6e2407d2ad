"""Invented people, a test authority in this process, and the road to it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from doubles.nca.authority import TestAuthority
from doubles.nca.certificates import Subject, Usage
from doubles.nca.iin import make_iin
from doubles.nca.keys import Credential
from doubles.ncalayer.sign import sign_xml
from services.auth.domain.revocation import Lists, Unreachable
from services.auth.signature.trust import Trust

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
AIGERIM = Subject(make_iin(date(1990, 5, 1), female=True, serial=11), "СЫНАҚОВА", "ӘЙГЕРІМ", "СЕРІКҚЫЗЫ")
DATA = Path(__file__).parent / "data"


class Hands:
    """Somebody who holds keys of the test authority, and a clock that stands still."""

    def __init__(self) -> None:
        self.at = NOW
        self.authority = TestAuthority(now=lambda: self.at)
        self._kept: dict[tuple[str, Usage], Credential] = {}

    def key(self, usage: Usage, person: Subject = AIGERIM) -> Credential:
        found = self._kept.get((person.iin, usage))
        if found is None:
            found = self._kept[person.iin, usage] = self.authority.issue(person, usage)
        return found

    def signed(self, xml: str | bytes, usage: Usage, person: Subject = AIGERIM) -> bytes:
        return sign_xml(xml, self.key(usage, person)).encode()

    @property
    def trust(self) -> Trust:
        return Trust.of(self.authority.anchors)


class Road:
    """The road to the authority; it can be cut, and what travels on it can be changed."""

    def __init__(self, authority: TestAuthority) -> None:
        self.authority = authority
        self.ocsp_cut = False
        self.lists_cut = False
        self.asked: list[str] = []
        self.swap: Callable[[bytes], bytes] = lambda answer: answer

    async def ocsp(self, request: bytes) -> bytes:
        self.asked.append("ocsp")
        if self.ocsp_cut:
            raise Unreachable
        return self.swap(self.authority.ocsp(request))

    async def lists(self) -> Lists:
        self.asked.append("lists")
        if self.lists_cut:
            raise Unreachable
        return Lists(self.authority.crl(), self.authority.delta_crl())
