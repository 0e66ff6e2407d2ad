"""The one accepted form of an XML signature: what NCALayer writes, and nothing more (XMLDSig 4).

One ds:Signature, last child of the document element, one Reference with URI="" over the whole document, enveloped
transform, RSA with SHA-256, and the signer's certificate. Every other form that the standard allows is refused by name:
wrapped, moved, doubled or detached signatures all need one of them.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from lxml import etree

from services.auth.domain.verdict import Finding, Rejected

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_WITH_COMMENTS = f"{C14N}#WithComments"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
EXCLUSIVE_C14N_WITH_COMMENTS = f"{EXCLUSIVE_C14N}WithComments"
ENVELOPED = f"{DS}enveloped-signature"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

_EXCLUSIVE = frozenset({EXCLUSIVE_C14N, EXCLUSIVE_C14N_WITH_COMMENTS})
_CANONICALIZATIONS = frozenset({C14N, C14N_WITH_COMMENTS}) | _EXCLUSIVE
_MAX_CERTIFICATES = 4
_WHITESPACE = re.compile(r"[ \t\r\n]")


@dataclass(frozen=True, slots=True)
class Shape:
    """A signature of the accepted form, taken apart. Nothing in it is verified yet."""

    signature: etree._Element
    certificate: bytes
    exclusive: bool
    digest: bytes


def shape_of(root: etree._Element) -> Shape:
    """The signature of the document; raises Rejected for anything but the one accepted form."""
    signature = _the_signature(root)
    signed_info, signature_value, key_info = _children(
        signature, ["SignedInfo", "SignatureValue", "KeyInfo"], attributes={"Id"}
    )
    canonicalization, method, reference = _children(
        signed_info, ["CanonicalizationMethod", "SignatureMethod", "Reference"], attributes={"Id"}
    )
    if _algorithm(canonicalization) not in {C14N, EXCLUSIVE_C14N}:
        raise Rejected(Finding.CANONICALIZATION_METHOD)
    if _algorithm(method) != RSA_SHA256:
        raise Rejected(Finding.SIGNATURE_METHOD)
    exclusive, digest = _reference(reference)
    _octets(signature_value)
    return Shape(signature=signature, certificate=_certificate(key_info), exclusive=exclusive, digest=digest)


def is_signature(node: etree._Element) -> bool:
    """True for a ds:Signature element."""
    return node.tag == f"{{{DS}}}Signature"


def _the_signature(root: etree._Element) -> etree._Element:
    signatures = [node for node in root.iter() if is_signature(node)]
    if len(signatures) != 1:
        raise Rejected(Finding.SIGNATURE_COUNT)
    signature = signatures[0]
    if any(etree.QName(node).localname.lower() == "signature" and node is not signature for node in root.iter()):
        raise Rejected(Finding.SIGNATURE_LOOKALIKE)
    if signature.getparent() is not root or root[-1] is not signature or (signature.tail or "").strip():
        raise Rejected(Finding.SIGNATURE_PLACE)
    return signature


def _reference(reference: etree._Element) -> tuple[bool, bytes]:
    transforms, method, value = _children(
        reference, ["Transforms", "DigestMethod", "DigestValue"], attributes={"URI", "Id"}
    )
    if reference.get("URI") != "":
        raise Rejected(Finding.REFERENCE_URI)
    algorithms = [_transform(transform) for transform in transforms]
    if transforms.attrib or algorithms[:1] != [ENVELOPED] or not set(algorithms[1:]) <= _CANONICALIZATIONS:
        raise Rejected(Finding.REFERENCE_TRANSFORM)
    if len(algorithms) > 2:
        raise Rejected(Finding.REFERENCE_TRANSFORM)
    if _algorithm(method) != SHA256:
        raise Rejected(Finding.DIGEST_METHOD)
    return bool(_EXCLUSIVE & set(algorithms)), _octets(value)


def _transform(transform: etree._Element) -> str:
    """The algorithm of a transform without content: XPath, XSLT and prefix lists all need content."""
    if transform.tag != f"{{{DS}}}Transform" or len(transform) or set(transform.attrib) != {"Algorithm"}:
        raise Rejected(Finding.REFERENCE_TRANSFORM)
    return str(transform.get("Algorithm"))


def _certificate(key_info: etree._Element) -> bytes:
    """The signer's certificate: the first of one to four. The others are ignored; issuers are pinned, never sent."""
    if [child.tag for child in key_info] != [f"{{{DS}}}X509Data"] or set(key_info.attrib) - {"Id"}:
        raise Rejected(Finding.KEY_INFO)
    data = key_info[0]
    if data.attrib or not 1 <= len(data) <= _MAX_CERTIFICATES:
        raise Rejected(Finding.KEY_INFO)
    if any(child.tag != f"{{{DS}}}X509Certificate" or child.attrib for child in data):
        raise Rejected(Finding.KEY_INFO)
    return _octets(data[0])


def _children(element: etree._Element, names: list[str], *, attributes: set[str]) -> list[etree._Element]:
    if [child.tag for child in element] != [f"{{{DS}}}{name}" for name in names]:
        raise Rejected(Finding.SIGNATURE_SHAPE)
    if {str(attribute) for attribute in element.attrib} - attributes:
        raise Rejected(Finding.SIGNATURE_SHAPE)
    return list(element)


def _algorithm(element: etree._Element) -> str:
    _children(element, [], attributes={"Algorithm"})
    return str(element.get("Algorithm"))


def _octets(element: etree._Element) -> bytes:
    if len(element):
        raise Rejected(Finding.SIGNATURE_SHAPE)
    try:
        return base64.b64decode(_WHITESPACE.sub("", element.text or ""), validate=True)
    except (binascii.Error, ValueError):
        raise Rejected(Finding.SIGNATURE_BASE64) from None
