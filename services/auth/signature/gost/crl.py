"""Revocation lists that a GOST issuer has signed: everything but the signature is as for every list."""

from cryptography import x509

from services.auth.signature.crl_reader import Outline
from services.auth.signature.gost.keys import has_signed


def signed_by_gost(outline: Outline, issuer: x509.Certificate) -> bool:
    """True when the list's signature is that of this issuer."""
    husk = outline.husk
    return has_signed(issuer, outline.signed_octets, husk.signature, husk.signature_algorithm_oid.dotted_string)
