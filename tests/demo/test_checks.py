"""The checks of others, tried on a document that the test authority signed."""

from io import BytesIO
from pathlib import Path

import pytest
import typst
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter

from demo.checks import check_all, covered, missing_programs
from doubles.nca.authority import TestAuthority

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason="needs poppler-utils, libnss3-tools and openssl")


@pytest.fixture(scope="module")
def authority() -> TestAuthority:
    return TestAuthority()


def signed_pdf(authority: TestAuthority, folder: Path) -> Path:
    store = folder / "department.p12"
    store.write_bytes(authority.city_department().pkcs12("word", [authority.issuing.cert, authority.root.cert]))
    signer = SimpleSigner.load_pkcs12(str(store), passphrase=b"word")  # type: ignore[no-untyped-call]
    assert signer is not None
    (folder / "plain.typ").write_text("#lorem(60)", "utf-8")
    plain = BytesIO(typst.compile(str(folder / "plain.typ")) + b"\n")
    meta = PdfSignatureMetadata(field_name="Department", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
    out = sign_pdf(IncrementalPdfFileWriter(plain), meta, signer)
    path = folder / "signed.pdf"
    path.write_bytes(out.getvalue())
    return path


def test_programs_of_others_agree_on_a_good_and_on_a_spoilt_document(authority: TestAuthority, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(authority.root.pem)
    verdicts = check_all(signed_pdf(authority, tmp_path), root, tmp_path / "work")
    assert [verdict for verdict in verdicts if not verdict.is_right] == []
    assert len(verdicts) == 7


def test_another_root_is_not_enough(authority: TestAuthority, tmp_path: Path) -> None:
    root = tmp_path / "root.pem"
    root.write_bytes(TestAuthority().root.pem)
    verdicts = check_all(signed_pdf(authority, tmp_path), root, tmp_path / "work")
    wrong = {verdict.question for verdict in verdicts if not verdict.is_right}
    assert wrong == {"pdfsig, trust by the test root", "openssl cms over the ByteRange", "pyHanko"}


def test_a_document_without_a_signature_is_said_to_have_none() -> None:
    with pytest.raises(ValueError, match="no signature"):
        covered(b"%PDF-1.7")
