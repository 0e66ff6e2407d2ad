"""What is said to whoever is refused."""

import pytest

from services.referral.domain.refusals import Refusal


@pytest.mark.parametrize("refusal", Refusal.__subclasses__(), ids=lambda each: each.code)
def test_every_refusal_says_one_plain_sentence_of_its_own(refusal: type[Refusal]) -> None:
    assert "detail" in vars(refusal)
    assert str(refusal()) == refusal.detail
    assert refusal.detail[0].isupper()
    assert (refusal.detail.count("."), refusal.detail[-1]) == (1, ".")
