"""Every document that tries to pass a signature off for what it is not."""

from tests.auth.signature import attacks_on_documents, attacks_on_signatures
from tests.auth.signature.bending import ATTACKS

__all__ = ["ATTACKS", "attacks_on_documents", "attacks_on_signatures"]
