"""IIN (ЖСН) and BIN (БСН) of invented people and organisations, with a right check digit."""

from datetime import date

FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
NEVER = 10
"""A remainder that is no digit: the second pass is tried, then the number is never issued."""


def check_digit(eleven: str) -> int | None:
    """The twelfth digit, or None for a number that is never issued."""
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        remainder = sum(int(digit) * weight for digit, weight in zip(eleven, weights, strict=True)) % 11
        if remainder != NEVER:
            return remainder
    return None


def is_valid(number: str) -> bool:
    """Twelve ASCII digits whose last one is right."""
    return len(number) == 12 and number.isascii() and number.isdigit() and check_digit(number[:11]) == int(number[11])


def make_iin(birth: date, *, female: bool, serial: int) -> str:
    """The IIN of an invented person; ``serial`` 0..9999 tells people of one day apart.

    Where the number would never be issued, the next serial is taken.
    """
    century = {18: 1, 19: 3, 20: 5}[birth.year // 100] + (1 if female else 0)
    return _complete(f"{birth:%y%m%d}{century}", serial)


def make_bin(registered: date, serial: int) -> str:
    """The BIN of an invented organisation registered in a month; ``serial`` 0..9999."""
    return _complete(f"{registered:%y%m}400", serial)


def _complete(prefix: str, serial: int) -> str:
    for step in range(50):
        eleven = f"{prefix}{(serial + step) % 10_000:04d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
    raise ValueError("no number with a check digit near this serial")
