"""An application as auth knows it from the queue: its number and whose it is, for the other parent who joins by it."""

import re

from services.auth.domain.refusals import ApplicationNumberInvalid

_NUMBER = re.compile(r"KDDO\.20[0-9]{2}\.[0-9]{1,7}\.[0-9]{1,3}")


def application_number(text: str) -> str:
    """A number as printed on the application (R7); raises ApplicationNumberInvalid."""
    number = text.strip().upper()
    if not _NUMBER.fullmatch(number):
        raise ApplicationNumberInvalid
    return number
