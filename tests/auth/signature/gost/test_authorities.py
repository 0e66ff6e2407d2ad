"""Who may stand above a GOST certificate, what its key must look like, and what the real authority has signed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as reader
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.gost_made import GostAuthority, GostSigner
from doubles.nca.certificates import Usage as Kind
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl
from services.auth.signature.gost import ocsp
from services.auth.signature.gost.certificate import examined
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.curve import Point
from services.auth.signature.gost.keys import GostKey, NotGost, has_issued, has_signed, key_of
from services.auth.signature.profile import ORGANISATIONS, Usage
from services.auth.signature.trust import Trust
from tests.auth.hands import AIGERIM, NOW, Hands

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
DATA = Path(__file__).parents[2] / "data"
SIGNATURE_OCTETS = 128
SIGNER = GostSigner.named("aigerim")


def real(name: str) -> x509.Certificate:
    octets = (DATA / name).read_bytes()
    pem = octets.startswith(b"-----")
    return x509.load_pem_x509_certificate(octets) if pem else x509.load_der_x509_certificate(octets)


@pytest.fixture(scope="session")
def gost(shared_hands: Hands) -> GostAuthority:
    shared_hands.at = NOW
    return GostAuthority(shared_hands.authority)


@pytest.fixture(scope="session")
def person(shared_hands: Hands) -> x509.Certificate:
    """An RSA certificate, to be issued again under a GOST key."""
    shared_hands.at = NOW
    return shared_hands.authority.issue(AIGERIM, Kind.AUTH).cert


def finding(leaf: x509.Certificate, trust: Trust, at: datetime = NOW) -> Finding | None:
    try:
        examined(leaf.public_bytes(Encoding.DER), Usage.LOGIN, trust, at)
    except Rejected as rejected:
        return rejected.finding
    return None


def without(certificate: x509.Certificate, oid: str) -> x509.Certificate:
    """The same without one extension; to be signed again."""
    return changed(certificate, lambda ones: asn1.Extensions([one for one in ones if one["extn_id"].dotted != oid]))


def numbered(certificate: x509.Certificate, serial: int) -> x509.Certificate:
    """The same under another serial number; to be signed again."""
    whole = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    whole["tbs_certificate"]["serial_number"] = serial
    return x509.load_der_x509_certificate(whole.dump(force=True))


def changed(certificate: x509.Certificate, change: Callable[[asn1.Extensions], asn1.Extensions]) -> x509.Certificate:
    whole = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    whole["tbs_certificate"]["extensions"] = change(whole["tbs_certificate"]["extensions"])
    return x509.load_der_x509_certificate(whole.dump(force=True))


def test_a_short_path_to_a_pinned_root_is_good(gost: GostAuthority, person: x509.Certificate) -> None:
    leaf = gost.issued(person, SIGNER)
    assert finding(leaf, Trust.of([gost.root, gost.issuing])) is None
    assert finding(leaf, Trust(anchors=(gost.issuing,), issuers=(gost.issuing,))) is None


def test_an_issuer_under_no_pinned_root_is_none(gost: GostAuthority, person: x509.Certificate) -> None:
    stranger = GostSigner.named("stranger")
    other_root = gost.rekeyed(gost.authority.root.cert, stranger, stranger)
    leaf = gost.issued(person, SIGNER)
    assert finding(leaf, Trust.of([other_root, gost.issuing])) is Finding.CERTIFICATE_CHAIN
    assert finding(leaf, Trust.of(gost.authority.anchors)) is Finding.CERTIFICATE_ISSUER


def test_a_person_is_no_authority(gost: GostAuthority, person: x509.Certificate, hands: Hands) -> None:
    below = gost.rekeyed(hands.authority.issue(AIGERIM, Kind.AUTH).cert, GostSigner.named("below"), SIGNER)
    leaf = gost.issued(person, SIGNER)
    assert finding(below, Trust.of([gost.root, gost.issuing])) is Finding.CERTIFICATE_ISSUER
    assert finding(below, Trust.of([gost.root, gost.issuing, leaf])) is Finding.CERTIFICATE_ISSUER


@pytest.mark.parametrize(("oid", "why"), [("2.5.29.19", "CA"), ("2.5.29.15", "key usage"), ("2.5.29.14", "key id")])
def test_an_issuer_has_to_be_an_authority(gost: GostAuthority, person: x509.Certificate, oid: str, why: str) -> None:
    bare = gost.rekeyed(without(gost.authority.issuing.cert, oid), gost.issuing_signer, gost.root_signer)
    assert finding(gost.issued(person, SIGNER), Trust.of([gost.root, bare])) is Finding.CERTIFICATE_CHAIN, why


def test_a_leaf_names_its_issuers_key_and_says_nothing_critical_that_is_not_understood(
    gost: GostAuthority, person: x509.Certificate
) -> None:
    trust = Trust.of([gost.root, gost.issuing])
    assert finding(gost.issued(without(person, "2.5.29.35"), SIGNER), trust) is Finding.CERTIFICATE_CHAIN

    def foreign(ones: asn1.Extensions) -> asn1.Extensions:
        told = asn1.Extension({"extn_id": "1.2.3.4", "critical": True, "extn_value": b"\x05\x00"})
        return asn1.Extensions([*ones, told])

    assert finding(gost.issued(changed(person, foreign), SIGNER), trust) is Finding.CERTIFICATE_CHAIN


def test_the_authorities_have_their_time_too(gost: GostAuthority, person: x509.Certificate) -> None:
    trust = Trust.of([gost.root, gost.issuing])
    leaf = gost.issued(person, SIGNER)
    assert finding(leaf, trust, leaf.not_valid_after_utc) is None
    assert finding(leaf, trust, leaf.not_valid_after_utc + timedelta(seconds=1)) is Finding.CERTIFICATE_EXPIRED


@pytest.mark.parametrize(
    ("ours", "other"),
    [
        ("06092a830e030a01010202", "06092a830e030a01010201"),
        ("060a2a830e030a0101020201", "060a2a830e030a0101020202"),
        ("06082a830e030a010303", "06082a830e030a010302"),
        ("03818400048180", "03818400058180"),
    ],
)
def test_a_key_of_another_kind_or_form_is_refused(
    gost: GostAuthority, person: x509.Certificate, ours: str, other: str
) -> None:
    leaf = gost.issued(person, SIGNER)
    octets = leaf.public_bytes(Encoding.DER)
    bent = octets.replace(bytes.fromhex(ours), bytes.fromhex(other), 1)
    assert bent != octets
    with pytest.raises((NotGost, ValueError)):
        key_of(x509.load_der_x509_certificate(bent))
    trust = Trust.of([gost.root, gost.issuing])
    with pytest.raises(Rejected) as caught:
        examined(bent, Usage.LOGIN, trust, NOW)
    assert caught.value.finding in {Finding.CERTIFICATE_KEY_TYPE, Finding.CERTIFICATE_MALFORMED}


@pytest.mark.filterwarnings("ignore:Parsed a serial number:UserWarning")
def test_no_changed_octet_of_a_certificate_passes(gost: GostAuthority, person: x509.Certificate) -> None:
    octets, trust = gost.issued(person, SIGNER).public_bytes(Encoding.DER), Trust.of([gost.root, gost.issuing])

    @settings(max_examples=600, deadline=None)
    @given(st.integers(min_value=0, max_value=len(octets) - 1), st.integers(min_value=1, max_value=255))
    def is_refused(place: int, by: int) -> None:
        bent = bytearray(octets)
        bent[place] ^= by
        with pytest.raises(Rejected):
            examined(bytes(bent), Usage.LOGIN, trust, NOW)

    is_refused()


def test_a_signature_that_ends_within_an_octet_is_refused(gost: GostAuthority, person: x509.Certificate) -> None:
    """Told apart by serial number until the last bit of a signature is zero: only such a bit could be called unused."""
    trust = Trust.of([gost.root, gost.issuing])
    issued = (gost.issued(numbered(person, serial), SIGNER).public_bytes(Encoding.DER) for serial in range(1, 65))
    octets = bytearray(next(one for one in issued if one[-1] % 2 == 0))
    examined(bytes(octets), Usage.LOGIN, trust, NOW)
    octets[-SIGNATURE_OCTETS - 1] = 1
    with pytest.raises(Rejected) as caught:
        examined(bytes(octets), Usage.LOGIN, trust, NOW)
    assert caught.value.finding is Finding.CERTIFICATE_MALFORMED


def test_a_key_that_is_no_point_of_the_curve_is_refused(gost: GostAuthority, person: x509.Certificate) -> None:
    class Crooked(GostSigner):
        @property
        def key_field(self) -> bytes:
            good = super().key_field
            return good[:-1] + bytes((good[-1] ^ 1,))

    with pytest.raises(NotGost):
        key_of(gost.issued(person, Crooked(5)))
    assert finding(gost.issued(person, Crooked(5)), Trust.of([gost.root, gost.issuing])) is Finding.CERTIFICATE_KEY_TYPE


def test_a_signature_of_another_length_or_order_is_wrong() -> None:
    content, key = b"content", key_of_signer(SIGNER)
    signature = SIGNER.signature(content)
    assert key.has_signed(content, signature)
    for bent in (signature[:-1], signature + b"\0", b"", signature[64:] + signature[:64], signature[::-1]):
        assert not key.has_signed(content, bent)


def key_of_signer(signer: GostSigner) -> GostKey:
    octets = signer.key_field[-128:]
    return GostKey(Point(int.from_bytes(octets[:64], "little"), int.from_bytes(octets[64:], "little")))


def test_what_the_real_authority_has_signed_is_its_own() -> None:
    issuer, leaf = real("nca_gost2015_test.cer"), real("gostsigner.der")
    assert has_issued(issuer, leaf)
    assert not has_issued(leaf, issuer)
    trust = Trust(anchors=(issuer,), issuers=(issuer,))
    told = examined(
        leaf.public_bytes(Encoding.DER), Usage.SIGNING, trust, datetime(2025, 1, 1, tzinfo=UTC), ORGANISATIONS
    )
    assert told.issuer == issuer


@pytest.mark.parametrize("name", ["ocsp_response_individual_2015.bin", "ocsp_response_ceo_2015_revoked.bin"])
def test_a_real_answer_is_authentic(name: str) -> None:
    octets, issuer = (DATA / name).read_bytes(), real("nca_gost2015_test.cer")
    answer = reader.load_der_ocsp_response(octets)
    assert ocsp.is_authentic(answer, issuer)
    assert has_issued(issuer, answer.certificates[0])
    assert has_signed(
        answer.certificates[0],
        answer.tbs_response_bytes,
        answer.signature,
        answer.signature_algorithm_oid.dotted_string,
    )
    at = octets.index(b"20220902")
    assert not ocsp.is_authentic(reader.load_der_ocsp_response(octets[:at] + b"20220903" + octets[at + 8 :]), issuer)


def test_a_real_list_is_loaded_under_the_real_issuer() -> None:
    octets, issuer = (DATA / "nca_gost2022_test.crl").read_bytes(), real("nca_gost2015_test.cer")
    known = crl.loaded(octets, [real("nca_rsa_test.crt"), issuer], signed_by_gost)
    assert len(known.listed) == len(list(x509.load_der_x509_crl(octets)))
    assert all(each.serial_number in known.listed for each in x509.load_der_x509_crl(octets))
    at = octets.index(b"220727")
    with pytest.raises(Rejected) as caught:
        crl.loaded(octets[:at] + b"220728" + octets[at + 6 :], [issuer], signed_by_gost)
    assert caught.value.finding is Finding.REVOCATION_SIGNATURE
    with pytest.raises(Rejected):
        crl.loaded(octets, [issuer])
