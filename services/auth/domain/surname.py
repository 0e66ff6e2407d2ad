"""Surnames as they are searched for: however the Kazakh letters were typed."""

import unicodedata
from typing import NewType

from services.auth.domain.refusals import SurnameInvalid

FoldedSurname = NewType("FoldedSurname", str)

_LIKE = str.maketrans("әғқңөұүһіёэй", "агкноуухиееи")
"""Kazakh letters to the Russian ones that stand for them on a Russian keyboard; letters that papers mix up to one of them."""


def folded(surname: str) -> FoldedSurname:
    """The surname in small Russian letters, without hyphens and spaces; empty when there is no letter in it."""
    small = unicodedata.normalize("NFC", surname).casefold().translate(_LIKE)
    return FoldedSurname("".join(letter for letter in small if letter.isalpha()))


def searched_surname(text: str) -> FoldedSurname:
    """A surname to search for; raises SurnameInvalid when nothing is left of it."""
    surname = folded(text)
    if not surname:
        raise SurnameInvalid
    return surname
