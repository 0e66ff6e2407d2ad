"""A revocation list as long as the national one, written octet by octet: a builder would take minutes."""

import random
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

ENTRIES = 422_000
_REASON = bytes.fromhex("300c300a0603551d1504030a0101")
_ENTRY = bytes.fromhex("30330214")
_DATE = b"\x17\x0d250101000000Z"


def serials(count: int = ENTRIES, seed: int = 1) -> list[bytes]:
    """Positive numbers of twenty octets; the same ones for the same seed."""
    drawn = random.Random(seed).randbytes(20 * count)
    return [bytes((drawn[at] & 0x7F | 0x40,)) + drawn[at + 1 : at + 20] for at in range(0, 20 * count, 20)]


def long_list(
    issuer: x509.Certificate, key: rsa.RSAPrivateKey, listed: list[bytes], begins: datetime, ends: datetime
) -> bytes:
    """The list (DER), number 1, with a reason at every entry: 53 octets each, as the authority writes them."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject).last_update(begins).next_update(ends)
    short = builder.add_extension(x509.CRLNumber(1), critical=False).sign(key, hashes.SHA256())
    head, tail = _around(short.tbs_certlist_bytes)
    entries = b"".join([_ENTRY + serial + _DATE + _REASON for serial in listed])
    signed = element(0x30, head + element(0x30, entries) + tail)
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return element(0x30, signed + algorithm(short) + element(0x03, b"\0" + signature))


def element(tag: int, content: bytes) -> bytes:
    """A DER element."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 + len(length))) + length + content


def algorithm(of: x509.CertificateRevocationList) -> bytes:
    """The list's AlgorithmIdentifier as it stands after the signed part."""
    whole, signed = of.public_bytes(Encoding.DER), of.tbs_certlist_bytes
    begin = whole.index(signed) + len(signed)
    return whole[begin : begin + 2 + whole[begin + 1]]


def _around(signed: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the place of the entries in a list without any."""
    content = 2 + (signed[1] & 0x7F if signed[1] & 0x80 else 0)
    tail = signed.rindex(b"\xa0")
    return signed[content:tail], signed[tail:]
