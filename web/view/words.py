"""The texts of the cabinet, by key, from `web/locale/<language>/*.po`: one catalogue a room."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


class Lang(StrEnum):
    """The languages of the pages; the first is the state language."""

    KK = "kk"
    RU = "ru"
    EN = "en"


OWN_NAMES: Final = {Lang.KK: "Қазақша", Lang.RU: "Русский", Lang.EN: "English"}
"""The languages as they call themselves."""


def spoken(texts: Mapping[str, str], lang: str) -> str:
    """A text of a service in a language; one that is not told in it is shown in Russian, else in Kazakh."""
    return texts.get(lang) or texts.get(Lang.RU) or texts.get(Lang.KK, "")


@cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """Every text of a language by its key."""
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / lang).glob("*.po")):
        with path.open("rb") as file:
            texts |= {str(message.id): str(message.string) for message in read_po(file, locale=lang) if message.id}
    return texts


class Words:
    """The texts of one language. A key that is not there is a KeyError: no page shows a key to a parent."""

    def __init__(self, lang: Lang) -> None:
        self._texts = catalogue(lang)

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, its `%(name)s` filled."""
        text = self._texts[key]
        return text % values if values else text

    def has(self, key: str) -> bool:
        """Whether there is a text of this key."""
        return key in self._texts
