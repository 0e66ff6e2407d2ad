"""What every use case of auth works with."""

from dataclasses import dataclass
from datetime import timedelta

from services.auth.signature.verifier import Verifier
from services.auth.store import Store
from services.auth.usecases.tokens import Mint


@dataclass(frozen=True, slots=True)
class Desk:
    """The collections, the judge of signatures, the maker of tokens, and this city's few settings."""

    store: Store
    verifier: Verifier
    mint: Mint
    refresh_key: bytes
    site: str
    session_life: timedelta
    searches_per_minute: int
