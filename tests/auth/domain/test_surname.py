"""A surname is found however its Kazakh letters were typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.refusals import SurnameInvalid
from services.auth.domain.surname import folded, searched_surname


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ӘБІШҚЫЗЫ", "Абишкызы"),
        ("Өтеғұлова", "ОТЕГУЛОВА"),
        ("Ибрагимова-Үсенова", "ибрагимова усенова"),
        ("Королёва", "Королева"),
        ("Һашимов", "Хашимов"),
        ("Ңғң", "нгн"),
        ("Сейітов", "Сеи\u0306итов"),
    ],
)
def test_two_ways_to_write_one_surname(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


def test_other_surnames_stay_apart() -> None:
    assert len({folded(name) for name in ("Сынақова", "Сынақов", "Сыныкова", "Сынагова")}) == 4


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("text", ["", "  ", "-", "123", "!?"])
def test_what_has_no_letter_is_not_searched_for(text: str) -> None:
    with pytest.raises(SurnameInvalid):
        searched_surname(text)
