"""Reading an XML document that a stranger sent, and its canonical octets (Canonical XML 1.0).

The accepted documents are narrower than XML: UTF-8, no document type, no comments, no processing instructions. Nothing a
form needs is lost, and whole families of attacks (entities, truncation at comments, content beside the root) have no
ground to stand on.
"""

from lxml import etree

from services.auth.domain.verdict import Finding, Rejected

MAX_BYTES = 256 * 1024
MAX_NODES = 2000
"""Elements and attributes together: attributes are sorted to be canonical, in more than linear time."""
MAX_NAMESPACES = 32
"""Declarations in a whole document. Canonicalization looks through those in scope at every element, again for each one:
a few thousand of them in one small document would keep a core busy for minutes."""

_BOM = b"\xef\xbb\xbf"


def parse(octets: bytes) -> etree._Element:
    """The root element; raises Rejected. Nothing outside the octets is ever read."""
    if len(octets) > MAX_BYTES:
        raise Rejected(Finding.XML_TOO_BIG)
    _ensure_utf8(octets)
    if b"<!DOCTYPE" in octets or b"<!ENTITY" in octets:
        raise Rejected(Finding.XML_DOCTYPE)
    if octets.count(b"xmlns") > MAX_NAMESPACES:
        raise Rejected(Finding.XML_TOO_MANY_NODES)
    try:
        root = etree.fromstring(octets, _parser())
    except etree.XMLSyntaxError:
        raise Rejected(Finding.XML_NOT_WELL_FORMED) from None
    facts = root.getroottree().docinfo
    if facts.internalDTD is not None or facts.externalDTD is not None or facts.doctype:
        raise Rejected(Finding.XML_DOCTYPE)
    if (facts.encoding or "UTF-8").upper() not in {"UTF-8", "UTF8", "ASCII", "US-ASCII"}:
        raise Rejected(Finding.XML_ENCODING)
    _ensure_elements_only(root)
    return root


def canonical(root: etree._Element, *, exclusive: bool = False) -> bytes:
    """Canonical octets of the element and what it holds. Comments need no rule: `parse` lets none in."""
    octets: bytes = etree.tostring(root, method="c14n", exclusive=exclusive, with_comments=True)
    return octets


def canonical_without(signature: etree._Element, *, exclusive: bool) -> bytes:
    """Canonical octets of the root that an enveloped signature stands in, without it; it is taken out (XMLDSig 6.6.4)."""
    root = signature.getroottree().getroot()
    before, tail = signature.getprevious(), signature.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        root.text = (root.text or "") + tail
    root.remove(signature)
    return canonical(root, exclusive=exclusive)


def copied(root: etree._Element) -> etree._Element:
    """A second document with the same content, free to be changed; raises Rejected for one that cannot be written again.

    In UTF-8, because the library's own choice, ASCII, writes letters in names as references, which no reader takes.
    """
    try:
        return etree.fromstring(etree.tostring(root, encoding="UTF-8"), _parser())
    except etree.XMLSyntaxError:
        raise Rejected(Finding.XML_NOT_WELL_FORMED) from None


def _ensure_utf8(octets: bytes) -> None:
    if octets.startswith(_BOM) or b"\x00" in octets:
        raise Rejected(Finding.XML_ENCODING)
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        raise Rejected(Finding.XML_ENCODING) from None


def _ensure_elements_only(root: etree._Element) -> None:
    if root.getprevious() is not None or root.getnext() is not None:
        raise Rejected(Finding.XML_COMMENT_OR_INSTRUCTION)
    count = 0
    for node in root.iter():
        if not isinstance(node.tag, str):
            raise Rejected(Finding.XML_COMMENT_OR_INSTRUCTION)
        count += 1 + len(node.attrib)
        if count > MAX_NODES:
            raise Rejected(Finding.XML_TOO_MANY_NODES)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=True,
        ns_clean=False,
    )
