"""Whatever is found, the parent is told a sentence: in Kazakh and in Russian, for every code that can come of it."""

import re
from pathlib import Path

import pytest

from services.auth.api.refused import STATUSES
from services.auth.domain.key import KeyKind
from services.auth.domain.verdict import SUB_INDICATION, Finding, Indication, SubIndication, refusal_of
from services.auth.domain.verdict import Verdict as OneVerdict
from tests.auth.hands import NOW

LOCALES = sorted((Path(__file__).parents[3] / "web" / "locale").glob("*/problems.po"))
SENTENCE = re.compile(r'msgid "problem\.([A-Z_]+)"\nmsgstr "(.+)"')


@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_a_code_a_status_and_a_reason(finding: Finding) -> None:
    verdict = OneVerdict(NOW, finding)
    assert verdict.sub_indication is SUB_INDICATION[finding]
    waits = verdict.sub_indication is SubIndication.TRY_LATER
    assert verdict.indication is (Indication.INDETERMINATE if waits else Indication.FAILED)
    status = STATUSES[refusal_of(finding).code]
    assert status == (503 if waits else 422)


@pytest.mark.parametrize("locale", LOCALES, ids=lambda path: path.parent.name)
def test_every_code_has_a_sentence(locale: Path) -> None:
    told = dict(SENTENCE.findall(locale.read_text(encoding="utf-8")))
    codes = {refusal_of(finding).code for finding in Finding}
    assert codes - set(told) == set()
    for kind in (KeyKind.AUTH, KeyKind.SIGN):
        assert "AUTH_RSA" in told[f"KEY_KIND_WRONG_{kind}"]


def test_both_languages_of_the_city_are_there() -> None:
    assert {"kk", "ru"} <= {path.parent.name for path in LOCALES}
