"""Verification of an enveloped XML signature under one given key (XMLDSig 3.2).

The key comes from a certificate that has passed the pinned chain, never from the document's KeyInfo. The digest is
computed twice, by two libraries: what the signature covers is then what the reader of the octets sees.
"""

import hashlib
import hmac
from dataclasses import dataclass

import xmlsec
from lxml import etree

from services.auth.domain.verdict import Finding, Rejected
from services.auth.signature.document import canonical, canonical_without, copied, parse
from services.auth.signature.shape import Shape, is_signature, shape_of

# The library's own input handlers open files named in a Reference. The shape lets no such Reference through;
# taking the handlers out for the whole process is the second lock on the same door.
xmlsec.cleanup_callbacks()

_SIGNATURE_TRANSFORMS = (
    xmlsec.constants.TransformInclC14N,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformRsaSha256,
)
_REFERENCE_TRANSFORMS = (
    xmlsec.constants.TransformEnveloped,
    xmlsec.constants.TransformInclC14N,
    xmlsec.constants.TransformInclC14NWithComments,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformExclC14NWithComments,
    xmlsec.constants.TransformSha256,
)


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A document with a signature of the accepted form; `octets` is what the signature claims to cover."""

    root: etree._Element
    shape: Shape
    octets: bytes


def read(document: bytes) -> SignedDocument:
    """Parses, checks the form and takes out the covered octets; raises Rejected. No cryptography yet."""
    root = parse(document)
    shape = shape_of(root)
    octets = _octets_without_signature(root, exclusive=shape.exclusive)
    if not hmac.compare_digest(hashlib.sha256(octets).digest(), shape.digest):
        raise Rejected(Finding.DIGEST_VALUE)
    return SignedDocument(root, shape, octets)


def ensure_issued(signed: SignedDocument, issued: bytes) -> None:
    """Raises Rejected unless the signature covers exactly the document issued, octet for octet."""
    expected = canonical(parse(issued), exclusive=signed.shape.exclusive)
    if not hmac.compare_digest(signed.octets, expected):
        raise Rejected(Finding.NOT_THE_ISSUED_DOCUMENT)


def ensure_signed_by(signed: SignedDocument, public_key_der: bytes) -> None:
    """Raises Rejected unless the signature value is right under this key."""
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(public_key_der, xmlsec.constants.KeyDataFormatDer)
    context.set_enabled_key_data([xmlsec.constants.KeyDataRsa])
    for transform in _SIGNATURE_TRANSFORMS:
        context.enable_signature_transform(transform)
    for transform in _REFERENCE_TRANSFORMS:
        context.enable_reference_transform(transform)
    try:
        context.verify(signed.shape.signature)
    except xmlsec.Error:
        raise Rejected(Finding.SIGNATURE_VALUE) from None


def _octets_without_signature(root: etree._Element, *, exclusive: bool) -> bytes:
    signature = next(node for node in copied(root) if is_signature(node))
    return canonical_without(signature, exclusive=exclusive)
