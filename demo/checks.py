"""What programs of others say about the signed referral: poppler's pdfsig, openssl, pyHanko.

Each check says what was asked, what was answered and whether that is the answer of a good document. The root is the
test authority's; nothing else is trusted, and the system's own trust store is never asked.
"""

import re
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

NEEDED = {"pdfsig": "poppler-utils", "certutil": "libnss3-tools", "openssl": "openssl"}
"""Programs and the Debian packages they come in."""

BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check: who was asked what, what it said, and whether this is as it should be."""

    question: str
    said: str
    is_right: bool


def missing_programs() -> dict[str, str]:
    """Programs that are not installed and the packages that hold them."""
    return {program: package for program, package in NEEDED.items() if shutil.which(program) is None}


def check_all(pdf: Path, root: Path, work: Path) -> list[Verdict]:
    """Every check of one document. ``root``: PEM of the only trusted certificate; ``work``: a folder for scraps."""
    work.mkdir(parents=True, exist_ok=True)
    spoilt = work / "spoilt.pdf"
    spoilt.write_bytes(spoil(pdf.read_bytes()))
    trusting, empty = nss_folder(work / "nss-root", root), nss_folder(work / "nss-empty", None)
    trusted = ask_pdfsig(pdf, trusting)
    untrusted = ask_pdfsig(pdf, empty)
    broken = ask_pdfsig(spoilt, trusting)
    cms_good, cms_spoilt = ask_openssl(pdf, root, work), ask_openssl(spoilt, root, work)
    return [
        Verdict("pdfsig, signature", trusted.signature, trusted.signature == "Signature is Valid."),
        Verdict("pdfsig, trust by the test root", trusted.trust, trusted.trust == "Certificate is Trusted."),
        Verdict("pdfsig, trust by nobody", untrusted.trust, _is_distrust(untrusted.trust)),
        Verdict("openssl cms over the ByteRange", cms_good[1], cms_good[0]),
        Verdict("pdfsig, one byte flipped", broken.signature, "Valid" not in broken.signature),
        Verdict("openssl cms, one byte flipped", cms_spoilt[1], not cms_spoilt[0]),
        ask_pyhanko(pdf, root),
    ]


@dataclass(frozen=True, slots=True)
class Pdfsig:
    """The two lines of pdfsig that matter; empty when it did not say them."""

    signature: str
    trust: str


def nss_folder(folder: Path, root: Path | None) -> str:
    """A certificate store of its own that trusts one root for signatures, or nobody."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    store = f"sql:{folder}"
    _run("certutil", "-N", "-d", store, "--empty-password")
    if root is not None:
        _run("certutil", "-A", "-d", store, "-n", "test-root", "-t", ",C,", "-i", str(root))
    return store


def ask_pdfsig(pdf: Path, store: str) -> Pdfsig:
    """Poppler's verdict with one certificate store. Nothing is asked over the network: revocation is judged elsewhere."""
    said = _run("pdfsig", "-no-ocsp", "-nssdir", store, str(pdf), is_verdict=True).stdout
    return Pdfsig(_line(said, "Signature Validation"), _line(said, "Certificate Validation"))


def _line(said: str, label: str) -> str:
    found = re.search(rf"- {label}: (.*)", said)
    return found.group(1).strip() if found else ""


def _is_distrust(said: str) -> bool:
    return bool(said) and said != "Certificate is Trusted."


def ask_openssl(pdf: Path, root: Path, work: Path) -> tuple[bool, str]:
    """Verify the CMS over exactly the bytes that the ByteRange covers."""
    content, signature = covered(pdf.read_bytes())
    (work / "content").write_bytes(content)
    (work / "signature.der").write_bytes(signature)
    done = _run(
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(work / "signature.der")),
        *("-content", str(work / "content"), "-CAfile", str(root), "-no-CApath", "-no-CAstore"),
        *("-out", "/dev/null"),
        is_verdict=True,
    )
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return done.returncode == 0, lines[0] if lines else f"exit status {done.returncode}"


def covered(data: bytes) -> tuple[bytes, bytes]:
    """The signed bytes and the signature of the last signature of a PDF. ValueError when there is none."""
    found = BYTE_RANGE.findall(data)
    if not found:
        raise ValueError("the document has no signature")
    start, first, second, rest = (int(number) for number in found[-1])
    signature = bytes.fromhex(data[start + first + 1 : second - 1].decode("ascii"))
    return data[start : start + first] + data[second : second + rest], _trimmed(signature)


def _trimmed(der: bytes) -> bytes:
    """The DER element without the zeros that fill its place."""
    if der[1] < 0x80:
        return der[: 2 + der[1]]
    size = der[1] & 0x7F
    return der[: 2 + size + int.from_bytes(der[2 : 2 + size], "big")]


def spoil(data: bytes) -> bytes:
    """The same document with one bit of a signed content stream turned."""
    place = data.index(b"stream", 0) + 40
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def ask_pyhanko(pdf: Path, root: Path) -> Verdict:
    """pyHanko's own validator, trusting the same root."""
    anchor = load_cert_from_pemder(str(root))  # type: ignore[no-untyped-call]
    context = ValidationContext(trust_roots=[anchor], allow_fetching=False)
    signature = PdfFileReader(BytesIO(pdf.read_bytes())).embedded_signatures[-1]
    status = validate_pdf_signature(signature, context)
    return Verdict("pyHanko", status.summary(), status.bottom_line)


def _run(*command: str, is_verdict: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a program; where its status is not the verdict itself, failing is an error."""
    return subprocess.run(command, capture_output=True, text=True, check=not is_verdict)
