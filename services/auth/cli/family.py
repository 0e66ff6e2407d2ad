"""Which algorithms a document from outside is judged by."""

from services.auth.cli.outside import misused
from services.auth.signature.gost.native import GostUnavailable, ensure_available
from services.auth.signature.gost.verifier import GOST, family_of
from services.auth.signature.verifier import RSA, Family


def chosen_family(signed: bytes, *, gost: bool) -> Family:
    """What the document names where GOST is asked for; RSA else."""
    family = family_of(signed) if gost else RSA
    if family is GOST:
        ensure_gost()
    return family


def ensure_gost() -> None:
    """A question that asks for GOST 34.310-2015 where it cannot be computed is a wrong question."""
    try:
        ensure_available()
    except GostUnavailable as fault:
        raise misused(str(fault)) from None
