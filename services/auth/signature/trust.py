"""The pinned certification authority: files that a person has fetched and compared; nothing else is ever trusted.

Beside the certificates lies `FINGERPRINTS`: a line for each file with the SHA-256 of its DER octets, as the authority has
published it and a second person has compared it. A file that was swapped, added or forgotten is then noticed at once.
Test authorities say TEST in their names, and only a test profile trusts them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes

log = structlog.get_logger("auth")

FINGERPRINTS = "FINGERPRINTS"
_SUFFIXES = frozenset({".pem", ".cer", ".crt", ".der"})
_TEST = re.compile(r"\bTEST\b", re.IGNORECASE)
_ANCHOR = "anchor"


class NotPinned(Exception):
    """There is nobody to trust: no root, a file that is no certificate, another fingerprint, or a test authority."""


class Trusted(Protocol):
    """Whoever can say which authority is trusted at this moment."""

    @property
    def current(self) -> "Trust":
        """The pinned authority now."""


@dataclass(frozen=True, slots=True)
class Trust:
    """The pinned authority: trust anchors, and the issuing certificates below them."""

    anchors: tuple[x509.Certificate, ...]
    issuers: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, certificates: Sequence[x509.Certificate], also: Sequence[x509.Certificate] = ()) -> "Trust":
        """Self-signed certificates become anchors; the rest, with anchors as a fallback, issue people's certificates.

        `also` are issuing certificates trusted by themselves, their root not being at hand.
        """
        anchors = (*(one for one in certificates if one.issuer == one.subject), *also)
        if not anchors:
            raise NotPinned("there is no root certificate among the pinned ones (folder ZHOLDAMA_NCA_ANCHORS)")
        issuers = tuple(one for one in certificates if one.issuer != one.subject)
        return cls(anchors=anchors, issuers=issuers or anchors)

    @property
    def current(self) -> "Trust":
        """Itself: certificates given by hand do not change."""
        return self


class TrustFolder:
    """The folder of pinned certificates, read again when something in it has changed.

    A change that cannot be taken (a copy half done, a fingerprint missing) is said in the log, and what was trusted before
    stays. To cease trusting a certificate, both its file and its line are taken out.
    """

    def __init__(self, folder: Path, *, test: bool = False) -> None:
        self._folder = folder
        self._test = test
        self._seen = _state(folder)
        self._trust = pinned(folder, test=test)

    @property
    def current(self) -> Trust:
        """The pinned authority as the folder has it now."""
        state = _state(self._folder)
        if state != self._seen:
            self._seen = state
            self._reload()
        return self._trust

    def _reload(self) -> None:
        try:
            self._trust = pinned(self._folder, test=self._test)
        except (NotPinned, OSError) as fault:
            log.error("auth.anchors.refused", reason=str(fault))  # noqa: TRY400 - the reason is the whole message
            return
        log.info("auth.anchors.reloaded", sha256=sorted(fingerprint(one) for one in self._trust.issuers))


def pinned(folder: Path, *, test: bool = False) -> Trust:
    """The certificates in a folder, PEM or DER; raises NotPinned.

    In a `test` profile test authorities are trusted and the fingerprints may be missing; where they are, they count.
    """
    paths = [path for path in sorted(folder.glob("*")) if path.suffix in _SUFFIXES]
    found = {path.name: _certificate(path) for path in paths}
    expected = _fingerprints(folder)
    if expected is None and found and not test:
        raise NotPinned(f"{folder / FINGERPRINTS} is missing: no one has said which certificates are the right ones")
    if expected is not None:
        _ensure_expected(found, expected)
    named_test = sorted(name for name, one in found.items() if is_test(one))
    if named_test and not test:
        raise NotPinned(f"{', '.join(named_test)}: a test authority, which only a test profile may trust")
    return Trust.of(list(found.values()), [found[name] for name, (_, anchor) in (expected or {}).items() if anchor])


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate's DER octets, hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def is_test(certificate: x509.Certificate) -> bool:
    """True when the certificate or its issuer calls itself a test."""
    names = (certificate.subject, certificate.issuer)
    return any(_TEST.search(str(attribute.value)) for name in names for attribute in name)


def _ensure_expected(found: dict[str, x509.Certificate], expected: dict[str, tuple[str, bool]]) -> None:
    if unlisted := sorted(set(found) - set(expected)):
        raise NotPinned(f"{', '.join(unlisted)}: not in {FINGERPRINTS}")
    if missing := sorted(set(expected) - set(found)):
        raise NotPinned(f"{', '.join(missing)}: in {FINGERPRINTS}, but there is no such certificate")
    for name, certificate in found.items():
        if fingerprint(certificate) != expected[name][0]:
            raise NotPinned(f"{name}: its fingerprint is {fingerprint(certificate)}, not the one in {FINGERPRINTS}")


def _fingerprints(folder: Path) -> dict[str, tuple[str, bool]] | None:
    """File name to SHA-256 and whether it is trusted by itself. Lines: `sha256  file  [anchor]`; `#` begins a remark."""
    path = folder / FINGERPRINTS
    if not path.is_file():
        return None
    told: dict[str, tuple[str, bool]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.partition("#")[0].split()
        if not words:
            continue
        if len(words) not in {2, 3} or words[2:] not in ([], [_ANCHOR]) or words[1] in told:
            raise NotPinned(f"{path}: a line is not `sha256 file [anchor]`, or names a file twice")
        told[words[1]] = (words[0].replace(":", "").lower(), len(words) == 3)
    return told


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that something in the folder has changed: names, times of change, sizes."""
    if not folder.is_dir():
        return ()
    return tuple(
        sorted((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.iterdir() if path.is_file())
    )


def _certificate(path: Path) -> x509.Certificate:
    octets = path.read_bytes()
    try:
        if octets.startswith(b"-----"):
            return x509.load_pem_x509_certificate(octets)
        return x509.load_der_x509_certificate(octets)
    except ValueError:
        raise NotPinned(f"{path} is not a certificate") from None
