"""How long a message may reach nobody is the city's rule, not the program's."""

from pathlib import Path

import pytest
from pydantic import ValidationError

import contracts
from services.chassis.policy import load_policies
from services.notify.settings import NotifyPolicy

POLICIES = Path(contracts.__file__).parent / "policies"


def test_the_city_says_how_long_a_message_may_reach_nobody() -> None:
    versions = load_policies(POLICIES, "almaty", "notify", NotifyPolicy).versions
    assert all(policy.own.unreported_minutes > 0 for _, policy in versions)


def test_a_policy_that_says_nothing_of_it_is_refused() -> None:
    with pytest.raises(ValidationError, match="unreported_minutes"):
        NotifyPolicy.model_validate({})
