"""What differs between the algorithm families in a judgement from files."""

from collections.abc import Callable
from dataclasses import dataclass

from services.auth.cli.outside import misused
from services.auth.signature.crl import SignedBy, signed_by_rsa
from services.auth.signature.gost import xml as gost_xml
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.native import GostUnavailable, ensure_available
from services.auth.signature.gost.ocsp import is_authentic as is_authentic_gost
from services.auth.signature.gost.verifier import examined_document as examined_gost
from services.auth.signature.gost.xml import names_gost as names_gost
from services.auth.signature.ocsp import Authentic
from services.auth.signature.responder import is_authentic
from services.auth.signature.shape import RSA_SHA256, SHA256
from services.auth.signature.trust import Trust
from services.auth.signature.verifier import Asked, Judged, examined_document


@dataclass(frozen=True, slots=True)
class Family:
    """How documents, OCSP answers and lists of one family are judged, and what its algorithms are called in XML."""

    examine: Callable[[bytes, Asked, Trust], Judged]
    authentic: Authentic
    signed_by: SignedBy
    signature_method: str
    digest_method: str


RSA = Family(examined_document, is_authentic, signed_by_rsa, RSA_SHA256, SHA256)


def gost_family() -> Family:
    """GOST 34.310-2015; a question that asks for it where it cannot be computed is a wrong question."""
    try:
        ensure_available()
    except GostUnavailable as fault:
        raise misused(str(fault)) from None
    return Family(examined_gost, is_authentic_gost, signed_by_gost, gost_xml.SIGNATURE_METHOD, gost_xml.DIGEST_METHOD)
