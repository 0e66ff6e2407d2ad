"""Every refusal of every service has its sentence in every language: no person reads a code alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import services
from web.view.problems import sentence
from web.view.words import Lang, catalogue

SERVICES = Path(services.__path__[0])
CODE = re.compile(r"[A-Z][A-Z_]+")
BETWEEN_SERVICES = frozenset({"SERVICE_UNKNOWN", "ISSUED_DOCUMENT_UNREADABLE", "NO_SUCH_CONFIRMATION"})
"""What one service answers to another; no person is ever asked for what it needs."""


def _codes() -> Iterator[str]:
    """The codes that classes of the services bear."""
    for path in sorted(SERVICES.rglob("*.py")):
        for kind in ast.walk(ast.parse(path.read_text())):
            if isinstance(kind, ast.ClassDef):
                yield from (code for line in kind.body for code in _named(line))


def _named(line: ast.stmt) -> Iterator[str]:
    match line:
        case (
            ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str(code)))
            | ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str(code)))
        ):
            yield code


CODES = frozenset(code for code in _codes() if CODE.fullmatch(code))


def test_the_codes_are_found_where_they_stand() -> None:
    assert {"IIN_INVALID", "NOT_IN_QUEUE", "PLACE_TAKEN", "HOLD_ENDED", "NO_SUCH_CHILD", "EMAIL_REQUIRED"} <= CODES


@pytest.mark.parametrize("lang", list(Lang))
def test_every_refusal_of_every_service_has_its_sentence(lang: Lang) -> None:
    assert {code for code in CODES - BETWEEN_SERVICES if f"problem.{code}" not in catalogue(lang)} == set()


@pytest.mark.parametrize("lang", list(Lang))
def test_a_sentence_is_whole(lang: Lang) -> None:
    told = {code: sentence(lang, code) for code in CODES - BETWEEN_SERVICES}
    assert {code for code, said in told.items() if not said[0].isupper() or said[-1] != "."} == set()


def test_what_services_tell_each_other_is_no_sentence_of_its_own() -> None:
    assert BETWEEN_SERVICES <= CODES
    assert {code for code in BETWEEN_SERVICES if f"problem.{code}" in catalogue(Lang.KK)} == set()
