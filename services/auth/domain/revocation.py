"""The road to the certification authority, as the judgement of a certificate asks for it."""

from dataclasses import dataclass
from typing import Protocol


class Unreachable(Exception):
    """The certification authority's service gave no answer."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The full revocation list and, where the authority publishes one, the delta to it; octets as received."""

    full: bytes
    delta: bytes | None = None


class RevocationSource(Protocol):
    """Both ways raise Unreachable, and nothing else."""

    async def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request, octets as received."""

    async def lists(self) -> Lists:
        """The present revocation lists."""
