"""Answers to a challenge, bent at random: what hypothesis draws and what atheris feeds are turned into documents here."""

import re
from functools import cache

from doubles.nca.certificates import Usage
from services.auth.domain.verdict import Finding
from services.auth.signature import certificate
from services.auth.signature.document import canonical, parse
from services.auth.signature.verifier import Asked, Judged, examined_document
from tests.auth.hands import NOW, Hands

ISSUED = (
    '<login xmlns="urn:zholdama:login:1"><purpose>login</purpose><site>Жолдама</site>'
    "<challenge>c-1</challenge><nonce>n-1</nonce></login>"
).encode()
PIECES = (
    b"<!-- -->",
    b"<?p i?>",
    b"<![CDATA[login]]>",
    b"<!DOCTYPE a>",
    b"&#108;",
    b"&lt;",
    b"<purpose>admin</purpose>",
    b"<ds:Object/>",
    b'<ds:Reference URI="#x"/>',
    b' Id="x"',
    b' URI=""',
    b' xmlns="urn:other"',
    b' xmlns:ds="http://www.w3.org/2000/09/xmldsig#"',
    b"<ds:Signature>",
    b"</ds:Signature>",
    b"</login>",
    b"\r\n",
    b"\t",
    b" ",
    b"\x00",
    b"\xef\xbb\xbf",
    b"\xc2\xa0",
    b"\xff",
    b"=",
    b"A" * 400,
    b"#WithComments",
    b"http://www.w3.org/2001/10/xml-exc-c14n#",
    b"http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    b"",
)
Step = tuple[int, int, int, int]
"""Which kind of change, where, how much, and with what."""


@cache
def hands() -> Hands:
    return Hands()


@cache
def signed() -> bytes:
    return hands().signed(ISSUED, Usage.AUTH)


@cache
def seams() -> tuple[int, ...]:
    """Where tags and attribute values begin and end: changes there break fewer documents beyond reading."""
    return tuple(match.start() for match in re.finditer(rb"[<>\"=]", signed()))


def bent(steps: list[Step]) -> bytes:
    """The honest answer after these changes, one after the other."""
    document = bytearray(signed())
    for kind, where, length, piece in steps:
        at = seams()[where % len(seams())] if kind % 2 else where
        at %= len(document) + 1
        end, fresh = at + length % 200, PIECES[piece % len(PIECES)]
        match kind % 10 // 2:
            case 0:
                document[at:at] = fresh
            case 1:
                document[at:end] = fresh
            case 2:
                document[at:at] = document[at:end]
            case 3:
                cut = document[at:end]
                del document[at:end]
                place = piece * 37 % (len(document) + 1)
                document[place:place] = cut
            case _:
                if at < len(document):
                    document[at] = (document[at] + 1 + piece) % 256
    return bytes(document)


def judged(document: bytes) -> Judged:
    """The verdict on everything but revocation."""
    asked = Asked(certificate.Usage.LOGIN, NOW, ISSUED)
    return examined_document(document, asked, hands().trust)


def ensure_refused_or_the_same(document: bytes) -> Finding | None:
    """The finding; AssertionError for a document that passes and covers other octets than were issued."""
    told = judged(document)
    if told.verdict.finding is None:
        assert told.covered in {canonical(parse(ISSUED)), canonical(parse(ISSUED), exclusive=True)}
        assert told.signer is not None
        assert told.signer.surname == "СЫНАҚОВА"
    return told.verdict.finding
