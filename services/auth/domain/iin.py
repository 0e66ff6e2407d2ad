"""The individual identity number (ЖСН, ИИН): twelve digits, the last one a check digit.

Since government decree No. 853 of 26.08.2013 the leading digits need not encode birth date and sex, and a mismatch "is
not an error": so only the check digit decides, and a differing date is a hint for a clerk, never a refusal.
"""

import re
from datetime import date
from typing import NewType

from services.auth.domain.refusals import IinInvalid

Iin = NewType("Iin", str)

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


def check_digit(prefix: str) -> int | None:
    """The twelfth digit to eleven given ones; None when such a number is never issued (both passes give ten)."""
    digits = [int(character) for character in prefix]
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def parse_iin(text: str) -> Iin:
    """Text to number; raises IinInvalid. Only ASCII digits count: other scripts' digits would make two texts of one number."""
    if not _TWELVE_DIGITS.fullmatch(text) or check_digit(text[:11]) != int(text[11]):
        raise IinInvalid
    return Iin(text)


def encoded_birth_date(iin: Iin) -> date | None:
    """The birth date the leading digits seem to tell; None when they tell none."""
    century = _CENTURIES.get(iin[6])
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None
