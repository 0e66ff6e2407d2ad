"""How an honestly signed document is bent into an attack, and the list that the attacks are put on."""

from collections.abc import Callable

from lxml import etree

from doubles.nca.keys import Credential
from services.auth.domain.verdict import Finding

DS = "http://www.w3.org/2000/09/xmldsig#"
Attack = Callable[[bytes, Credential], bytes]
ATTACKS: dict[str, tuple[Attack, Finding]] = {}
"""Name of an attack to how it is made, and the check that has to see it first."""


def attack(seen_by: Finding) -> Callable[[Attack], Attack]:
    """Puts an attack on the list under its own name."""

    def put(make: Attack) -> Attack:
        ATTACKS[make.__name__] = (make, seen_by)
        return make

    return put


def signature_of(root: etree._Element) -> etree._Element:
    return root.findall(f".//{{{DS}}}Signature")[0]


def inside(root: etree._Element, name: str) -> etree._Element:
    return root.findall(f".//{{{DS}}}{name}")[0]


def written(root: etree._Element) -> bytes:
    octets: bytes = etree.tostring(root, encoding="UTF-8")
    return octets


def bent(signed: bytes, change: Callable[[etree._Element], None]) -> bytes:
    root = etree.fromstring(signed)
    change(root)
    return written(root)
