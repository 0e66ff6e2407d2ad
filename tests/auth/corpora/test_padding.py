"""No forged RSA padding passes: not under a document, not under an OCSP answer, not under a revocation list, not in a chain."""

import base64
import re
from pathlib import Path

import cryptography_vectors
import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp as reader
from lxml import etree

from doubles.nca.certificates import Usage
from services.auth.domain.revocation import Lists
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import certificate, crl, ocsp
from services.auth.signature.certificate import examined
from services.auth.signature.xml import ensure_signed_by, read
from tests.auth.corpora.padding import FORGERIES, Forge, honest
from tests.auth.hands import NOW, Hands

HANDS = Hands()
KEY = HANDS.key(Usage.AUTH)
SIGNED = HANDS.signed('<login xmlns="urn:zholdama:login:1"><nonce>n-1</nonce></login>', Usage.AUTH)
SPKI = KEY.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
ISSUING, RESPONDER = HANDS.authority.issuing, HANDS.authority.responder
QUESTION = ocsp.request(KEY.cert, ISSUING.cert, b"0123456789abcdef")
ANSWER, LIST = HANDS.authority.ocsp(QUESTION), HANDS.authority.crl()
VECTORS = Path(cryptography_vectors.__file__).parent / "asymmetric" / "RSA" / "FIPS_186-2" / "SigVer15_186-3.rsp"

pytestmark = pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
FITTING = [name for name, forge in FORGERIES.items() if len(forge(KEY.key, b"")) == KEY.key.key_size // 8]
"""Values of the right length: the form of certificates, answers and lists admits no other."""


def under_a_document(forge: Forge) -> None:
    root = etree.fromstring(SIGNED)
    info, value = (root.find(f".//{{*}}{name}") for name in ("SignedInfo", "SignatureValue"))
    assert info is not None
    assert value is not None
    octets = etree.tostring(info, method="c14n")
    value.text = base64.b64encode(forge(KEY.key, octets)).decode()
    ensure_signed_by(read(etree.tostring(root, encoding="UTF-8")), SPKI)


def replaced(der: bytes, old: bytes, new: bytes) -> bytes:
    assert der.count(old) == 1
    return der.replace(old, new)


@pytest.mark.parametrize("name", list(FORGERIES))
def test_under_a_document(name: str) -> None:
    with pytest.raises(Rejected) as caught:
        under_a_document(FORGERIES[name])
    assert caught.value.finding is Finding.SIGNATURE_VALUE


@pytest.mark.parametrize("name", FITTING)
def test_under_an_ocsp_answer(name: str) -> None:
    forge, told = FORGERIES[name], reader.load_der_ocsp_response(ANSWER)
    bent = replaced(ANSWER, told.signature, forge(RESPONDER.key, told.tbs_response_bytes))
    with pytest.raises(Rejected) as caught:
        ocsp.ensure_good(bent, QUESTION, ISSUING.cert, NOW)
    assert caught.value.finding is Finding.REVOCATION_SIGNATURE


@pytest.mark.parametrize("name", FITTING)
def test_under_a_revocation_list(name: str) -> None:
    forge, told = FORGERIES[name], x509.load_der_x509_crl(LIST)
    bent = replaced(LIST, told.signature, forge(ISSUING.key, told.tbs_certlist_bytes))
    with pytest.raises(Rejected) as caught:
        crl.ensure_not_listed(Lists(bent), KEY.cert, ISSUING.cert, NOW)
    assert caught.value.finding is Finding.REVOCATION_SIGNATURE


@pytest.mark.parametrize("name", FITTING)
def test_under_a_certificate(name: str) -> None:
    forge, leaf = FORGERIES[name], KEY.cert
    bent = replaced(KEY.der, leaf.signature, forge(ISSUING.key, leaf.tbs_certificate_bytes))
    with pytest.raises(Rejected) as caught:
        examined(bent, certificate.Usage.LOGIN, HANDS.trust, NOW)
    assert caught.value.finding is Finding.CERTIFICATE_ISSUER


def test_the_honest_value_passes_everywhere() -> None:
    under_a_document(honest)
    told, listed, leaf = reader.load_der_ocsp_response(ANSWER), x509.load_der_x509_crl(LIST), KEY.cert
    same = replaced(ANSWER, told.signature, honest(RESPONDER.key, told.tbs_response_bytes))
    assert ocsp.ensure_good(same, QUESTION, ISSUING.cert, NOW) == NOW
    same = replaced(LIST, listed.signature, honest(ISSUING.key, listed.tbs_certlist_bytes))
    assert crl.ensure_not_listed(Lists(same), leaf, ISSUING.cert, NOW) == NOW
    same = replaced(KEY.der, leaf.signature, honest(ISSUING.key, leaf.tbs_certificate_bytes))
    assert examined(same, certificate.Usage.LOGIN, HANDS.trust, NOW).leaf == leaf


def test_nists_signature_vectors_are_judged_as_nist_does() -> None:
    """CAVP SigVer15 (FIPS 186-3), SHA-256, by the library that verifies documents."""
    judged = 0
    for numbers, message, value, good in vectors():
        key = numbers.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(key, xmlsec.constants.KeyDataFormatDer)
        try:
            context.verify_binary(message, xmlsec.constants.TransformRsaSha256, value)
            found = True
        except xmlsec.Error:
            found = False
        assert found is good
        judged += 1
    assert judged >= 12


def vectors() -> list[tuple[rsa.RSAPublicNumbers, bytes, bytes, bool]]:
    found, told = [], {}
    for line in VECTORS.read_text().splitlines():
        if match := re.fullmatch(r"\[?(\w+) = (\w+).*", line.strip()):
            told[match[1]] = match[2]
            if match[1] == "Result" and told["SHAAlg"] == "SHA256" and int(told["mod"]) >= 2048:
                numbers = rsa.RSAPublicNumbers(int(told["e"], 16), int(told["n"], 16))
                found.append((numbers, bytes.fromhex(told["Msg"]), bytes.fromhex(told["S"]), match[2] == "P"))
    return found
