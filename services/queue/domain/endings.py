"""Every reason for which an invitation can end, and what follows from it: one table, the same as in docs/invitations.md.

The child keeps its place in the order in every case but `used` and `removed`: `registered_at` never changes (R9, R25).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.queue.domain.words import EndReason


class TokenGoes(StrEnum):
    """Where the promise of a place goes that the invitation had used up."""

    NOWHERE = "nowhere"
    """Token and place are both gone."""
    TO_ALL = "opens one place to all"
    """vacancy opens exactly one place of the stream to all at the next opening, the oldest first."""
    TO_STOCK = "back to stock"
    """vacancy hands it out again with the next publication."""


class ChildIs(StrEnum):
    """Where the child stands afterwards."""

    REFERRED = "referred"
    IN_PLACE = "in the queue at the same place"
    IN_PLACE_NOT_INVITED = "in the queue at the same place, not invited until the bar is gone"
    OUT = "out of the queue"


@dataclass(frozen=True, slots=True)
class Ending:
    """What follows. `when` says what makes it happen; `late_hold`: a hold that outlived it and was signed all the same
    makes queue ask a token back."""

    when: str
    token: TokenGoes
    child: ChildIs
    late_hold: bool = True


ENDINGS: Mapping[EndReason, Ending] = MappingProxyType(
    {
        EndReason.USED: Ending(
            "the place chosen by this invitation was signed for", TokenGoes.NOWHERE, ChildIs.REFERRED, late_hold=False
        ),
        EndReason.LAPSED: Ending(
            "deadline + hold time + 1 minute passed and no live hold is known", TokenGoes.TO_ALL, ChildIs.IN_PLACE
        ),
        EndReason.REFUSED: Ending("the family refused this turn", TokenGoes.TO_STOCK, ChildIs.IN_PLACE),
        EndReason.REMOVED: Ending("the application left the queue", TokenGoes.TO_STOCK, ChildIs.OUT),
        EndReason.INELIGIBLE: Ending(
            "stopped, conclusion expired, or referred or enrolled by another application",
            TokenGoes.TO_STOCK,
            ChildIs.IN_PLACE_NOT_INVITED,
        ),
        EndReason.TOOK_FREE_CHOICE: Ending(
            "the child took another place, by free choice or by another invitation",
            TokenGoes.TO_STOCK,
            ChildIs.REFERRED,
        ),
        EndReason.PLACE_WITHDRAWN: Ending(
            "a promised place was withdrawn and vacancy had no token to pay with", TokenGoes.NOWHERE, ChildIs.IN_PLACE
        ),
    }
)
