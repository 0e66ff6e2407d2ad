"""Forged RSA signatures (PKCS #1 v1.5): the ways in which verifiers have been deceived, each made anew with a known key.

The classes are those of Bleichenbacher (2006), of BERserk (2014) and of Wycheproof's sets. Whoever has the private key
can make a signature value for any padding, so each forgery is right but for the one thing its name says.
"""

import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SHA1_INFO = bytes.fromhex("3021300906052b0e03021a05000414")
SHA224_INFO = bytes.fromhex("302d300d06096086480165030402040500041c")
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
SHA512_INFO = bytes.fromhex("3051300d060960864801650304020305000440")
NO_NULL = bytes.fromhex("302f300b0609608648016503040201") + b"\x04\x20"
LONG_LENGTH = bytes.fromhex("308131300d060960864801650304020105000420")
LONG_INNER_LENGTH = bytes.fromhex("303230810d060960864801650304020105000420")
LONG_DIGEST_LENGTH = bytes.fromhex("3032300d06096086480165030402010500048120")
ENDLESS_LENGTH = bytes.fromhex("3080300d060960864801650304020105000420")
LEADING_ZERO_LENGTH = bytes.fromhex("30820031300d060960864801650304020105000420")
OTHER_PARAMETERS = bytes.fromhex("3031300d060960864801650304020130000420")
TWO_PARAMETERS = bytes.fromhex("3033300f0609608648016503040201050005000420")
SHORT_INFO = bytes.fromhex("3031300d060960864801650304020105000419")
BIT_STRING = bytes.fromhex("3031300d060960864801650304020105000320")

Forge = Callable[[rsa.RSAPrivateKey, bytes], bytes]
FORGERIES: dict[str, Forge] = {}
"""What is wrong with a signature value, to how it is made over the signed octets."""


def size(key: rsa.RSAPrivateKey) -> int:
    return key.key_size // 8


def raw(key: rsa.RSAPrivateKey, block: bytes) -> bytes:
    """The signature value whose padded block is this one."""
    numbers = key.private_numbers()
    value = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n)
    return value.to_bytes(size(key), "big")


def padded(key: rsa.RSAPrivateKey, content: bytes, *, start: bytes = b"\x00\x01", fill: bytes = b"\xff") -> bytes:
    room = size(key) - len(start) - 1 - len(content)
    return start + fill * room + b"\x00" + content


def digest(octets: bytes) -> bytes:
    return hashlib.sha256(octets).digest()


def honest(key: rsa.RSAPrivateKey, octets: bytes) -> bytes:
    return raw(key, padded(key, SHA256_INFO + digest(octets)))


def _content(name: str, make: Callable[[bytes], bytes]) -> None:
    FORGERIES[name] = lambda key, octets: raw(key, padded(key, make(digest(octets))))


def _block(name: str, make: Callable[[rsa.RSAPrivateKey, bytes], bytes]) -> None:
    FORGERIES[name] = lambda key, octets: raw(key, make(key, SHA256_INFO + digest(octets)))


def _value(name: str, make: Forge) -> None:
    FORGERIES[name] = make


for _name, _info in {
    "algorithm without its null": NO_NULL,
    "length in the long form": LONG_LENGTH,
    "inner length in the long form": LONG_INNER_LENGTH,
    "length of the digest in the long form": LONG_DIGEST_LENGTH,
    "length without end": ENDLESS_LENGTH,
    "length with leading zeros": LEADING_ZERO_LENGTH,
    "other parameters": OTHER_PARAMETERS,
    "parameters twice": TWO_PARAMETERS,
    "length of the digest one too small": SHORT_INFO,
    "digest as a bit string": BIT_STRING,
    "named as SHA-1": SHA1_INFO,
    "named as SHA-224": SHA224_INFO,
    "named as SHA-512": SHA512_INFO,
    "no algorithm at all": b"",
}.items():
    _content(_name, lambda told, info=_info: info + told)  # type: ignore[misc]

_content("digest cut short", lambda told: SHA256_INFO[:-1] + b"\x1f" + told[:-1])
_content("digest twice", lambda told: SHA256_INFO + told + told)
_content("octets after the digest", lambda told: SHA256_INFO + told + b"\x00" * 8)
_content("octets inside after the digest", lambda told: b"\x30\x33" + SHA256_INFO[2:] + told + b"\x05\x00")
_content("digest of nothing", lambda told: SHA256_INFO + hashlib.sha256(b"").digest())
_content("digest reversed", lambda told: SHA256_INFO + told[::-1])
_content("algorithm alone", lambda told: SHA256_INFO)
_content("nothing", lambda told: b"")

_block(
    "short filling and rubbish behind",
    lambda key, told: (b"\x00\x01" + b"\xff" * 8 + b"\x00" + told).ljust(size(key), b"\x5a"),
)
_block("no filling and rubbish behind", lambda key, told: (b"\x00\x01\x00" + told).ljust(size(key), b"\x00"))
_block("filled for encryption", lambda key, told: padded(key, told, start=b"\x00\x02", fill=b"\x77"))
_block("filled with zeros", lambda key, told: padded(key, told, fill=b"\x00"))
_block("filled with type zero", lambda key, told: padded(key, told, start=b"\x00\x00", fill=b"\x00"))
_block("filling with one wrong octet", lambda key, told: padded(key, told).replace(b"\xff\xff\xff", b"\xff\xfe\xff", 1))
_block("filling ends late", lambda key, told: padded(key, told).replace(b"\xff\x00", b"\xff\xff", 1))
_block("filling ends early", lambda key, told: padded(key, told).replace(b"\xff\xff\x00", b"\xff\x00\x00", 1))
_block("first octet one", lambda key, told: b"\x01" + padded(key, told)[1:])
_block("shifted by an octet", lambda key, told: padded(key, told)[1:] + b"\x00")

_value("nothing", lambda key, octets: b"")
_value("zero", lambda key, octets: bytes(size(key)))
_value("one", lambda key, octets: (1).to_bytes(size(key), "big"))
_value("modulus", lambda key, octets: key.public_key().public_numbers().n.to_bytes(size(key), "big"))
_value("modulus less one", lambda key, octets: (key.public_key().public_numbers().n - 1).to_bytes(size(key), "big"))
_value("all ones", lambda key, octets: b"\xff" * size(key))
_value("an octet more in front", lambda key, octets: b"\x00" + honest(key, octets))
_value("an octet more behind", lambda key, octets: honest(key, octets) + b"\x00")
_value("an octet less in front", lambda key, octets: honest(key, octets)[1:])
_value("an octet less behind", lambda key, octets: honest(key, octets)[:-1])
_value("twice", lambda key, octets: honest(key, octets) * 2)
_value("of other octets", lambda key, octets: honest(key, octets + b" "))
_value(
    "plus the modulus",
    lambda key, octets: (int.from_bytes(honest(key, octets), "big") + key.public_key().public_numbers().n).to_bytes(
        size(key) + 1, "big"
    ),
)
_value(
    "modulus less the value",
    lambda key, octets: (key.public_key().public_numbers().n - int.from_bytes(honest(key, octets), "big")).to_bytes(
        size(key), "big"
    ),
)
_value(
    "padded otherwise (PSS)",
    lambda key, octets: key.sign(
        octets, padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH), hashes.SHA256()
    ),
)
_value("with SHA-1", lambda key, octets: raw(key, padded(key, SHA1_INFO + hashlib.sha1(octets).digest())))
_value("with SHA-512", lambda key, octets: key.sign(octets, padding.PKCS1v15(), hashes.SHA512()))
