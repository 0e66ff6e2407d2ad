"""The seal, judged by verifiers that are not ours: poppler with NSS, OpenSSL."""

import contextlib
import io
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import xmlsec
from asn1crypto import pem
from fastapi import FastAPI, Request, Response
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader

from doubles.nca.authority import TestAuthority
from services.referral.documents import pdf, xml
from services.referral.documents.authority import Authority, AuthorityKeyUnusable, load_authority
from services.referral.documents.content import ReferralContent
from services.referral.documents.seal import make_seal

Serving = Callable[[FastAPI], contextlib.AbstractAsyncContextManager[str]]
Folder = Callable[..., Path]


@pytest.fixture
def nss(tmp_path: Path) -> Folder:
    """Makes an NSS folder that trusts the given certificates and nobody else."""

    def make(*roots: Path) -> Path:
        folder = tmp_path / f"nss{len(roots)}"
        folder.mkdir()
        subprocess.run(["certutil", "-N", "-d", f"sql:{folder}", "--empty-password"], check=True)
        for root in roots:
            command = ["certutil", "-A", "-d", f"sql:{folder}", "-n", root.stem, "-t", "C,C,C", "-i", str(root)]
            subprocess.run(command, check=True)
        return folder

    return make


@pytest.fixture
async def signed(content: ReferralContent, authority: Authority, tmp_path: Path) -> Path:
    """A sealed referral on disk."""
    path = tmp_path / "signed.pdf"
    drawn = pdf.render(content, "<choice>Иә</choice>".encode())
    path.write_bytes(await make_seal(authority).apply(drawn, datetime.now(UTC)))
    return path


def poppler(path: Path, trust: Path) -> str:
    """What pdfsig says; the authority's OCSP service is not running here and is not asked."""
    command = ["pdfsig", "-no-ocsp", "-nssdir", f"sql:{trust}", str(path)]
    return subprocess.run(command, capture_output=True, check=False).stdout.decode()


def openssl(path: Path, root: Path, folder: Path) -> bool:
    """Whether `openssl cms` accepts the signature over the two ranges, with that root alone."""
    octets = path.read_bytes()
    found = re.search(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", octets)
    assert found is not None
    a, b, c, d = (int(number) for number in found.groups())
    (folder / "covered").write_bytes(octets[a : a + b] + octets[c : c + d])
    der = bytes.fromhex(octets[a + b + 1 : c - 1].decode()).rstrip(b"\0")
    (folder / "cms.pem").write_bytes(pem.armor("CMS", der))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-in", f"{folder}/cms.pem"]
    command += ["-content", f"{folder}/covered", "-CAfile", str(root), "-no-CApath", "-no-CAstore"]
    command += ["-purpose", "any", "-out", "/dev/null"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def flipped(path: Path) -> Path:
    """The same file with one bit of the page changed."""
    octets = bytearray(path.read_bytes())
    octets[octets.index(b"stream") + 60] ^= 1
    other = path.with_name("flipped.pdf")
    other.write_bytes(bytes(octets))
    return other


def stamped(sealed: bytes) -> bool:
    """Whether the signature carries a time stamp."""
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures
    extra = signature.signer_info["unsigned_attrs"].native or []
    return any(each["type"] == "signature_time_stamp_token" for each in extra)


def test_poppler_trusts_the_seal_with_the_root_alone(signed: Path, nss: Folder, authority_files: Path) -> None:
    said = poppler(signed, nss(authority_files / "anchors" / "root.pem"))
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_poppler_does_not_trust_it_without_the_root(signed: Path, nss: Folder) -> None:
    said = poppler(signed, nss())
    assert "Signature is Valid." in said
    assert "Certificate is Trusted." not in said


def test_openssl_accepts_the_signature_over_the_byte_range(signed: Path, authority_files: Path, tmp_path: Path) -> None:
    assert openssl(signed, authority_files / "anchors" / "root.pem", tmp_path)


def test_openssl_refuses_it_under_another_root(signed: Path, tmp_path: Path) -> None:
    TestAuthority().write_anchors(tmp_path / "stranger")
    assert not openssl(signed, tmp_path / "stranger" / "root.pem", tmp_path)


def test_one_flipped_bit_fails_both(signed: Path, nss: Folder, authority_files: Path, tmp_path: Path) -> None:
    root = authority_files / "anchors" / "root.pem"
    other = flipped(signed)
    assert "Signature is Valid." not in poppler(other, nss(root))
    assert not openssl(other, root, tmp_path)


def test_the_seal_allows_no_change_afterwards(signed: Path) -> None:
    reader = PdfFileReader(io.BytesIO(signed.read_bytes()))
    (signature,) = reader.embedded_regular_signatures
    assert signature.docmdp_level is not None
    assert signature.docmdp_level.name == "NO_CHANGES"


async def test_the_stated_time_is_the_time_given(content: ReferralContent, authority: Authority) -> None:
    at = datetime(2026, 11, 24, 6, 3, 4, tzinfo=UTC)
    at = max(at, authority.certificate.not_valid_before_utc)
    sealed = await make_seal(authority).apply(pdf.render(content, b"<choice/>"), at)
    (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_regular_signatures
    assert signature.self_reported_timestamp == at.replace(microsecond=0)


async def test_an_expired_authority_key_seals_nothing(content: ReferralContent, authority: Authority) -> None:
    late = authority.certificate.not_valid_after_utc + timedelta(seconds=1)
    with pytest.raises(AuthorityKeyUnusable):
        await make_seal(authority).apply(pdf.render(content, b"<choice/>"), late)


async def test_with_a_time_stamp_authority_the_seal_is_stamped(
    content: ReferralContent, authority: Authority, nca: TestAuthority, serving: Serving
) -> None:
    desk = FastAPI()

    @desk.post("/tsp/")
    async def stamp(request: Request) -> Response:
        return Response(nca.timestamp(await request.body()), media_type="application/timestamp-reply")

    async with serving(desk) as url:
        sealed = await make_seal(authority, f"{url}/tsp/").apply(pdf.render(content, b"<choice/>"), datetime.now(UTC))
    assert stamped(sealed)


async def test_no_family_waits_for_a_time_stamp(content: ReferralContent, authority: Authority) -> None:
    seal = make_seal(authority, "http://127.0.0.1:9/tsp/")
    sealed = await seal.apply(pdf.render(content, b"<choice/>"), datetime.now(UTC))
    assert not stamped(sealed)


def test_a_wrong_password_says_which_file_and_not_what_is_in_it(authority_files: Path, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("wrong", encoding="utf-8")
    with pytest.raises(AuthorityKeyUnusable, match=r"department\.p12 cannot be opened"):
        load_authority(authority_files / "department.p12", tmp_path / "password")


def test_the_xml_twin_is_signed_by_the_same_authority(
    content: ReferralContent, authority: Authority, authority_files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "referral.xml"
    path.write_bytes(xml.sign(xml.twin(content), authority))
    assert verified(path, authority_files)
    path.write_bytes(path.read_bytes().replace(b"000145", b"000146"))
    assert not verified(path, authority_files)


def test_the_twin_of_one_content_is_one_document(content: ReferralContent) -> None:
    assert xml.twin(content) == xml.twin(content)


def verified(path: Path, authority_files: Path) -> bool:
    """Whether libxmlsec finds the signature good, with the test authority's certificates alone."""
    manager = xmlsec.KeysManager()
    for name in ("root.pem", "issuing.pem"):
        trusted = str(authority_files / "anchors" / name)
        manager.load_cert(trusted, xmlsec.constants.KeyDataFormatPem, xmlsec.constants.KeyDataTypeTrusted)
    context = xmlsec.SignatureContext(manager)  # type: ignore[call-arg]  # the stubs know no manager
    (signature,) = etree.parse(path).iter("{http://www.w3.org/2000/09/xmldsig#}Signature")
    try:
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
