"""The check digit of an identity number, with the published and the made-up vectors."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain.iin import Iin, check_digit, encoded_birth_date, parse_iin
from services.auth.domain.refusals import IinInvalid

eleven_digits = st.text("0123456789", min_size=11, max_size=11)


@pytest.mark.parametrize("number", ["210513600001", "210513600206", "791028302728"])
def test_known_good_numbers_pass(number: str) -> None:
    assert parse_iin(number) == number


def test_the_second_pass_is_taken_when_the_first_gives_ten() -> None:
    assert check_digit("21051360020") == 6


def test_a_prefix_that_gives_ten_twice_is_never_issued() -> None:
    assert check_digit("21051360022") is None
    for last in "0123456789":
        with pytest.raises(IinInvalid):
            parse_iin(f"21051360022{last}")


@pytest.mark.parametrize("text", ["", "12345678901", "1234567890123", "123456789011", "21051360000a", " 210513600001"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(IinInvalid):
        parse_iin(text)


def test_digits_of_another_script_are_refused() -> None:
    with pytest.raises(IinInvalid):
        parse_iin("21051360000\u0661")


@given(eleven_digits, st.sampled_from([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11]), st.integers(1, 9))
def test_a_changed_digit_is_seen_in_the_first_pass_wherever_it_has_a_weight(prefix: str, place: int, step: int) -> None:
    """The eleventh digit has the weight 11, which is none modulo 11."""
    first = sum(int(digit) * weight for digit, weight in zip(prefix, range(1, 12), strict=True)) % 11
    digit = check_digit(prefix)
    if digit is None or first == 10:
        return
    good = f"{prefix}{digit}"
    bad = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    changed = sum(int(one) * weight for one, weight in zip(bad[:11], range(1, 12), strict=True)) % 11
    if changed == 10:
        return
    with pytest.raises(IinInvalid):
        parse_iin(bad)


def test_the_birth_date_is_a_hint_and_may_be_absent() -> None:
    assert encoded_birth_date(Iin("210513600001")) == date(2021, 5, 13)
    assert encoded_birth_date(Iin("791028302728")) == date(1979, 10, 28)
    assert encoded_birth_date(Iin("219913600001")) is None
    assert encoded_birth_date(Iin("210513000001")) is None
