"""Signatures of another form, by another algorithm, or under a key that nobody vouches for."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from copy import deepcopy

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from doubles.nca.keys import Credential, new_key
from doubles.ncalayer.sign import sign_xml
from services.auth.domain.verdict import Finding
from tests.auth.signature.bending import ATTACKS, DS, Attack, attack, bent, inside, signature_of, written


@attack(Finding.SIGNATURE_COUNT)
def two_signatures(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: root.append(deepcopy(signature_of(root))))


@attack(Finding.SIGNATURE_COUNT)
def no_signature(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: root.remove(signature_of(root)))


@attack(Finding.SIGNATURE_PLACE)
def signature_first(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: root.insert(0, signature_of(root)))


@attack(Finding.SIGNATURE_PLACE)
def signature_deeper(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: etree.SubElement(root, "deep").append(signature_of(root)))


@attack(Finding.SIGNATURE_LOOKALIKE)
def look_alike(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: root.insert(0, etree.Element("{urn:other}Signature")))


@attack(Finding.SIGNATURE_PLACE)
def text_after_the_signature(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"</ds:Signature>", b"</ds:Signature>and more")


def _reference_to(uri: str | None) -> Attack:
    def change(root: etree._Element) -> None:
        reference = inside(root, "Reference")
        if uri is None:
            del reference.attrib["URI"]
        else:
            reference.set("URI", uri)

    return lambda signed, _key: bent(signed, change)


for _uri in ("file:///etc/hostname", "http://127.0.0.1:9/", "/etc/hostname", "#id", "#xpointer(/)", " ", None):
    ATTACKS[f"reference_to_{_uri}"] = (_reference_to(_uri), Finding.REFERENCE_URI)


def _algorithm(name: str, uri: str) -> Attack:
    return lambda signed, _key: bent(signed, lambda root: inside(root, name).set("Algorithm", uri))


for _name, _method, _seen_by in (
    ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", Finding.SIGNATURE_METHOD),
    ("DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1", Finding.DIGEST_METHOD),
    ("CanonicalizationMethod", "http://www.w3.org/2001/04/xmlenc#sha256", Finding.CANONICALIZATION_METHOD),
    ("Transform", "http://www.w3.org/2000/09/xmldsig#base64", Finding.REFERENCE_TRANSFORM),
):
    ATTACKS[f"{_name}_{_method.rpartition('#')[2]}"] = (_algorithm(_name, _method), _seen_by)


for _name, _method, _seen_by in (
    ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", Finding.SIGNATURE_METHOD),
    ("SignatureMethod", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", Finding.SIGNATURE_METHOD),
    ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#dsa-sha1", Finding.SIGNATURE_METHOD),
    ("SignatureMethod", "", Finding.SIGNATURE_METHOD),
    ("DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5", Finding.DIGEST_METHOD),
    ("DigestMethod", "http://www.w3.org/2001/04/xmlenc#sha512", Finding.DIGEST_METHOD),
    ("CanonicalizationMethod", f"{DS}enveloped-signature", Finding.CANONICALIZATION_METHOD),
    ("CanonicalizationMethod", "http://www.w3.org/2006/12/xml-c14n11", Finding.CANONICALIZATION_METHOD),
    ("Transform", "http://www.w3.org/2002/06/xmldsig-filter2", Finding.REFERENCE_TRANSFORM),
    ("Transform", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", Finding.REFERENCE_TRANSFORM),
):
    ATTACKS[f"{_name}_{_method.rpartition('/')[2]}"] = (_algorithm(_name, _method), _seen_by)


@attack(Finding.SIGNATURE_METHOD)
def keyed_hash_with_the_public_key(signed: bytes, key: Credential) -> bytes:
    """HMAC confusion: the public key, which everybody has, used as if it were a shared secret."""
    root = etree.fromstring(signed)
    inside(root, "SignatureMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    octets = etree.tostring(inside(root, "SignedInfo"), method="c14n")
    shared = key.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.new(shared, octets, hashlib.sha256)
    inside(root, "SignatureValue").text = base64.b64encode(mac.digest()).decode()
    return written(root)


@attack(Finding.SIGNATURE_SHAPE)
def shortened_keyed_hash(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        etree.SubElement(inside(root, "SignatureMethod"), f"{{{DS}}}HMACOutputLength").text = "0"

    return bent(signed, change)


@attack(Finding.SIGNATURE_SHAPE)
def second_reference(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: inside(root, "SignedInfo").append(deepcopy(inside(root, "Reference"))))


@attack(Finding.SIGNATURE_SHAPE)
def no_reference(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: inside(root, "SignedInfo").remove(inside(root, "Reference")))


@attack(Finding.SIGNATURE_SHAPE)
def manifest_in_an_object(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        box = etree.SubElement(signature_of(root), f"{{{DS}}}Object")
        etree.SubElement(box, f"{{{DS}}}Manifest").append(deepcopy(inside(root, "Reference")))

    return bent(signed, change)


@attack(Finding.SIGNATURE_SHAPE)
def typed_reference(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: inside(root, "Reference").set("Type", f"{DS}Manifest"))


def _extra_transform(algorithm: str, content: str) -> Attack:
    def change(root: etree._Element) -> None:
        transform = etree.SubElement(inside(root, "Transforms"), f"{{{DS}}}Transform", Algorithm=algorithm)
        if content:
            transform.append(etree.fromstring(content))

    return lambda signed, _key: bent(signed, change)


for _label, _method, _content in (
    ("xpath", "http://www.w3.org/TR/1999/REC-xpath-19991116", f'<XPath xmlns="{DS}">not(ancestor-or-self::*)</XPath>'),
    (
        "xslt",
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0"/>',
    ),
    ("second_canonicalization", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315", ""),
):
    ATTACKS[_label] = (_extra_transform(_method, _content), Finding.REFERENCE_TRANSFORM)


@attack(Finding.REFERENCE_TRANSFORM)
def prefix_list(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        method = "http://www.w3.org/2001/10/xml-exc-c14n#"
        inside(root, "Transforms")[1].set("Algorithm", method)
        etree.SubElement(inside(root, "Transforms")[1], f"{{{method}}}InclusiveNamespaces", PrefixList="ds")

    return bent(signed, change)


@attack(Finding.SIGNATURE_SHAPE)
def further_attribute(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: inside(root, "SignedInfo").set("Trust", "yes"))


@attack(Finding.KEY_INFO)
def bare_key_instead_of_a_certificate(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        info = inside(root, "KeyInfo")
        info.remove(info[0])
        numbers = key.key.public_key().public_numbers()
        value = etree.SubElement(etree.SubElement(info, f"{{{DS}}}KeyValue"), f"{{{DS}}}RSAKeyValue")
        modulus = numbers.n.to_bytes(256, "big")
        etree.SubElement(value, f"{{{DS}}}Modulus").text = base64.b64encode(modulus).decode()
        etree.SubElement(value, f"{{{DS}}}Exponent").text = "AQAB"

    return bent(signed, change)


@attack(Finding.KEY_INFO)
def key_to_be_fetched(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        etree.SubElement(inside(root, "KeyInfo"), f"{{{DS}}}RetrievalMethod", URI="http://127.0.0.1:9/key")

    return bent(signed, change)


@attack(Finding.SIGNATURE_SHAPE)
def no_key_at_all(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: signature_of(root).remove(inside(root, "KeyInfo")))


@attack(Finding.CERTIFICATE_MALFORMED)
def certificate_that_is_none(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: setattr(inside(root, "X509Certificate"), "text", "AAAA"))


@attack(Finding.KEY_INFO)
def five_certificates(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        for _ in range(4):
            inside(root, "X509Data").append(deepcopy(inside(root, "X509Certificate")))

    return bent(signed, change)


@attack(Finding.SIGNATURE_VALUE)
def flipped_signature_value(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        value = bytearray(base64.b64decode(inside(root, "SignatureValue").text or ""))
        value[7] ^= 1
        inside(root, "SignatureValue").text = base64.b64encode(bytes(value)).decode()

    return bent(signed, change)


@attack(Finding.SIGNATURE_BASE64)
def value_that_is_no_base64(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: setattr(inside(root, "SignatureValue"), "text", "(not base64)"))


def _same_names(key: Credential, issuer: Credential | None = None) -> Credential:
    """A stranger's key pair under a certificate that reads like the honest one."""
    own, model = new_key(), key.cert
    builder = x509.CertificateBuilder().subject_name(model.subject).public_key(own.public_key())
    builder = builder.issuer_name(issuer.cert.subject if issuer else model.issuer).serial_number(model.serial_number)
    builder = builder.not_valid_before(model.not_valid_before_utc).not_valid_after(model.not_valid_after_utc)
    for one in model.extensions:
        builder = builder.add_extension(one.value, one.critical)
    return Credential(builder.sign(issuer.key if issuer else own, hashes.SHA256()), own)


def _bare(signed: bytes) -> bytes:
    root = etree.fromstring(signed)
    root.remove(signature_of(root))
    return written(root)


@attack(Finding.CERTIFICATE_ISSUER)
def key_of_a_stranger_with_the_same_names(signed: bytes, key: Credential) -> bytes:
    """Everything is right but that nobody pinned has issued the certificate: the key must never come from KeyInfo."""
    return sign_xml(_bare(signed), _same_names(key)).encode()


@attack(Finding.CERTIFICATE_ISSUER)
def issuer_that_travels_along(signed: bytes, key: Credential) -> bytes:
    """A person's certificate as an issuer, brought along in KeyInfo."""
    root = etree.fromstring(sign_xml(_bare(signed), _same_names(key, issuer=key)).encode())
    etree.SubElement(inside(root, "X509Data"), f"{{{DS}}}X509Certificate").text = base64.b64encode(key.der).decode()
    return written(root)


@attack(Finding.CERTIFICATE_ISSUER)
def honest_certificate_in_the_second_place(signed: bytes, key: Credential) -> bytes:
    root = etree.fromstring(signed)
    first = etree.Element(f"{{{DS}}}X509Certificate")
    first.text = base64.b64encode(_same_names(key).der).decode()
    inside(root, "X509Data").insert(0, first)
    return written(root)


@attack(Finding.KEY_INFO)
def issuer_and_serial_number_beside(signed: bytes, key: Credential) -> bytes:
    def change(root: etree._Element) -> None:
        etree.SubElement(inside(root, "X509Data"), f"{{{DS}}}X509SubjectName").text = "CN=X"

    return bent(signed, change)


@attack(Finding.SIGNATURE_SHAPE)
def two_key_infos(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: signature_of(root).append(deepcopy(inside(root, "KeyInfo"))))


@attack(Finding.SIGNATURE_SHAPE)
def properties_signed_along(signed: bytes, key: Credential) -> bytes:
    """XAdES: other national forms carry it, NCALayer's does not."""

    def change(root: etree._Element) -> None:
        box = etree.SubElement(signature_of(root), f"{{{DS}}}Object")
        etree.SubElement(box, "{http://uri.etsi.org/01903/v1.3.2#}QualifyingProperties")

    return bent(signed, change)


@attack(Finding.SIGNATURE_COUNT)
def signature_inside_the_signature(signed: bytes, key: Credential) -> bytes:
    return bent(signed, lambda root: inside(root, "KeyInfo").append(deepcopy(signature_of(root))))


@attack(Finding.SIGNATURE_COUNT)
def namespace_one_character_short(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"2000/09/xmldsig#", b"2000/09/xmldsig")


def _digest_value(change: Callable[[bytes], bytes]) -> Attack:
    def put(root: etree._Element) -> None:
        value = base64.b64decode(inside(root, "DigestValue").text or "")
        inside(root, "DigestValue").text = base64.b64encode(change(value)).decode()

    return lambda signed, _key: bent(signed, put)


for _label, _change in (
    ("empty", lambda value: b""),
    ("cut_short", lambda value: value[:20]),
    ("longer", lambda value: value + b"\x00"),
):
    ATTACKS[f"digest_{_label}"] = (_digest_value(_change), Finding.DIGEST_VALUE)
