"""The octets of a revocation list: every number in it is found, no other is, and what is out of form is refused."""

import asyncio
from array import array
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.long_list import ENTRIES, element, long_list, serials
from doubles.nca.keys import Credential
from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature import crl
from services.auth.signature.crl_reader import outlined, removals, table_of
from services.auth.signature.crl_table import SerialTable
from tests.auth.hands import NOW, Hands

HANDS = Hands()
ISSUING = HANDS.authority.issuing
numbers = st.integers(min_value=1, max_value=(1 << 159) - 1) | st.integers(min_value=1, max_value=300)


def written(listed: list[int], issuer: Credential = ISSUING, extension: x509.ExtensionType | None = None) -> bytes:
    """A list by the library's own builder."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.cert.subject)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    builder = builder.last_update(NOW).next_update(NOW + timedelta(hours=27))
    for number in listed:
        entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(NOW)
        if extension is not None:
            entry = entry.add_extension(extension, critical=True)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def table(content: list[bytes]) -> SerialTable:
    """A table of numbers given as the content of DER integers."""
    octets, begins = bytearray(b"\x02"), array("I")
    for each in content:
        begins.append(len(octets))
        octets += bytes((len(each),)) + each + b"\x02"
    return SerialTable(octets, begins)


def signed_again(entries: bytes) -> bytes:
    """A genuinely signed list whose entries are these octets."""
    key = ISSUING.key
    assert isinstance(key, rsa.RSAPrivateKey)
    whole = long_list(ISSUING.cert, key, [], NOW, NOW + timedelta(hours=27))
    signed = x509.load_der_x509_crl(whole).tbs_certlist_bytes
    content = 2 + (signed[1] & 0x7F if signed[1] & 0x80 else 0)
    signed = element(0x30, signed[content:].replace(b"\x30\x00\xa0", element(0x30, entries) + b"\xa0"))
    begin = whole.rindex(b"\x03\x82\x01\x01\x00")
    algorithm = whole[begin - 15 : begin]
    return element(
        0x30, signed + algorithm + b"\x03\x82\x01\x01\x00" + key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    )


def finding(octets: bytes) -> Finding | None:
    try:
        crl.loaded(octets, [ISSUING.cert])
    except Rejected as rejected:
        return rejected.finding
    return None


@settings(max_examples=40, deadline=None)
@given(st.sets(numbers, max_size=40), st.sets(numbers, max_size=10))
def test_the_numbers_of_a_list_are_found_and_no_others(listed: set[int], others: set[int]) -> None:
    known = table_of(outlined(written(sorted(listed))))
    assert len(known) == len(listed)
    assert all(number in known for number in listed)
    assert not any(number in known for number in others - listed)


@given(st.sets(st.integers(min_value=-(1 << 159), max_value=(1 << 160) - 1)), st.integers())
def test_a_number_of_any_size_and_sign_is_looked_up_without_a_fault(listed: set[int], other: int) -> None:
    known = table(
        [each.to_bytes((each if each >= 0 else ~each).bit_length() // 8 + 1, "big", signed=True) for each in listed]
    )
    assert all(number in known for number in listed)
    twins = {each - (1 << 160) for each in listed} | {each + (1 << 160) for each in listed}
    assert (other in known) == (other in listed) or other in twins


def test_a_number_is_not_found_across_the_border_of_two_others() -> None:
    one, two = bytes(19) + b"\x07", b"\x07" + bytes(18) + b"\x07"
    known = table([one.lstrip(b"\0"), two])
    assert int.from_bytes(one, "big") in known
    assert int.from_bytes((one + two)[1:21], "big") not in table([one.lstrip(b"\0")] * 2)
    assert "7" not in known


@pytest.mark.parametrize(
    "entries",
    [
        "3103020107",
        "3004040107170d",
        "30020200",
        "3017021501" + "00" * 20,
        "300302017f30",
        "3003020207",
        "3081030201073081",
        "300302010730050201",
    ],
)
def test_entries_out_of_form_spoil_a_list_however_well_it_is_signed(entries: str) -> None:
    assert finding(signed_again(bytes.fromhex(entries))) is Finding.REVOCATION_MALFORMED


def test_the_list_written_for_this_is_otherwise_good() -> None:
    assert finding(signed_again(b"")) is None
    assert finding(signed_again(bytes.fromhex("301202020100170d3235303130313030303030305a")[:22])) is not None
    assert finding(signed_again(bytes.fromhex("301302020100170d3235303130313030303030305a"))) is None


def test_an_entry_with_something_critical_that_is_not_understood_spoils_the_list() -> None:
    assert finding(written([5, 6], extension=x509.CRLReason(x509.ReasonFlags.key_compromise))) is None
    issuer = x509.CertificateIssuer([x509.DirectoryName(HANDS.authority.root.cert.subject)])
    assert finding(written([5, 6], extension=issuer)) is Finding.REVOCATION_MALFORMED


def test_what_a_delta_takes_back_is_told_apart() -> None:
    taken_back = written([5, 6], extension=x509.CRLReason(x509.ReasonFlags.remove_from_crl))
    assert removals(outlined(taken_back)) == {5, 6}
    assert removals(outlined(written([5, 6]))) == frozenset()


def test_octets_after_the_list_spoil_it() -> None:
    assert finding(written([5]) + b"\0") is Finding.REVOCATION_MALFORMED


async def test_the_national_list_is_loaded_beside_a_running_service() -> None:
    key = ISSUING.key
    assert isinstance(key, rsa.RSAPrivateKey)
    drawn = serials()
    octets = long_list(ISSUING.cert, key, drawn, NOW, NOW + timedelta(hours=27))
    loading = asyncio.create_task(asyncio.to_thread(crl.loaded, octets, [ISSUING.cert]))
    turns = 0
    while not loading.done():
        await asyncio.sleep(0.001)
        turns += 1
    known = await loading
    assert turns > 20, "the event loop was kept from its work"
    assert len(known.listed) == ENTRIES
    assert known.listed.nbytes < 9_000_000
    assert all(int.from_bytes(each, "big") in known.listed for each in drawn[::1000])
    assert not any(int.from_bytes(each, "big") ^ 1 in known.listed for each in drawn[::1000])
