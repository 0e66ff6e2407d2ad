"""Refusals of the services as sentences: what happened, and what to do (texts `problem.CODE`)."""

from web.view.words import Lang, Words


def sentence(lang: Lang, code: str) -> str:
    """The sentence of a code in a language; of a code without one, the sentence for everything else."""
    words = Words(lang)
    key = f"problem.{code}"
    return words(key) if words.has(key) else words("problem.OTHER")
