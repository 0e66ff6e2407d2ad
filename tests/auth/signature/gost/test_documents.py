"""Documents signed with GOST keys: the honest one passes, no bent one does, and the other family goes on as before."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from benchmarks.gost_made import GostAuthority, GostSigner, sign_xml
from doubles.nca.certificates import Usage as Kind
from doubles.nca.revocation import Fault
from services.auth.domain.revocation import Lists, Unreachable
from services.auth.domain.verdict import Finding, Indication
from services.auth.signature.gost import xml
from services.auth.signature.gost.verifier import GOST, GostVerifier
from services.auth.signature.profile import ORGANISATIONS, HolderRole, Usage
from services.auth.signature.revocation import Source
from services.auth.signature.trust import Trust
from services.auth.signature.verifier import Asked, Judged, Verifier, examined_document
from tests.auth.hands import AIGERIM, NOW, Hands, Road
from tests.auth.signature.attacks import ATTACKS

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
DATA = Path(__file__).parents[2] / "data"
ISSUED = (
    '<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><site>Жолдама</site>'
    "<challenge>c-1</challenge><nonce>n-1</nonce></login>"
)
SIGNER = GostSigner.named("aigerim")


class GostRoad(Road):
    """The road to an authority with GOST keys."""

    def __init__(self, gost: GostAuthority) -> None:
        super().__init__(gost.authority)
        self.gost = gost

    async def ocsp(self, request: bytes) -> bytes:
        self.asked.append("ocsp")
        if self.ocsp_cut:
            raise Unreachable
        return self.swap(self.gost.ocsp(request))

    async def lists(self) -> Lists:
        self.asked.append("lists")
        if self.lists_cut:
            raise Unreachable
        return Lists(self.gost.listed(self.authority.crl()), self.gost.listed(self.authority.delta_crl()))


@pytest.fixture(scope="session")
def gost(shared_hands: Hands) -> GostAuthority:
    shared_hands.at = NOW
    return GostAuthority(shared_hands.authority)


@pytest.fixture
def way(gost: GostAuthority, hands: Hands) -> GostRoad:
    return GostRoad(gost)


@pytest.fixture(scope="session")
def trust(gost: GostAuthority) -> Trust:
    """Both families are pinned side by side."""
    return Trust.of([gost.root, gost.issuing, *gost.authority.anchors])


@pytest.fixture(scope="session")
def leaf(gost: GostAuthority) -> x509.Certificate:
    return gost.issued(gost.authority.issue(AIGERIM, Kind.AUTH).cert, SIGNER)


@pytest.fixture(scope="session")
def signed(leaf: x509.Certificate) -> bytes:
    return sign_xml(ISSUED, leaf, SIGNER)


def certificate(name: str) -> x509.Certificate:
    octets = (DATA / name).read_bytes()
    return (
        x509.load_pem_x509_certificate(octets)
        if octets.startswith(b"-----")
        else x509.load_der_x509_certificate(octets)
    )


async def judged(trust: Trust, way: Road, document: bytes, issued: str = ISSUED) -> Judged:
    return await GostVerifier(trust, way).judge(document, issued=issued.encode(), usage=Usage.LOGIN, at=NOW)


async def test_an_honest_signature_passes_and_tells_the_signer(trust: Trust, way: GostRoad, signed: bytes) -> None:
    told = await judged(trust, way, signed)
    assert told.verdict.indication is Indication.PASSED
    assert told.signer is not None
    assert told.signer.iin == AIGERIM.iin
    assert told.key is not None
    assert told.key.algorithm == "GOST 34.310-2015"
    assert told.status is not None
    assert told.status.source is Source.OCSP
    assert told.covered == etree.tostring(etree.fromstring(ISSUED), method="c14n")


async def test_the_same_document_is_refused_where_the_algorithm_is_off(
    trust: Trust, way: GostRoad, signed: bytes
) -> None:
    told = await Verifier(trust, way).judge(signed, issued=ISSUED.encode(), usage=Usage.LOGIN, at=NOW)
    assert told.verdict.finding is Finding.SIGNATURE_METHOD


async def test_the_other_family_passes_as_before(trust: Trust, road: Road, hands: Hands) -> None:
    told = await judged(trust, road, hands.signed(ISSUED, Kind.AUTH))
    assert told.verdict.indication is Indication.PASSED
    assert told.key is not None
    assert told.key.algorithm == "RSA"


@pytest.mark.parametrize("name", list(ATTACKS))
async def test_no_bent_document_passes(trust: Trust, way: GostRoad, signed: bytes, hands: Hands, name: str) -> None:
    make, _ = ATTACKS[name]
    bent = make(signed, hands.key(Kind.AUTH))
    assert bent != signed
    told = await judged(trust, way, bent)
    assert told.verdict.indication is not Indication.PASSED
    assert way.asked == []


def test_no_changed_octet_passes(trust: Trust, signed: bytes) -> None:
    begin = signed.index(b"<login")

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(min_value=begin, max_value=len(signed) - 1), st.integers(min_value=1, max_value=255))
    def passes_nothing_else(place: int, by: int) -> None:
        changed = bytearray(signed)
        changed[place] ^= by
        told = examined_document(bytes(changed), Asked(Usage.LOGIN, NOW, ISSUED.encode()), trust, GOST)
        if told.verdict.finding is None:
            assert told.covered == etree.tostring(etree.fromstring(ISSUED), method="c14n")

    passes_nothing_else()


async def test_a_signature_over_another_document_is_not_an_answer(
    trust: Trust, way: GostRoad, leaf: x509.Certificate
) -> None:
    other = sign_xml(ISSUED.replace("n-1", "n-2"), leaf, SIGNER)
    assert (await judged(trust, way, other)).verdict.finding is Finding.NOT_THE_ISSUED_DOCUMENT


async def test_another_key_with_the_same_names_is_nobody(trust: Trust, way: GostRoad, leaf: x509.Certificate) -> None:
    stranger = GostSigner.named("stranger")
    forged = sign_xml(ISSUED, leaf, stranger)
    assert (await judged(trust, way, forged)).verdict.finding is Finding.SIGNATURE_VALUE
    self_issued = GostAuthority.rekeyed(leaf, stranger, stranger)
    assert (await judged(trust, way, sign_xml(ISSUED, self_issued, stranger))).verdict.finding is (
        Finding.CERTIFICATE_ISSUER
    )


async def test_algorithms_of_the_two_families_cannot_be_mixed(trust: Trust, way: GostRoad, signed: bytes) -> None:
    for ours, other, finding in (
        (xml.SIGNATURE_METHOD, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", Finding.DIGEST_METHOD),
        (xml.DIGEST_METHOD, "http://www.w3.org/2001/04/xmlenc#sha256", Finding.DIGEST_METHOD),
        (xml.SIGNATURE_METHOD, xml.SIGNATURE_METHOD.replace("-512", "-256"), Finding.SIGNATURE_METHOD),
    ):
        mixed = signed.replace(f'"{ours}"'.encode(), f'"{other}"'.encode())
        assert mixed != signed
        assert (await judged(trust, way, mixed)).verdict.finding is finding


async def test_a_key_of_one_family_signs_nothing_by_the_name_of_the_other(
    trust: Trust, way: GostRoad, hands: Hands
) -> None:
    rsa_certificate = hands.key(Kind.AUTH).cert
    told = await judged(trust, way, sign_xml(ISSUED, rsa_certificate, SIGNER))
    assert told.verdict.finding is Finding.CERTIFICATE_KEY_TYPE


async def test_namespaces_and_languages_around_the_signature_are_counted_in(
    trust: Trust, way: GostRoad, leaf: x509.Certificate
) -> None:
    issued = '<a xmlns="urn:one" xmlns:two="urn:two"><two:b>қазақша</two:b></a>'
    assert (await judged(trust, way, sign_xml(issued, leaf, SIGNER), issued)).verdict.finding is None
    changed = sign_xml(issued, leaf, SIGNER).replace(b"urn:two", b"urn:2")
    assert (await judged(trust, way, changed, issued)).verdict.finding is Finding.DIGEST_VALUE


async def test_a_key_for_signing_does_not_open_the_door(trust: Trust, way: GostRoad, gost: GostAuthority) -> None:
    sign_key = gost.issued(gost.authority.issue(AIGERIM, Kind.SIGN).cert, SIGNER)
    assert (await judged(trust, way, sign_xml(ISSUED, sign_key, SIGNER))).verdict.finding is (
        Finding.CERTIFICATE_KEY_USAGE
    )


async def test_a_certificate_has_its_time(trust: Trust, way: GostRoad, signed: bytes) -> None:
    verifier = GostVerifier(trust, way)
    for at, finding in (
        (NOW - timedelta(days=800), Finding.CERTIFICATE_NOT_YET_VALID),
        (NOW + timedelta(days=800), Finding.CERTIFICATE_EXPIRED),
    ):
        told = await verifier.judge(signed, issued=ISSUED.encode(), usage=Usage.LOGIN, at=at)
        assert told.verdict.finding is finding


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (Fault.STALE, Finding.REVOCATION_STALE),
        (Fault.FUTURE, Finding.REVOCATION_STALE),
        (Fault.NONONCE, Finding.REVOCATION_NONCE),
        (Fault.BADNONCE, Finding.REVOCATION_NONCE),
        (Fault.OTHERSERIAL, Finding.REVOCATION_OF_ANOTHER),
        (Fault.UNKNOWN, Finding.CERTIFICATE_UNKNOWN_TO_ISSUER),
    ],
)
async def test_an_answer_that_is_not_to_be_believed_is_none(
    trust: Trust, way: GostRoad, signed: bytes, hands: Hands, fault: Fault, finding: Finding
) -> None:
    hands.authority.faults["ocsp"] = fault
    assert (await judged(trust, way, signed)).verdict.finding is finding
    assert way.asked == ["ocsp"]


async def test_an_answer_signed_by_the_other_family_or_changed_is_none(
    trust: Trust, way: GostRoad, signed: bytes, hands: Hands
) -> None:
    way.swap = lambda answer: answer.replace(b"\x80\x00", b"\x82\x00", 1)
    assert (await judged(trust, way, signed)).verdict.finding in {
        Finding.REVOCATION_STALE,
        Finding.REVOCATION_SIGNATURE,
        Finding.CERTIFICATE_UNKNOWN_TO_ISSUER,
        Finding.REVOCATION_MALFORMED,
    }
    told = await GostVerifier(trust, Road(hands.authority)).judge(
        signed, issued=ISSUED.encode(), usage=Usage.LOGIN, at=NOW
    )
    assert told.verdict.finding is Finding.REVOCATION_SIGNATURE


async def test_a_revoked_certificate_is_revoked_by_either_source(
    trust: Trust, way: GostRoad, gost: GostAuthority
) -> None:
    credential = gost.authority.issue(AIGERIM, Kind.AUTH)
    document = sign_xml(ISSUED, gost.issued(credential.cert, SIGNER), SIGNER)
    way.ocsp_cut = True
    assert (await judged(trust, way, document)).status is not None
    gost.authority.revoke(credential)
    assert (await judged(trust, way, document)).verdict.finding is Finding.CERTIFICATE_REVOKED
    way.ocsp_cut = False
    assert (await judged(trust, way, document)).verdict.finding is Finding.CERTIFICATE_REVOKED


async def test_a_list_signed_by_the_other_family_proves_nothing(
    trust: Trust, signed: bytes, gost: GostAuthority, hands: Hands
) -> None:
    class Mixed(GostRoad):
        async def lists(self) -> Lists:
            return Lists(self.authority.crl())

    mixed = Mixed(gost)
    mixed.ocsp_cut = True
    assert (await judged(trust, mixed, signed)).verdict.finding is Finding.REVOCATION_SIGNATURE


def test_what_the_certified_program_has_really_signed_is_verified() -> None:
    """A head of an organisation signed it with the authority's test key in 2024; issuer and answer are real as well."""
    document = (DATA / "gost2015_kalkan.xml").read_bytes()
    issuer = certificate("nca_gost2015_test.cer")
    trust = Trust(anchors=(issuer,), issuers=(issuer,))
    asked = Asked(Usage.SIGNING, datetime(2025, 1, 1, tzinfo=UTC), None, ORGANISATIONS, check_digits=False)
    told = examined_document(document, asked, trust, GOST)
    assert told.verdict.finding is None
    assert told.covered == b"<test><message>QCxn00hfuH9zCv58</message></test>"
    assert told.organisation is not None
    assert told.organisation.roles == (HolderRole.HEAD,)
    for changed in (
        document.replace(b"QCxn", b"QCxm"),
        re.sub(
            rb"(SignatureValue>\s*)(.)",
            lambda found: found[1] + (b"A" if found[2] != b"A" else b"B"),
            document,
            count=1,
        ),
    ):
        assert changed != document
        assert examined_document(changed, asked, trust, GOST).verdict.finding in {
            Finding.DIGEST_VALUE,
            Finding.SIGNATURE_VALUE,
        }


def test_the_stranger_is_told_nothing_but_the_finding(trust: Trust) -> None:
    for content in (b"", b"<a/>", xml.SIGNATURE_METHOD.encode(), b"<a>" + xml.SIGNATURE_METHOD.encode() + b"</a>"):
        assert examined_document(content, Asked(Usage.LOGIN, NOW), trust, GOST).verdict.finding is not None
