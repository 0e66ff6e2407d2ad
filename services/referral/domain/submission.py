"""What a guardian hands in as a signed document, before it is kept: bounded, and a text that XML 1.0 may hold.

auth reads no more and nothing else; what it could never judge is refused at the door instead of awaiting a verdict.
"""

import re

from services.referral.domain.refusals import SignedDocumentTooLarge, SignedDocumentUnreadable

MAX_OCTETS = 256 * 1024
"""Of the signed document in UTF-8: as much as auth reads."""

_NOT_A_CHAR = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Anything but a character of XML 1.0 (production 2, Char)."""


def octets(signed_xml: str) -> bytes:
    """The document in UTF-8. Refused: SIGNED_DOCUMENT_UNREADABLE, SIGNED_DOCUMENT_TOO_LARGE."""
    if _NOT_A_CHAR.search(signed_xml):
        raise SignedDocumentUnreadable
    encoded = signed_xml.encode()
    if len(encoded) > MAX_OCTETS:
        raise SignedDocumentTooLarge
    return encoded
