"""The one error of this package that a person is meant to read."""


class Trouble(Exception):
    """One sentence: what is wrong and what to do about it. Commands print it and end with status 1."""
