"""Documents that try to pass off what stands in them: wrapped, changed, hidden, cut, blown up."""

import base64
import hashlib
from copy import deepcopy

from lxml import etree

from doubles.nca.keys import Credential
from services.auth.domain.verdict import Finding
from tests.auth.signature.bending import ATTACKS, DS, attack, inside, signature_of, written

EVIL = '<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><challenge>stolen</challenge></login>'


def wrapped(signed: bytes, *, place: str, reference: str) -> bytes:
    """Signature wrapping: the signed original travels along, another document stands where the reader looks."""
    original = etree.fromstring(signed)
    original.set("Id", "original")
    signature = signature_of(original)
    inside(signature, "Reference").set("URI", reference)
    evil = etree.fromstring(EVIL)
    evil.set("Id", "evil")
    if place == "in_signature":
        original.remove(signature)
        signature.append(original)
        evil.append(signature)
    elif place == "in_object":
        original.remove(signature)
        box = etree.SubElement(signature, f"{{{DS}}}Object")
        box.append(original)
        evil.append(signature)
    elif place == "beside":
        original.remove(signature)
        evil.append(original)
        evil.append(signature)
    elif place == "before":
        evil.insert(0, original)
    elif place == "whole_inside":
        evil.append(original)
    elif place == "extension":
        original.remove(signature)
        box = etree.SubElement(evil, "extension")
        box.append(original)
        evil.append(signature)
    return written(evil)


_WRAPPED = {
    "in_signature": (Finding.SIGNATURE_SHAPE, Finding.SIGNATURE_SHAPE),
    "in_object": (Finding.SIGNATURE_SHAPE, Finding.SIGNATURE_SHAPE),
    "beside": (Finding.DIGEST_VALUE, Finding.REFERENCE_URI),
    "before": (Finding.SIGNATURE_PLACE, Finding.SIGNATURE_PLACE),
    "whole_inside": (Finding.SIGNATURE_PLACE, Finding.SIGNATURE_PLACE),
    "extension": (Finding.DIGEST_VALUE, Finding.REFERENCE_URI),
}
"""Where the original travels: who sees it when the reference names the whole document, and when it names a part."""

for _place, (_whole, _part) in _WRAPPED.items():
    for _reference in ("", "#original", "#xpointer(id('original'))"):

        def _wrap(signed: bytes, _key: Credential, place: str = _place, reference: str = _reference) -> bytes:
            return wrapped(signed, place=place, reference=reference)

        ATTACKS[f"wrapped_{_place}_{_reference}"] = (_wrap, _part if _reference else _whole)


@attack(Finding.DIGEST_VALUE)
def changed_text(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>login", b"<purpose>admin")


@attack(Finding.XML_COMMENT_OR_INSTRUCTION)
def comment_inside_a_value(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>log", b"<purpose>log<!-- -->")


@attack(Finding.XML_COMMENT_OR_INSTRUCTION)
def instruction_inside(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<?php x?><purpose>")


@attack(Finding.XML_COMMENT_OR_INSTRUCTION)
def comment_beside_the_root(signed: bytes, key: Credential) -> bytes:
    return signed + b"<!-- after -->"


@attack(Finding.XML_DOCTYPE)
def document_type(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"?>", b"?><!DOCTYPE login []>", 1)


@attack(Finding.XML_DOCTYPE)
def entity(signed: bytes, key: Credential) -> bytes:
    declared = signed.replace(b"?>", b'?><!DOCTYPE login [<!ENTITY a "login">]>', 1)
    return declared.replace(b"<purpose>login", b"<purpose>&a;")


@attack(Finding.XML_DOCTYPE)
def outside_entity(signed: bytes, key: Credential) -> bytes:
    declared = signed.replace(b"?>", b'?><!DOCTYPE login [<!ENTITY a SYSTEM "file:///etc/hostname">]>', 1)
    return declared.replace(b"<purpose>login", b"<purpose>&a;")


@attack(Finding.XML_DOCTYPE)
def exploding_entities(signed: bytes, key: Credential) -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return signed.replace(b"?>", f'?><!DOCTYPE login [<!ENTITY e0 "ha">{levels}]>'.encode(), 1)


@attack(Finding.XML_ENCODING)
def another_encoding(signed: bytes, key: Credential) -> bytes:
    return signed.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")


@attack(Finding.XML_NOT_WELL_FORMED)
def declared_encoding_that_hides(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b'encoding="UTF-8"', b'encoding="UTF-7"')


@attack(Finding.XML_ENCODING)
def marked_order_and_another_encoding(signed: bytes, key: Credential) -> bytes:
    return b"\xef\xbb\xbf" + signed.replace(b'encoding="UTF-8"', b'encoding="windows-1251"')


@attack(Finding.SIGNATURE_VALUE)
def digest_of_another_document_written_in(signed: bytes, key: Credential) -> bytes:
    """The text and its digest are changed together; only the signature value can tell."""
    root = etree.fromstring(signed.replace(b"<purpose>login", b"<purpose>admin"))
    bare = deepcopy(root)
    bare.remove(signature_of(bare))
    digest = hashlib.sha256(etree.tostring(bare, method="c14n")).digest()
    inside(root, "DigestValue").text = base64.b64encode(digest).decode()
    return written(root)


@attack(Finding.XML_TOO_BIG)
def too_big(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<purpose>" + b" " * 300_000)


@attack(Finding.XML_TOO_MANY_NODES)
def too_many_nodes(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<x/>" * 2100 + b"<purpose>")


@attack(Finding.XML_NOT_WELL_FORMED)
def too_deep(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<x>" * 900 + b"</x>" * 900 + b"<purpose>")


@attack(Finding.XML_NOT_WELL_FORMED)
def cut_off(signed: bytes, key: Credential) -> bytes:
    return signed[:-40]


@attack(Finding.XML_NOT_WELL_FORMED)
def nothing(signed: bytes, key: Credential) -> bytes:
    return b""


@attack(Finding.XML_ENCODING)
def not_xml(signed: bytes, key: Credential) -> bytes:
    return b"\x00\x01\x02"


@attack(Finding.XML_DOCTYPE)
def default_attribute_of_a_document_type(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"?>", b'?><!DOCTYPE login [<!ATTLIST login role CDATA "admin">]>', 1)


@attack(Finding.XML_DOCTYPE)
def document_type_of_another_place(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"?>", b'?><!DOCTYPE login SYSTEM "http://127.0.0.1:9/login.dtd">', 1)


@attack(Finding.DIGEST_VALUE)
def file_to_be_included(signed: bytes, key: Credential) -> bytes:
    include = b'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    return signed.replace(b"<purpose>", include + b"<purpose>")


@attack(Finding.DIGEST_VALUE)
def base_of_addresses_moved(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b'<purpose xml:base="http://127.0.0.1:9/">')


@attack(Finding.DIGEST_VALUE)
def another_namespace_in_scope(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b'<purpose xmlns="urn:zholdama:choice:1">')


@attack(Finding.XML_NOT_WELL_FORMED)
def reference_named_twice(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b'URI=""', b'URI="" URI="#id"')


@attack(Finding.XML_NOT_WELL_FORMED)
def character_that_does_not_exist(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<purpose>&#x110000;")


@attack(Finding.XML_NOT_WELL_FORMED)
def undeclared_entity(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b"<purpose>&secret;")


@attack(Finding.DIGEST_VALUE)
def name_in_other_letters(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>login</purpose>", "<мақсат>login</мақсат>".encode())


@attack(Finding.DIGEST_VALUE)
def mark_of_byte_order_inside_a_name(signed: bytes, key: Credential) -> bytes:
    return signed.replace(b"<purpose>", b'<purpose xmlns\xef\xbb\xbf="urn:zholdama:login:1">')
