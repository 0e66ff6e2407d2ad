"""Promises are conserved whatever the messages do, and the walk would notice if they were not."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.queue.domain.words import EndReason
from tests.protocol.sabotages import SABOTAGES
from tests.protocol.walk import Broken, Sabotage, Walk, walked

WALKS, LONG_WALKS = 250, 4000
SABOTAGED_WALKS = 3000


def walk_and_count(walks: int, *, steps: int = 350) -> Counter[str]:
    """What happened in so many walks, none of which broke anything."""
    happened: Counter[str] = Counter()
    for seed in range(walks):
        walk = walked(seed, steps=steps)
        happened.update(walk.seen)
        for stream in walk.queue.streams.values():
            happened.update(invitation.ended or "live" for invitation in stream.invitations)
            happened["prolonged"] += sum(invitation.first_deadline is not None for invitation in stream.invitations)
        happened["reclaimed"] += sum(len(ledger.reclaimed) for ledger in walk.vacancy.ledgers.values())
        happened["referrals"] += len(walk.referral.referrals)
    return happened


def test_promises_are_conserved_under_late_doubled_and_reordered_messages() -> None:
    happened = walk_and_count(WALKS)
    never = {reason.value for reason in EndReason} - set(happened)
    assert not never, f"the walk never met an invitation that ended as {never}"
    met = ("reclaimed", "referrals", "repeated", "prolonged", "CHOICE_IN_PROGRESS")
    assert min(happened[what] for what in met) > 0


@pytest.mark.drill
def test_promises_are_conserved_on_a_long_walk() -> None:
    walk_and_count(LONG_WALKS, steps=500)


class Stories(RuleBasedStateMachine):
    """The same three services, with every step chosen by hypothesis: what breaks is shrunk to a short story."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.walk = Walk(seed)

    @rule(stream=st.integers(0, 1))
    def publication(self, stream: int) -> None:
        self.walk.vacancy.publication_step(self.walk.streams[stream])

    @rule(times=st.integers(1, 8))
    def messages_arrive(self, times: int) -> None:
        for _ in range(times):
            if self.walk.on_its_way:
                self.walk.deliver()

    @rule(kind=st.sampled_from(["invited", "ended", "held", "taken", "signed", "prolonged", "application"]))
    def everything_arrives_but(self, kind: str) -> None:
        self.walk.deliver_all_but(kind)

    @rule(minutes=st.integers(1, 15), stream=st.integers(0, 1))
    def time_passes(self, minutes: int, stream: int) -> None:
        self.walk.pass_time(minutes)
        self.walk.queue.lapse(self.walk.streams[stream])

    @rule()
    def an_outage_is_recorded(self) -> None:
        self.walk.queue.record_outage()

    @rule(steps=st.integers(1, 6))
    def people_act(self, steps: int) -> None:
        for _ in range(steps):
            self.walk.act()

    @invariant()
    def nothing_is_broken(self) -> None:
        if hasattr(self, "walk"):
            self.walk.check()

    def teardown(self) -> None:
        if hasattr(self, "walk"):
            self.walk.settle()
            self.walk.audit()


def test_promises_are_conserved_in_every_story_that_can_be_told() -> None:
    few = settings(
        max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[*HealthCheck], database=None
    )
    run_state_machine_as_test(Stories, settings=few)


@pytest.mark.drill
def test_promises_are_conserved_in_many_stories() -> None:
    many = settings(
        max_examples=500, stateful_step_count=60, deadline=None, suppress_health_check=[*HealthCheck], database=None
    )
    run_state_machine_as_test(Stories, settings=many)


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda s: s.__name__)
def test_the_walk_catches_a_broken_rule(sabotage: Sabotage) -> None:
    for seed in range(SABOTAGED_WALKS):
        try:
            walked(seed, sabotage)
        except Broken:
            return
    pytest.fail("the walk proves nothing about this rule")
