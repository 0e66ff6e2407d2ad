"""The road to the certification authority, as the judgement of a certificate asks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Unreachable(Exception):
    """The certification authority's service gave no answer."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The full revocation list and, where the authority publishes one, the delta to it; octets as received."""

    full: bytes
    delta: bytes | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """That a certificate is in no list, as of the newest list used; `evidence` names the lists (JSON)."""

    at: datetime
    evidence: str


class Listed(Protocol):
    """Lists that are loaded already, their signatures verified."""

    def ensure_not_listed(self, serial: int, issuer: bytes, at: datetime) -> Told:
        """The proof about one certificate of the issuer with this SHA-256 fingerprint; raises `Rejected`."""


class RevocationSource(Protocol):
    """Both ways raise Unreachable, and nothing else."""

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request, octets as received."""

    async def lists(self) -> Lists | Listed:
        """The present revocation lists, as received or loaded."""
