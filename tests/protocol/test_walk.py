"""Promises are conserved whatever the messages do, and the walk would notice if they were not."""

from collections import Counter

import pytest

from services.queue.domain.words import EndReason
from tests.protocol.sabotages import SABOTAGES
from tests.protocol.walk import Broken, Sabotage, walked

WALKS = 1000
SABOTAGED_WALKS = 3000


def test_promises_are_conserved_under_late_doubled_and_reordered_messages() -> None:
    happened: Counter[str] = Counter()
    for seed in range(WALKS):
        walk = walked(seed)
        happened.update(walk.seen)
        for stream in walk.queue.streams.values():
            happened.update(invitation.ended or "live" for invitation in stream.invitations)
        happened["reclaimed"] += sum(len(ledger.reclaimed) for ledger in walk.vacancy.ledgers.values())
        happened["referrals"] += len(walk.referral.referrals)
    never = {reason.value for reason in EndReason} - {"refused"} - set(happened)
    assert not never, f"the walk never met an invitation that ended as {never}"
    assert min(happened[what] for what in ("reclaimed", "referrals", "repeated", "CHOICE_IN_PROGRESS")) > 0


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda s: s.__name__)
def test_the_walk_catches_a_broken_rule(sabotage: Sabotage) -> None:
    for seed in range(SABOTAGED_WALKS):
        try:
            walked(seed, sabotage)
        except Broken:
            return
    pytest.fail("the walk proves nothing about this rule")
