"""GOST beside RSA: the same judgement, by other algorithms, where the operator has turned them on."""

import os

from services.auth.domain.revocation import RevocationSource
from services.auth.signature.gost import xml
from services.auth.signature.gost.certificate import examined
from services.auth.signature.gost.crl import signed_by_gost
from services.auth.signature.gost.native import ensure_available
from services.auth.signature.gost.ocsp import is_authentic
from services.auth.signature.revocation import Random, Signatures
from services.auth.signature.trust import Trusted
from services.auth.signature.verifier import RSA, Family, Verifier

ALGORITHM = "GOST 34.310-2015"
GOST = Family(
    read=xml.read,
    examined=examined,
    ensure_signed_by=lambda document, signer: xml.ensure_signed_by(document, signer.leaf),
    signatures=Signatures(is_authentic, signed_by_gost),
    signature_method=xml.SIGNATURE_METHOD,
    digest_method=xml.DIGEST_METHOD,
    name=ALGORITHM,
)


def family_of(signed: bytes) -> Family:
    """The family whose algorithms the document names."""
    return GOST if xml.names_gost(signed) else RSA


class GostVerifier(Verifier):
    """Judges both families; put in the place of `Verifier` where the operator has turned GOST on.

    Raises GostUnavailable when it is made and the library that computes the algorithm is not there.
    """

    def __init__(self, trust: Trusted, source: RevocationSource, random: Random = os.urandom) -> None:
        super().__init__(trust, source, random)
        ensure_available()

    def _family_of(self, signed: bytes) -> Family:
        return family_of(signed)
