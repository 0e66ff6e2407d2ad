"""Every text that a page names is there in every language, and none is there that no page names."""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from web.view.words import LOCALE, Lang, catalogue

WEB = LOCALE.parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
PAGES = sorted(path for path in WEB.rglob("*.py") if "locale" not in path.parts)
KEY = re.compile(r"[a-z_]+\.[A-Za-z0-9_]+")
BEGINNING = re.compile(r"[\"']([a-z_]+(?:\.[a-z_]+)*\.)[\"']")
STARTED = re.compile(r"[a-z_]+\.(?:[A-Za-z0-9_]+[._])?")
FILES = (".html", ".js", ".css", ".json", ".svg", ".pdf", ".xml", ".po")
PLACES = re.compile(r"%\((\w+)\)s")

CODE = "[A-Z_]+"
WORD = "[a-z_]+"
STARTS = {
    "card.said.": WORD,
    "card.tab.": WORD,
    "family.said.": WORD,
    "history.by.": CODE,
    "history.reason.": f"{CODE}|{WORD}",
    "history.what.": CODE,
    "language.": "kk|ru|en",
    "looks.body.": WORD,
    "looks.reader.": WORD,
    "looks.role.": WORD,
    "looks.why.": WORD,
    "mode.": CODE,
    "outcome.": CODE,
    "place_type.": CODE,
    "problem.": CODE,
    "reach.said.": WORD,
    "referral.state.": CODE,
    "refusal.": CODE,
}
"""The beginnings of keys that end in a code, with how the code is written: `language.kk`."""


def _of_templates() -> Iterator[tuple[str, bool]]:
    """Keys, and beginnings of keys (True), of the templates."""
    for path in TEMPLATES:
        found = extract("jinja2.ext:babel_extract", BytesIO(path.read_bytes()), keywords={"_": None})
        for _, message, _, _ in found:
            yield from ((text, False) for text in (message if isinstance(message, tuple) else (message,)) if text)
        for start in BEGINNING.findall(path.read_text()):
            yield start, True


def _of_pages() -> Iterator[tuple[str, bool]]:
    """Keys, and beginnings of keys (True), of the code; a key may be handed on before it is said."""
    rooms = {key.partition(".")[0] for key in catalogue(Lang.KK)}
    for path in PAGES:
        tree = ast.parse(path.read_text())
        starts = {id(each.values[0]) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) and each.values}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                continue
            text = node.value
            if text.partition(".")[0] not in rooms or text.endswith(FILES):
                continue
            if id(node) in starts and STARTED.fullmatch(text):
                yield text, True
            elif KEY.fullmatch(text):
                yield text, False


NAMED = frozenset(_of_templates()) | frozenset(_of_pages())
KEYS = frozenset(text for text, is_start in NAMED if not is_start)


@pytest.mark.parametrize("lang", list(Lang))
def test_every_text_that_a_page_names_is_there(lang: Lang) -> None:
    assert KEYS - catalogue(lang).keys() == set()


@pytest.mark.parametrize("lang", list(Lang))
def test_no_text_is_there_that_no_page_names(lang: Lang) -> None:
    unnamed = catalogue(lang).keys() - KEYS
    ends_in_a_code = re.compile("|".join(f"{re.escape(start)}(?:{code})" for start, code in STARTS.items()))
    assert {key for key in unnamed if not ends_in_a_code.fullmatch(key)} == set()


def test_keys_that_end_in_a_code_begin_as_listed() -> None:
    assert {text for text, is_start in NAMED if is_start} == STARTS.keys()


@pytest.mark.parametrize("lang", [lang for lang in Lang if lang is not Lang.KK])
def test_every_language_says_the_same_keys_with_the_same_values(lang: Lang) -> None:
    kazakh, other = catalogue(Lang.KK), catalogue(lang)
    assert kazakh.keys() == other.keys()
    assert {key for key in kazakh if set(PLACES.findall(kazakh[key])) != set(PLACES.findall(other[key]))} == set()


@pytest.mark.parametrize("path", sorted(LOCALE.rglob("*.po")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_catalogue_says_each_key_once_and_leaves_none_empty(path: Path) -> None:
    said = re.findall(r'^msgid "(.+)"$', path.read_text(), re.MULTILINE)
    assert len(said) == len(set(said))
    messages = [message for message in read_po(BytesIO(path.read_bytes())) if message.id]
    assert [message.id for message in messages if not message.string or message.fuzzy] == []


@pytest.mark.parametrize("lang", list(Lang))
def test_no_room_says_a_key_of_another(lang: Lang) -> None:
    said = [
        key
        for path in (LOCALE / lang).glob("*.po")
        for key in re.findall(r'^msgid "(.+)"$', path.read_text(), re.MULTILINE)
    ]
    assert len(said) == len(set(said))
