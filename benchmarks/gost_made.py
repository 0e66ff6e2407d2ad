"""A test authority with GOST keys: whatever the RSA one issues and says, under other keys. For tests and benchmarks only.

The private keys lie in the open and the arithmetic is neither fast nor blind: nothing here may sign for anybody.
"""

import base64
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from lxml import etree

from benchmarks.long_list import element
from doubles.nca.authority import TestAuthority
from doubles.ncalayer.sign import DECLARATION
from services.auth.signature.gost.curve import TC26_512_A, Curve, Point
from services.auth.signature.gost.native import streebog512
from services.auth.signature.gost.xml import DIGEST_METHOD, SIGNATURE_METHOD
from services.auth.signature.shape import C14N, C14N_WITH_COMMENTS, DS, ENVELOPED

GENERATOR = Point(
    3,
    int(
        "7503CFE87A836AE3A61B8816E25450E6CE5E1C93ACF1ABC1778064FDCBEFA921"
        "DF1626BE4FD036E93D75E6A50E3A41E98028FE5FC235F5B889A589CB5215F2A4",
        16,
    ),
)
_SIGNATURE = bytes.fromhex("300c060a2a830e030a0101020302")
_KEY = bytes.fromhex("302306092a830e030a010102023016060a2a830e030a010102020106082a830e030a010303")
_ALGORITHM_FIELD, _KEY_FIELD = 2, 6


def times(curve: Curve, scalar: int, point: Point) -> Point:
    """The multiple of a point; the scalar is below the group's order and not zero."""
    found: Point | None = None
    for bit in f"{scalar:b}":
        found = found and _sum(curve, found, found)
        if bit == "1":
            found = point if found is None else _sum(curve, found, point)
    if found is None:
        raise ValueError("no multiple")
    return found


def _sum(curve: Curve, one: Point, other: Point) -> Point:
    if one == other:
        slope = (3 * one.x * one.x + curve.a) * pow(2 * one.y, -1, curve.p)
    else:
        slope = (other.y - one.y) * pow(other.x - one.x, -1, curve.p)
    x = (slope * slope - one.x - other.x) % curve.p
    return Point(x, (slope * (one.x - x) - one.y) % curve.p)


def equation(curve: Curve, generator: Point, private: int, digest: int, once: int) -> tuple[int, int]:
    """r and s (GOST R 34.10-2012 6.1) with this number used once."""
    r = times(curve, once, generator).x % curve.q
    return r, (r * private + once * (digest % curve.q or 1)) % curve.q


@dataclass(frozen=True, slots=True)
class GostSigner:
    """A private key; the number used once is drawn from key and content, so that the same is signed the same way."""

    private: int

    @classmethod
    def named(cls, name: str) -> "GostSigner":
        """A key that everybody can guess."""
        return cls(int.from_bytes(streebog512(name.encode()), "little") % TC26_512_A.q)

    @property
    def key_field(self) -> bytes:
        """SubjectPublicKeyInfo (DER)."""
        point = times(TC26_512_A, self.private, GENERATOR)
        octets = point.x.to_bytes(64, "little") + point.y.to_bytes(64, "little")
        return element(0x30, _KEY + element(0x03, b"\0" + element(0x04, octets)))

    def signature(self, content: bytes) -> bytes:
        """r and s, each least significant octet first."""
        digest = streebog512(content)
        once = int.from_bytes(streebog512(digest + self.private.to_bytes(64, "little")), "little") % TC26_512_A.q
        r, s = equation(TC26_512_A, GENERATOR, self.private, int.from_bytes(digest, "little"), once)
        return r.to_bytes(64, "little") + s.to_bytes(64, "little")

    def signed(self, content: bytes) -> bytes:
        """A signed structure as certificates and lists are: content, algorithm, signature (DER)."""
        return element(0x30, content + _SIGNATURE + element(0x03, b"\0" + self.signature(content)))


class GostAuthority:
    """The RSA test authority's certificates, lists and answers, with GOST keys and signatures."""

    def __init__(self, authority: TestAuthority) -> None:
        self.authority = authority
        self.root_signer, self.issuing_signer, self.responder_signer = (
            GostSigner.named(name) for name in ("root", "issuing", "responder")
        )
        self.root = self.rekeyed(authority.root.cert, self.root_signer, self.root_signer)
        self.issuing = self.rekeyed(authority.issuing.cert, self.issuing_signer, self.root_signer)
        self.responder = self.rekeyed(authority.responder.cert, self.responder_signer, self.issuing_signer)

    @staticmethod
    def rekeyed(certificate: x509.Certificate, own: GostSigner, issuer: GostSigner) -> x509.Certificate:
        """The same certificate for another key, signed by another issuer."""
        fields = parts(certificate.tbs_certificate_bytes)
        fields[_ALGORITHM_FIELD], fields[_KEY_FIELD] = _SIGNATURE, own.key_field
        return x509.load_der_x509_certificate(issuer.signed(element(0x30, b"".join(fields))))

    def issued(self, certificate: x509.Certificate, own: GostSigner) -> x509.Certificate:
        """A person's certificate."""
        return self.rekeyed(certificate, own, self.issuing_signer)

    def ocsp(self, request: bytes) -> bytes:
        """What the RSA responder answers, under the GOST responder's key."""
        told = ocsp.load_der_ocsp_response(self.authority.ocsp(request))
        if told.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return self.authority.ocsp(request)
        signature = element(0x03, b"\0" + self.responder_signer.signature(told.tbs_response_bytes))
        certificates = element(0xA0, element(0x30, self.responder.public_bytes(Encoding.DER)))
        basic = element(0x30, told.tbs_response_bytes + _SIGNATURE + signature + certificates)
        kind = bytes.fromhex("06092b0601050507300101")
        return element(0x30, b"\x0a\x01\x00" + element(0xA0, element(0x30, kind + element(0x04, basic))))

    def listed(self, der: bytes) -> bytes:
        """A list of the RSA authority, signed by the GOST one."""
        fields = parts(x509.load_der_x509_crl(der).tbs_certlist_bytes)
        fields[1] = _SIGNATURE
        return self.issuing_signer.signed(element(0x30, b"".join(fields)))


def sign_xml(issued: str | bytes, certificate: x509.Certificate, signer: GostSigner) -> bytes:
    """A document signed in the shape of NCALayer, with the national algorithms."""
    root = etree.fromstring(issued.encode() if isinstance(issued, str) else issued)
    digest = base64.b64encode(streebog512(etree.tostring(root, method="c14n", with_comments=True))).decode()
    shown = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    root.append(
        etree.fromstring(
            f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{C14N}"/>'
            f'<ds:SignatureMethod Algorithm="{SIGNATURE_METHOD}"/><ds:Reference URI=""><ds:Transforms>'
            f'<ds:Transform Algorithm="{ENVELOPED}"/><ds:Transform Algorithm="{C14N_WITH_COMMENTS}"/></ds:Transforms>'
            f'<ds:DigestMethod Algorithm="{DIGEST_METHOD}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>'
            f"</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{shown}"
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
        )
    )
    whole = etree.fromstring(etree.tostring(root))
    whole[-1][1].text = base64.b64encode(signer.signature(etree.tostring(whole[-1][0], method="c14n"))).decode()
    return DECLARATION + etree.tostring(whole, encoding="UTF-8", xml_declaration=False)


def parts(sequence: bytes) -> list[bytes]:
    """The elements of a DER sequence."""
    found, (at, end) = [], _content(sequence, 0)
    while at < end:
        _, after = _content(sequence, at)
        found.append(sequence[at:after])
        at = after
    return found


def _content(octets: bytes, at: int) -> tuple[int, int]:
    length, begin = octets[at + 1], at + 2
    if length >= 0x80:
        begin += length - 0x80
        length = int.from_bytes(octets[at + 2 : begin], "big")
    return begin, begin + length
