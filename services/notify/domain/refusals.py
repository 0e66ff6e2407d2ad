"""Refusals of notify: what a person is told when the answer is no."""

from typing import ClassVar


class Refusal(Exception):
    """A rule said no. `code` is what a client may rely on."""

    code: ClassVar[str] = "REFUSED"

    def __init__(self) -> None:
        super().__init__(self.code)


class NoSuchChild(Refusal):
    """Nobody's child, or not this person's: the two must not be told apart from outside (R4)."""

    code = "NO_SUCH_CHILD"
