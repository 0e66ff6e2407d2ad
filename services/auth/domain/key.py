"""The kinds of key that the national certification authority gives a person."""

from enum import StrEnum


class KeyKind(StrEnum):
    """AUTH is for entering, SIGN for documents. UNKNOWN fits neither: an organisation's key, or one of another profile."""

    AUTH = "AUTH"
    SIGN = "SIGN"
    UNKNOWN = "UNKNOWN"
