"""Real test certificates and answers of the national certification authority (2022), and what NCALayer has really signed."""

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as reader

from services.auth.domain.revocation import Lists
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl, ocsp
from services.auth.signature.certificate import Usage, examined
from services.auth.signature.document import parse
from services.auth.signature.holder import holder, key_facts
from services.auth.signature.responder import extensions_unparsed, is_authentic
from services.auth.signature.trust import Trust
from services.auth.signature.xml import read

# The authority's own name is longer in UTF-8 octets than the library would write; it reads it, with a warning.
pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")

DATA = Path(__file__).parents[1] / "data"
LEAVES = ["individual_valid_sign_2004_rsa.cer", "individual_valid_sign_2004_rsa_auth.cer"]
IN_2022 = datetime(2022, 9, 2, 16, 54, tzinfo=UTC)


def load(name: str) -> x509.Certificate:
    octets = (DATA / name).read_bytes()
    return (
        x509.load_pem_x509_certificate(octets)
        if octets.startswith(b"-----")
        else x509.load_der_x509_certificate(octets)
    )


def der(name: str) -> bytes:
    return load(name).public_bytes(Encoding.DER)


@pytest.fixture
def trust() -> Trust:
    """The issuing authority alone: its root is not among the published test material."""
    issuer = load("nca_rsa_test.crt")
    return Trust(anchors=(issuer,), issuers=(issuer,))


@pytest.mark.parametrize(
    ("name", "usage"),
    [
        ("individual_valid_sign_2004_rsa.cer", Usage.SIGNING),
        ("individual_valid_sign_2004_rsa_auth.cer", Usage.LOGIN),
    ],
)
def test_a_real_certificate_has_the_profile(trust: Trust, name: str, usage: Usage) -> None:
    certificate = examined(der(name), usage, trust, IN_2022)
    assert certificate.issuer == trust.issuers[0]
    assert key_facts(certificate.leaf, certificate.profile).issuer == "ҰКО 3.0 (RSA TEST)"
    wrong = Usage.LOGIN if usage is Usage.SIGNING else Usage.SIGNING
    with pytest.raises(Rejected) as caught:
        examined(der(name), wrong, trust, IN_2022)
    assert caught.value.finding is Finding.CERTIFICATE_KEY_USAGE


def test_the_invented_number_in_it_fails_the_check_digit() -> None:
    with pytest.raises(Rejected) as caught:
        holder(load("individual_valid_sign_2004_rsa.cer"))
    assert caught.value.finding is Finding.CERTIFICATE_IIN


def test_a_real_answer_is_authentic_though_its_responder_is_malformed(trust: Trust) -> None:
    octets = (DATA / "ocsp_response_individual_sign_2004.bin").read_bytes()
    assert is_authentic(reader.load_der_ocsp_response(octets), trust.issuers[0])
    changed = octets.replace(b"20220902165359Z", b"20220902165358Z")
    assert changed != octets
    assert not is_authentic(reader.load_der_ocsp_response(changed), trust.issuers[0])


def test_the_old_responders_certificate_cannot_be_read_strictly_and_is_read_all_the_same() -> None:
    answer = reader.load_der_ocsp_response((DATA / "ocsp_response_individual_sign_2004.bin").read_bytes())
    [responder] = answer.certificates
    with pytest.raises(ValueError, match="ParseError"):
        _ = responder.extensions
    assert extensions_unparsed(responder)["1.3.6.1.5.5.7.48.1.5"] == (False, b"")


@pytest.mark.parametrize("name", LEAVES)
def test_a_real_kept_answer_about_another_certificate_proves_nothing(trust: Trust, name: str) -> None:
    answer = (DATA / "ocsp_response_individual_sign_2004.bin").read_bytes()
    with pytest.raises(Rejected) as caught:
        ocsp.ensure_kept_good(answer, load(name), trust.issuers[0], IN_2022)
    assert caught.value.finding is Finding.REVOCATION_OF_ANOTHER


@pytest.mark.parametrize(
    "name",
    [
        "ocsp_response_ceo_2015_revoked.bin",
        "ocsp_response_ceo_sign_2004_revoked.bin",
        "ocsp_response_individual_2015.bin",
    ],
)
def test_real_answers_of_the_other_algorithm_family_are_no_answers_of_this_authority(trust: Trust, name: str) -> None:
    for leaf in LEAVES:
        with pytest.raises(Rejected) as caught:
            ocsp.ensure_kept_good((DATA / name).read_bytes(), load(leaf), trust.issuers[0], IN_2022)
        assert caught.value.finding is Finding.REVOCATION_SIGNATURE


@pytest.mark.parametrize("name", ["nca_gost_test.crl", "nca_gost2022_test.crl"])
def test_real_lists_of_the_other_algorithm_family_are_no_lists_of_this_authority(trust: Trust, name: str) -> None:
    octets = (DATA / name).read_bytes()
    with pytest.raises(Rejected) as caught:
        crl.ensure_not_listed(Lists(octets), load(LEAVES[0]), trust.issuers[0], IN_2022)
    assert caught.value.finding is Finding.REVOCATION_SIGNATURE


def test_a_real_answer_to_another_question_is_refused(trust: Trust) -> None:
    leaf, issuer = load("individual_valid_sign_2004_rsa.cer"), trust.issuers[0]
    question = ocsp.request(leaf, issuer, b"0123456789abcdef")
    with pytest.raises(Rejected) as caught:
        ocsp.ensure_good((DATA / "ocsp_response_individual_sign_2004.bin").read_bytes(), question, issuer, IN_2022)
    assert caught.value.finding is Finding.REVOCATION_NONCE


def test_a_real_list_is_read_and_its_end_is_kept(trust: Trust) -> None:
    octets = (DATA / "nca_rsa_test.crl").read_bytes()
    issued = x509.load_der_x509_crl(octets).last_update_utc
    leaf = load("individual_valid_sign_2004_rsa.cer")
    assert crl.ensure_not_listed(Lists(octets), leaf, trust.issuers[0], issued) == issued
    with pytest.raises(Rejected) as caught:
        crl.ensure_not_listed(Lists(octets), leaf, trust.issuers[0], datetime(2026, 1, 1, tzinfo=UTC))
    assert caught.value.finding is Finding.REVOCATION_STALE


@pytest.mark.parametrize("name", ["sigex_0.xml", "sigex_1.xml", "sigex_9.xml"])
def test_what_the_signing_program_writes_has_the_accepted_form(name: str) -> None:
    """The published files have their certificate blanked; any octets in its place show that the rest fits."""
    stub = base64.b64encode(b"certificate")
    octets = (DATA / name).read_bytes().replace(b"Certificate stripped to protect private data", stub)
    if b"rsa-sha256" not in octets:
        with pytest.raises(Rejected):
            read(octets)
        return
    document = read(octets)
    assert hashlib.sha256(document.octets).digest() == document.shape.digest


def test_a_signature_of_the_other_algorithm_family_is_named_as_such() -> None:
    parse((DATA / "gost2015_kalkan.xml").read_bytes())
    with pytest.raises(Rejected) as caught:
        read((DATA / "gost2015_kalkan.xml").read_bytes())
    assert caught.value.finding is Finding.SIGNATURE_METHOD
