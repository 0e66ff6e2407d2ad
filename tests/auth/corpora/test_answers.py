"""Answers to a challenge bent at random: none that differs from what was issued passes, none breaks anything."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.auth.corpora.answers import bent, ensure_refused_or_the_same, signed

# The library warns of numbers and names that it will refuse one day; what is done with the answer is what counts here.
pytestmark = [
    pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning"),
]
number = st.integers(0, 5000)
steps = st.lists(st.tuples(st.integers(0, 9), number, number, st.integers(0, 255)), min_size=1, max_size=6)
RUNS = 15_000


def test_the_answer_before_it_is_bent_passes() -> None:
    assert ensure_refused_or_the_same(signed()) is None


@settings(max_examples=400, deadline=None)
@given(steps)
def test_a_bent_answer_is_refused_or_is_the_same(changes: list[tuple[int, int, int, int]]) -> None:
    ensure_refused_or_the_same(bent(changes))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_octets_are_refused(octets: bytes) -> None:
    assert ensure_refused_or_the_same(octets) is not None


@pytest.mark.drill
@settings(max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_a_bent_answer_is_refused_or_is_the_same_in_earnest(changes: list[tuple[int, int, int, int]]) -> None:
    ensure_refused_or_the_same(bent(changes))


@pytest.mark.drill
def test_every_single_octet_changed_is_refused_or_is_the_same() -> None:
    whole = signed()
    for place in range(len(whole)):
        for by in (1, 0x20, 0x80):
            changed = bytearray(whole)
            changed[place] ^= by
            ensure_refused_or_the_same(bytes(changed))


@pytest.mark.drill
@pytest.mark.skipif((sys.platform, platform.machine()) != ("linux", "x86_64"), reason="atheris has no other wheels")
def test_a_fuzzer_led_by_coverage_finds_nothing(tmp_path: Path) -> None:
    limits = [f"-atheris_runs={RUNS}", "-max_len=4096", f"-artifact_prefix={tmp_path}/"]
    words = [sys.executable, "-m", "tests.auth.corpora.fuzz", *limits]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
