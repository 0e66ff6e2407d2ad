"""What the search without a key and the other parent's question both ask for: the child's IIN and the application's number.

The IIN travels in the body of a form only: never in an address, never in a cookie.
"""

import re
from dataclasses import dataclass
from typing import Self

IIN = re.compile(r"[0-9]{12}")
FILLING = re.compile(r"[\s\-]")
NUMBER_AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Pair:
    """As typed, and as it is to be asked."""

    typed_iin: str
    iin: str
    number: str

    @classmethod
    def of(cls, iin: str, number: str) -> Self:
        """Blanks and dashes in the digits are forgiven, and small letters in the number."""
        return cls(iin, FILLING.sub("", iin), number.strip().upper())

    def wrong(self) -> set[str]:
        """The fields that cannot be asked about."""
        wrong = set() if IIN.fullmatch(self.iin) else {"iin"}
        return wrong if 0 < len(self.number) <= NUMBER_AT_MOST else wrong | {"number"}
