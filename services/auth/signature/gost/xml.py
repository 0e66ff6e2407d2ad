"""Enveloped XML signatures with GOST algorithms: the same one accepted form, two algorithm names exchanged.

The library that verifies RSA signatures does not know the algorithms. So the form is checked by the same rules on a copy
in which the two names are the RSA ones; what is canonicalised, hashed and verified is the document as it came.
"""

import base64
import hmac
import re

from cryptography import x509
from lxml import etree

from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.document import canonical, canonical_without, copied, parse
from services.auth.signature.gost.keys import NotGost, key_of
from services.auth.signature.gost.native import streebog512
from services.auth.signature.shape import DS, EXCLUSIVE_C14N, RSA_SHA256, SHA256, Shape, is_signature, shape_of
from services.auth.signature.xml import SignedDocument

_ALGORITHMS = "urn:ietf:params:xml:ns:pkigovkz:xmlsec:algorithms:"
SIGNATURE_METHOD = f"{_ALGORITHMS}gostr34102015-gostr34112015-512"
DIGEST_METHOD = f"{_ALGORITHMS}gostr34112015-512"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_WHITESPACE = re.compile(r"[ \t\r\n]")


def names_gost(signed: bytes) -> bool:
    """True for octets that speak of such a signature; whether they hold one is for `read` to say."""
    return SIGNATURE_METHOD.encode() in signed


def read(document: bytes) -> SignedDocument:
    """Parses, checks the form and takes out the covered octets; raises Rejected. No public-key cryptography yet."""
    root = parse(document)
    shape = gost_shape_of(root)
    octets = _covered_octets(root, exclusive=shape.exclusive)
    if not hmac.compare_digest(streebog512(octets), shape.digest):
        raise Rejected(Finding.DIGEST_VALUE)
    return SignedDocument(root, shape, octets)


def gost_shape_of(root: etree._Element) -> Shape:
    """The signature of the document taken apart, nothing verified; raises Rejected. `signature` is that of a copy."""
    return shape_of(_with_known_names(root))


def ensure_signed_by(signed: SignedDocument, signer: x509.Certificate) -> None:
    """Raises Rejected unless the signature value is right under the key in this certificate."""
    signature = _signature(signed.root)
    value = base64.b64decode(_WHITESPACE.sub("", signature[1].text or ""))
    try:
        if key_of(signer).has_signed(_signed_info(signed.root), value):
            return
    except NotGost:
        raise Rejected(Finding.CERTIFICATE_KEY_TYPE) from None
    raise Rejected(Finding.SIGNATURE_VALUE)


def _with_known_names(root: etree._Element) -> etree._Element:
    """A copy with the RSA names in the place of these; other names stay, and are refused by theirs."""
    copy = copied(root)
    exchanged = {"SignatureMethod": (SIGNATURE_METHOD, RSA_SHA256), "DigestMethod": (DIGEST_METHOD, SHA256)}
    for name, (ours, known) in exchanged.items():
        for element in copy.iter(f"{{{DS}}}{name}"):
            element.set("Algorithm", known if element.get("Algorithm") == ours else "")
    return copy


def _signed_info(root: etree._Element) -> bytes:
    """The canonical octets the signature value is over (XMLDSig 4.3, Canonical XML 1.0 2.4)."""
    signed_info = _signature(copied(root))[0]
    exclusive = signed_info[0].get("Algorithm") == EXCLUSIVE_C14N
    if not exclusive:
        for name, value in root.attrib.items():
            if str(name).startswith(_XML):
                signed_info.set(name, value)
    return canonical(signed_info, exclusive=exclusive)


def _covered_octets(root: etree._Element, *, exclusive: bool) -> bytes:
    return canonical_without(_signature(copied(root)), exclusive=exclusive)


def _signature(root: etree._Element) -> etree._Element:
    """The signature of a document whose form has been checked."""
    return next(node for node in root if is_signature(node))
