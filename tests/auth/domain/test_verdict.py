"""Every finding has one reason, and every reason one face at the login door."""

from datetime import UTC, datetime

import pytest

from services.auth.domain.refusals import Refusal, RevocationUnknown
from services.auth.domain.verdict import SUB_INDICATION, Finding, Indication, SubIndication, Verdict, refusal_of

NOW = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)


def test_the_table_knows_every_finding_and_uses_every_reason() -> None:
    assert set(SUB_INDICATION) == set(Finding)
    assert set(SUB_INDICATION.values()) == set(SubIndication)


@pytest.mark.parametrize("finding", list(Finding))
def test_every_finding_has_a_refusal_with_a_code(finding: Finding) -> None:
    refusal = refusal_of(finding)
    assert isinstance(refusal, Refusal)
    assert refusal.code != Refusal.code


@pytest.mark.parametrize("finding", list(Finding))
def test_only_what_waiting_can_cure_is_indeterminate(finding: Finding) -> None:
    verdict = Verdict(NOW, finding)
    waits = verdict.indication is Indication.INDETERMINATE
    assert waits == isinstance(refusal_of(finding), RevocationUnknown)
    assert verdict.sub_indication is not None


def test_a_verdict_without_a_finding_has_passed() -> None:
    assert Verdict(NOW).indication is Indication.PASSED
    assert Verdict(NOW).sub_indication is None
