"""Whoever holds a signed document judges it with files alone: no server, no engines, no settings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from typer.testing import CliRunner

from doubles.nca import oids
from doubles.nca.certificates import Subject, Usage
from doubles.nca.keys import Credential
from doubles.nca.ocsp_answer import Revocation
from doubles.nca.revocation import CrlDesk
from doubles.ncalayer.sign import sign_xml
from services.auth.cli import card, verify
from services.auth.signature import ocsp
from services.auth.signature.trust import FINGERPRINTS, fingerprint
from tests.auth.hands import AIGERIM, DATA, NOW, Hands

ISSUED = '<choice xmlns="urn:zholdama:choice:1"><place>p-1</place><nonce>n-1</nonce></choice>'
AT = NOW.isoformat()
DEPARTMENT = Subject(
    AIGERIM.iin, "БАСШЫ", "ҮЛГІ", organisation="Басқарма", bin="000140000012", roles=(oids.ROLE_CAN_SIGN,)
)
pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")


@dataclass
class Desk:
    """A folder with anchors, a signed document and what the authority said of its key."""

    folder: Path
    hands: Hands

    def put(self, name: str, octets: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(octets.encode() if isinstance(octets, str) else octets)
        return str(path)

    def answer_about(self, key: Credential) -> bytes:
        issuer = self.hands.authority.issuing.cert
        return self.hands.authority.ocsp(ocsp.request(key.cert, issuer, b"somebody's nonce"))

    def asked(self, *words: str) -> tuple[int, dict[str, Any], str]:
        app = typer.Typer()
        verify.register(app)
        card.register(app)
        result = CliRunner().invoke(app, list(words))
        told = json.loads(result.stdout) if result.stdout.startswith("{") else {}
        return result.exit_code, told, result.stderr

    def verdict(self, *words: str, signed: str | None = None, at: str = AT) -> tuple[int, dict[str, Any]]:
        document = signed or str(self.folder / "signed.xml")
        anchors = str(self.folder / "anchors")
        code, told, complaint = self.asked(
            "verify", document, "--anchors", anchors, "--test-authority", "--at", at, *words
        )
        assert told, complaint
        return code, told


@pytest.fixture
def desk(hands: Hands, tmp_path: Path) -> Desk:
    hands.authority.write_anchors(tmp_path / "anchors")
    made = Desk(tmp_path, hands)
    made.put("signed.xml", hands.signed(ISSUED, Usage.SIGN))
    made.put("issued.xml", ISSUED)
    made.put("answer.der", made.answer_about(hands.key(Usage.SIGN)))
    made.put("full.crl", hands.authority.crl())
    made.put("delta.crl", hands.authority.delta_crl())
    return made


def files(desk: Desk) -> list[str]:
    return ["--ocsp", str(desk.folder / "answer.der"), "--expect", str(desk.folder / "issued.xml")]


def lists(desk: Desk) -> list[str]:
    return ["--crl", str(desk.folder / "full.crl"), "--crl", str(desk.folder / "delta.crl")]


def test_a_parents_signature_passes_with_the_kept_answer(desk: Desk) -> None:
    code, told = desk.verdict(*files(desk))
    assert (code, told["indication"], told["sub_indication"], told["finding"]) == (0, "PASSED", None, None)
    assert told["document"]["as_issued"] is True
    assert told["signature"]["key"] == "RSA-2048"
    assert told["signature"]["test_authority"] is True
    assert told["revocation"]["source"] == "ocsp"
    assert told["signer"]["surname"] == "СЫНАҚОВА"
    assert (told["signer"]["patronymic"], told["signer"]["kind"]) == ("СЕРІКҚЫЗЫ", "SIGN")


def test_the_number_is_shown_only_when_asked_for(desk: Desk) -> None:
    _, hidden = desk.verdict(*files(desk))
    assert AIGERIM.iin not in json.dumps(hidden)
    _, shown = desk.verdict(*files(desk), "--show-iin")
    assert shown["signer"]["iin"] == AIGERIM.iin


@pytest.mark.parametrize("order", [("full.crl", "delta.crl"), ("delta.crl", "full.crl"), ("full.crl",)])
def test_lists_serve_in_any_order_and_are_named(desk: Desk, order: tuple[str, ...]) -> None:
    words = [word for name in order for word in ("--crl", str(desk.folder / name))]
    code, told = desk.verdict(*words)
    assert (code, told["revocation"]["source"]) == (0, "crl")
    assert set(told["revocation"]["lists"]) == {name.removesuffix(".crl") for name in order}
    assert told["revocation"]["lists"]["full"]["number"] >= 1


def test_without_the_issued_document_nothing_is_said_about_it(desk: Desk) -> None:
    code, told = desk.verdict("--ocsp", str(desk.folder / "answer.der"))
    assert (code, told["document"]["as_issued"]) == (0, None)
    assert told["document"]["covered_sha256"]


@pytest.mark.parametrize(
    ("bend", "finding"),
    [
        (lambda xml: xml.replace(b"p-1", b"p-2"), "DIGEST_VALUE"),
        (lambda xml: xml[:-9], "XML_NOT_WELL_FORMED"),
        (lambda xml: b"", "XML_NOT_WELL_FORMED"),
        (lambda xml: b"\x00" * 10, "XML_ENCODING"),
        (lambda xml: xml.replace(b"<place>", b"<place>" + b" " * 300_000), "XML_TOO_BIG"),
        (lambda xml: xml.replace(b"<place>", b"<!-- --><place>"), "XML_COMMENT_OR_INSTRUCTION"),
    ],
)
def test_a_bent_document_fails_with_its_finding(desk: Desk, bend: Callable[[bytes], bytes], finding: str) -> None:
    bent = desk.put("bent.xml", bend((desk.folder / "signed.xml").read_bytes()))
    code, told = desk.verdict(*files(desk), signed=bent)
    assert (code, told["indication"], told["finding"]) == (1, "FAILED", finding)
    assert (told["signer"], told["signature"], told["revocation"]) == (None, None, None)


def test_another_document_than_the_issued_one_fails(desk: Desk) -> None:
    other = desk.put("other.xml", ISSUED.replace("p-1", "p-2"))
    code, told = desk.verdict("--ocsp", str(desk.folder / "answer.der"), "--expect", other)
    assert (code, told["finding"], told["document"]["as_issued"]) == (1, "NOT_THE_ISSUED_DOCUMENT", None)


def test_the_purpose_counts(desk: Desk) -> None:
    code, told = desk.verdict(*files(desk), "--purpose", "login")
    assert (code, told["finding"]) == (1, "CERTIFICATE_KEY_USAGE")
    entering = desk.put("login.xml", desk.hands.signed(ISSUED, Usage.AUTH))
    answer = desk.put("login.der", desk.answer_about(desk.hands.key(Usage.AUTH)))
    assert desk.verdict("--purpose", "login", "--ocsp", answer, signed=entering)[0] == 0


def test_an_organisations_signature_passes_only_where_one_is_asked_for(desk: Desk) -> None:
    key = desk.hands.authority.issue(DEPARTMENT, Usage.SIGN)
    signed = desk.put("referral.xml", sign_xml(ISSUED, key))
    answer = desk.put("department.der", desk.answer_about(key))
    code, told = desk.verdict("--ocsp", answer, signed=signed)
    assert (code, told["finding"]) == (1, "CERTIFICATE_HOLDER_KIND")
    code, told = desk.verdict("--ocsp", answer, "--by", "organisation", signed=signed)
    assert code == 0
    assert told["signer"]["organisation"] == {"bin": "000140000012", "name": "Басқарма", "roles": ["signing_right"]}
    assert desk.verdict(*files(desk), "--by", "organisation")[1]["finding"] == "CERTIFICATE_HOLDER_KIND"


@pytest.mark.parametrize("source", ["answer", "lists"])
def test_a_revoked_key_fails_and_its_holder_is_told(desk: Desk, source: str) -> None:
    key = desk.hands.authority.issue(AIGERIM, Usage.SIGN)
    signed = desk.put("revoked.xml", sign_xml(ISSUED, key))
    desk.hands.authority.revoke(key)
    full, delta = desk.put("f.crl", desk.hands.authority.crl()), desk.put("d.crl", desk.hands.authority.delta_crl())
    words = ["--ocsp", desk.put("revoked.der", desk.answer_about(key))]
    code, told = desk.verdict(*(words if source == "answer" else ["--crl", full, "--crl", delta]), signed=signed)
    assert (code, told["sub_indication"], told["finding"]) == (1, "REVOKED", "CERTIFICATE_REVOKED")
    assert told["signer"]["surname"] == "СЫНАҚОВА"


def test_without_proof_the_verdict_waits(desk: Desk) -> None:
    for words, at, finding in (
        ([], AT, "REVOCATION_UNREACHABLE"),
        (files(desk)[:2], (NOW + timedelta(minutes=21)).isoformat(), "REVOCATION_STALE"),
        (files(desk)[:2], (NOW - timedelta(minutes=6)).isoformat(), "REVOCATION_STALE"),
        (lists(desk), (NOW + timedelta(days=3)).isoformat(), "REVOCATION_STALE"),
        (["--ocsp", desk.put("other.der", desk.answer_about(desk.hands.key(Usage.AUTH)))], AT, "REVOCATION_OF_ANOTHER"),
        (["--ocsp", desk.put("junk.der", b"junk")], AT, "REVOCATION_MALFORMED"),
        (["--crl", desk.put("junk.crl", b"junk")], AT, "REVOCATION_MALFORMED"),
        (["--crl", str(desk.folder / "delta.crl")], AT, "REVOCATION_OF_ANOTHER"),
    ):
        code, told = desk.verdict(*words, at=at)
        assert (code, told["indication"], told["sub_indication"]) == (2, "INDETERMINATE", "TRY_LATER"), finding
        assert told["finding"] == finding


def test_a_revoked_issuing_authority_takes_its_people_with_it(desk: Desk) -> None:
    authority = desk.hands.authority
    root = CrlDesk(authority.root, {})
    assert desk.verdict(*files(desk), "--crl", desk.put("root.crl", root.full(NOW)))[0] == 0
    fallen = CrlDesk(authority.root, {authority.issuing.serial: Revocation(NOW, x509.ReasonFlags.ca_compromise)})
    code, told = desk.verdict(*files(desk), "--crl", desk.put("root.crl", fallen.full(NOW)))
    assert (code, told["finding"]) == (1, "CERTIFICATE_CHAIN")


def test_the_moment_asked_about_decides(desk: Desk) -> None:
    late = desk.hands.key(Usage.SIGN).cert.not_valid_after_utc + timedelta(days=1)
    code, told = desk.verdict(*files(desk), at=late.isoformat())
    assert (code, told["sub_indication"]) == (1, "EXPIRED")


def test_a_wrong_question_is_no_verdict(desk: Desk) -> None:
    anchors, signed = str(desk.folder / "anchors"), str(desk.folder / "signed.xml")
    empty = desk.folder / "empty"
    empty.mkdir()
    for words, said in (
        (["verify", signed], "--anchors"),
        (["verify", "nothing.xml", "--anchors", anchors], "nothing.xml"),
        (["verify", signed, "--anchors", anchors, "--purpose", "other"], "purpose"),
        (["verify", signed, "--anchors", str(empty)], "no root certificate"),
        (["verify", signed, "--anchors", anchors], "FINGERPRINTS"),
        (["verify", signed, "--anchors", anchors, "--test-authority", "--at", "yesterday"], "2026-03-02T07:00Z"),
        (["verify", signed, "--anchors", anchors, "--test-authority", "--at", "2026-03-02T07:00"], "zone"),
        (["verify", signed, "--anchors", anchors, "--test-authority", "--expect", desk.put("x", "<a>")], "--expect"),
    ):
        code, told, complaint = desk.asked(*words)
        assert (code, told) == (64, {}), words
        assert said in complaint


def test_a_test_authority_is_not_trusted_unawares(desk: Desk) -> None:
    anchors = desk.folder / "anchors"
    lines = [f"{fingerprint(one)} {name}" for one, name in zip(
        desk.hands.authority.anchors, ("root.pem", "issuing.pem"), strict=True
    )]  # fmt: skip
    (anchors / FINGERPRINTS).write_text("\n".join(lines))
    code, _, complaint = desk.asked("verify", str(desk.folder / "signed.xml"), "--anchors", str(anchors))
    assert code == 64
    assert "test authority" in complaint


def test_a_certificate_is_shown_as_a_card(desk: Desk) -> None:
    key = desk.hands.key(Usage.AUTH)
    for octets in (key.der, key.pem, desk.hands.signed(ISSUED, Usage.AUTH)):
        code, told, _ = desk.asked("inspect", desk.put("card", octets), "--anchors", str(desk.folder / "anchors"))
        assert code == 0
        assert (told["kind"], told["holder"], told["generation"], told["algorithm"]) == (
            "AUTH",
            "individual",
            "2019",
            "RSA-2048",
        )
        assert (told["issued_by_pinned"], told["sha256"]) == (True, fingerprint(key.cert))
        assert AIGERIM.iin not in json.dumps(told)
    assert desk.asked("inspect", desk.put("card", key.der), "--show-iin")[1]["iin"] == AIGERIM.iin


def test_what_is_no_certificate_is_said_so(desk: Desk) -> None:
    for octets, finding in (
        (b"", "CERTIFICATE_MALFORMED"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "CERTIFICATE_MALFORMED"),
        (b"<a/>", "SIGNATURE_COUNT"),
        (desk.hands.authority.crl(), "CERTIFICATE_MALFORMED"),
        (desk.hands.authority.root.cert.public_bytes(Encoding.DER), "CERTIFICATE_SUBJECT"),
    ):
        code, told, _ = desk.asked("inspect", desk.put("card", octets))
        assert (code, told) == (1, {"finding": finding})


def test_a_real_certificate_of_the_other_algorithm_is_shown_too(desk: Desk) -> None:
    code, told, _ = desk.asked("inspect", str(DATA / "gostsigner.der"))
    assert (code, told["algorithm"], told["generation"]) == (0, "GOST 34.310-2015", "2022")
    assert (told["holder"], told["organisation"]["roles"], told["key_store"]) == ("organisation", ["head"], "PKCS12")
    assert told["test"] is True


def test_real_material_is_judged_with_its_issuer_alone_as_an_anchor(desk: Desk) -> None:
    """The test root is not published, so the issuing certificate is trusted by itself, as its line says."""
    folder = desk.folder / "nca"
    folder.mkdir()
    octets = (DATA / "nca_rsa_test.crt").read_bytes()
    (folder / "nca_rsa_test.crt").write_bytes(octets)
    (folder / FINGERPRINTS).write_text(f"{fingerprint(x509.load_pem_x509_certificate(octets))} nca_rsa_test.crt anchor")
    certificate = str(DATA / "individual_valid_sign_2004_rsa.cer")
    code, told, _ = desk.asked("inspect", certificate, "--anchors", str(folder))
    assert (code, told["issued_by_pinned"]) == (0, True)
    words = ["verify", str(desk.folder / "signed.xml"), "--anchors", str(folder), "--test-authority", "--at", AT]
    code, told, _ = desk.asked(*words)
    assert (code, told["finding"], told["sub_indication"]) == (1, "CERTIFICATE_ISSUER", "NO_CERTIFICATE_CHAIN_FOUND")


def test_a_real_gost_document_is_judged_where_it_is_asked_for(desk: Desk) -> None:
    """Its signature, chain and holder hold; the only list published is older than the key."""
    folder, octets = desk.folder / "gost", (DATA / "nca_gost2015_test.cer").read_bytes()
    folder.mkdir()
    (folder / "issuing.cer").write_bytes(octets)
    (folder / FINGERPRINTS).write_text(f"{fingerprint(x509.load_der_x509_certificate(octets))} issuing.cer anchor")
    document = (DATA / "gost2015_kalkan.xml").read_bytes()

    def asked(octets: bytes, *words: str) -> tuple[int, dict[str, Any]]:
        told = ["verify", desk.put("gost.xml", octets), "--anchors", str(folder), "--by", "organisation"]
        code, verdict, complaint = desk.asked(*told, "--test-authority", "--at", "2024-11-01T00:00Z", *words)
        assert verdict, complaint
        return code, verdict

    card = desk.asked("inspect", desk.put("gost.xml", document), "--anchors", str(folder))[1]
    assert (card["algorithm"], card["holder"], card["issued_by_pinned"]) == ("GOST 34.310-2015", "organisation", True)
    assert asked(document)[1]["finding"] == "SIGNATURE_METHOD"
    code, told = asked(document, "--gost")
    assert (code, told["finding"], told["signature"]["key"]) == (2, "REVOCATION_UNREACHABLE", "GOST 34.310-2015")
    assert told["signature"]["method"].endswith("gostr34102015-gostr34112015-512")
    assert told["signer"]["organisation"]["roles"] == ["head"]
    crl = str(DATA / "nca_gost2022_test.crl")
    assert asked(document, "--gost", "--crl", crl)[1]["finding"] == "REVOCATION_STALE"
    ocsp_answer = str(DATA / "ocsp_response_ceo_2015_revoked.bin")
    assert asked(document, "--gost", "--ocsp", ocsp_answer)[1]["finding"] == "REVOCATION_OF_ANOTHER"
    bent = document.replace(b"QCxn00", b"QCxn01")
    code, told = asked(bent, "--gost")
    assert (code, told["finding"], told["signer"]) == (1, "DIGEST_VALUE", None)


def test_the_commands_need_no_server_and_no_settings(desk: Desk) -> None:
    words = [sys.executable, "-m", "services.auth", "verify", str(desk.folder / "signed.xml"), *files(desk)]
    words += ["--anchors", str(desk.folder / "anchors"), "--test-authority", "--at", AT]
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["indication"] == "PASSED"
    words[words.index("--at") + 1] = "yesterday"
    assert subprocess.run(words, capture_output=True, check=False, env=environment).returncode == 64
