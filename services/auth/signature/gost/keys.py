"""A GOST key as it stands in a certificate, and what such a key has signed.

Numbers are little-endian throughout. A signature is r, then s: the octets of a Russian signature in reverse order.
"""

from dataclasses import dataclass

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from services.auth.signature.gost.curve import TC26_512_A, Curve, Point
from services.auth.signature.gost.native import Octets, is_right, streebog512

SIGNATURE_512 = "1.2.398.3.10.1.1.2.3.2"
KEY_512 = "1.2.398.3.10.1.1.2.2"
CURVE_512 = "1.2.398.3.10.1.1.2.2.1"
HASH_512 = "1.2.398.3.10.1.3.3"
_ALGORITHM_FIELD = 2
_KEY_FIELD = 6
_HALF = 64


class NotGost(ValueError):
    """A certificate with a key of another kind, of another size or on another curve; or a key that is no point of it."""


@dataclass(frozen=True, slots=True)
class GostKey:
    """A public key."""

    point: Point
    curve: Curve = TC26_512_A

    def has_signed(self, octets: Octets, signature: bytes) -> bool:
        """True when this key has made this signature over these octets."""
        return self.has_signed_hash(streebog512(octets), signature)

    def has_signed_hash(self, digest: bytes, signature: bytes) -> bool:
        """The same where the hash is known already."""
        if len(signature) != 2 * _HALF:
            return False
        r, s = (int.from_bytes(half, "little") for half in (signature[:_HALF], signature[_HALF:]))
        return is_right(self.curve, self.point, int.from_bytes(digest, "little"), r, s)


def is_gost(certificate: x509.Certificate) -> bool:
    """True for a certificate with a national 512-bit key; its form has not been looked at."""
    return certificate.public_key_algorithm_oid.dotted_string == KEY_512


def key_of(certificate: x509.Certificate) -> GostKey:
    """The certificate's key; raises NotGost. The library that reads certificates leaves keys it does not know unread."""
    try:
        told, raw = _taken_apart(_field(certificate))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError):
        raise NotGost("the key is out of form") from None
    if told != (KEY_512, CURVE_512, HASH_512) or len(raw) != 2 * _HALF:
        raise NotGost("the key is of another kind")
    key = GostKey(Point(*(int.from_bytes(half, "little") for half in (raw[:_HALF], raw[_HALF:]))))
    if not key.curve.holds(key.point):
        raise NotGost("the key is no point of its curve")
    return key


def has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """True when the issuer's key has signed the certificate, and it names the issuer."""
    oid = certificate.signature_algorithm_oid.dotted_string
    return (
        certificate.issuer == issuer.subject
        and _names_one_algorithm(certificate)
        and has_signed(issuer, certificate.tbs_certificate_bytes, certificate.signature, oid)
    )


def has_signed(signer: x509.Certificate, octets: Octets, signature: bytes, algorithm: str) -> bool:
    """True when the key in the signer's certificate has made this signature by this algorithm (an object id)."""
    try:
        return algorithm == SIGNATURE_512 and key_of(signer).has_signed(octets, signature)
    except NotGost:
        return False


def _taken_apart(field: bytes) -> tuple[tuple[str, ...], bytes]:
    """The object ids of key, curve and hash, and the octets of the point; raises what a reader raises for another form."""
    whole = core.Sequence.load(field, strict=True)
    algorithm, bits = whole[0], whole[1]
    parameters = algorithm[1]
    if (len(whole), len(algorithm), len(parameters)) != (2, 2, 2) or bits.contents[:1] != b"\0":
        raise ValueError("not the form of such a key")
    raw: bytes = core.OctetString.load(bits.contents[1:], strict=True).native
    return (algorithm[0].dotted, parameters[0].dotted, parameters[1].dotted), raw


def _names_one_algorithm(certificate: x509.Certificate) -> bool:
    """The algorithm outside the signed part is, octet for octet, the one inside (RFC 5280 4.1.1.2)."""
    whole = core.Sequence.load(certificate.public_bytes(Encoding.DER), strict=True)
    return bool(whole[0][_ALGORITHM_FIELD].dump() == whole[1].dump())


def _field(certificate: x509.Certificate) -> bytes:
    """SubjectPublicKeyInfo: the seventh field of a version 3 certificate."""
    octets: bytes = core.Sequence.load(certificate.tbs_certificate_bytes)[_KEY_FIELD].dump()
    return octets
