"""The pinned certification authority: files that a person has fetched and compared; nothing else is ever trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

_SUFFIXES = frozenset({".pem", ".cer", ".crt", ".der"})


class NotPinned(Exception):
    """There is nobody to trust: the folder of pinned certificates is empty, or a file in it is no certificate."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The pinned authority: trust anchors, and the issuing certificates below them."""

    anchors: tuple[x509.Certificate, ...]
    issuers: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, certificates: Sequence[x509.Certificate]) -> "Trust":
        """Self-signed certificates become anchors; the rest, with anchors as a fallback, issue people's certificates."""
        anchors = tuple(one for one in certificates if one.issuer == one.subject)
        if not anchors:
            raise NotPinned("there is no root certificate among the pinned ones (folder ZHOLDAMA_NCA_ANCHORS)")
        issuers = tuple(one for one in certificates if one.issuer != one.subject)
        return cls(anchors=anchors, issuers=issuers or anchors)


def pinned(folder: Path) -> Trust:
    """The certificates in a folder, PEM or DER; raises NotPinned."""
    return Trust.of([_certificate(path) for path in sorted(folder.glob("*")) if path.suffix in _SUFFIXES])


def _certificate(path: Path) -> x509.Certificate:
    octets = path.read_bytes()
    try:
        if octets.startswith(b"-----"):
            return x509.load_pem_x509_certificate(octets)
        return x509.load_der_x509_certificate(octets)
    except ValueError:
        raise NotPinned(f"{path} is not a certificate") from None
