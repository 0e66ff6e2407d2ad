"""What every use case of auth works with."""

from dataclasses import dataclass
from datetime import timedelta

from services.auth.domain.limits import Limits
from services.auth.domain.register import FamilyRegister
from services.auth.signature.verifier import Verifier
from services.auth.store import Reading, Store
from services.auth.usecases.tokens import Mint


@dataclass(frozen=True, slots=True)
class Desk:
    """The collections to act on and to ask, the judge of signatures, the maker of tokens, and this city's few settings."""

    store: Store
    reading: Reading
    verifier: Verifier
    mint: Mint
    refresh_key: bytes
    site: str
    session_life: timedelta
    code_life: timedelta
    limits: Limits
    register: FamilyRegister
