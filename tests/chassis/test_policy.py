"""Rules are dated data (R50)."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.chassis.policy import PolicySection, load_policies

PROFILE = """
versions:
  - valid_from: 2024-01-01
    shared: {timezone: Asia/Almaty, publish_time: "07:00"}
    queue: {priority_days: 3}
  - valid_from: 2026-09-01
    shared: {timezone: Asia/Almaty, publish_time: "08:00"}
    queue: {priority_days: 1}
"""


class QueueRules(PolicySection):
    priority_days: int


def test_a_decision_uses_the_version_valid_on_its_day_and_can_name_it(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(PROFILE)
    policies = load_policies(tmp_path, "city", "queue", QueueRules)

    before, after = policies.on(date(2026, 8, 31)), policies.on(date(2026, 9, 1))

    assert (before.own.priority_days, before.version) == (3, "city@2024-01-01")
    assert (after.own.priority_days, after.version) == (1, "city@2026-09-01")
    assert after.shared.publish_time.hour == 8


def test_before_the_first_version_there_are_no_rules(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(PROFILE)

    with pytest.raises(LookupError):
        load_policies(tmp_path, "city", "queue", QueueRules).on(date(2023, 12, 31))


def test_a_misspelt_rule_is_refused(tmp_path: Path) -> None:
    (tmp_path / "city.yaml").write_text(PROFILE.replace("priority_days: 1", "priority_day: 1"))

    with pytest.raises(ValidationError, match="priority_day"):
        load_policies(tmp_path, "city", "queue", QueueRules)
