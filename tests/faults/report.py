"""How long a run is, and what it came to."""

from dataclasses import dataclass

from tests.faults.killer import Kills
from tests.faults.ledger import Finding, Side
from tests.faults.steps import SERVICES, Street


@dataclass(frozen=True)
class Plan:
    """How long a run is. `patience`: seconds a story may take before it counts as lost; `effects`: in which share of the
    intervals between kills something must have happened."""

    stories: int
    kills: int
    a_morning: int
    patience: float = 240.0
    least_of_each: int = 0
    effects: float = 0.9
    seed: int = 7


LONG = Plan(stories=200, kills=50, a_morning=20, least_of_each=8)
SHORT = Plan(stories=8, kills=5, a_morning=4, patience=120.0, least_of_each=1, effects=0.75)
SABOTAGED = Plan(stories=24, kills=15, a_morning=12, patience=45.0)


@dataclass
class Report:
    """What a run came to."""

    plan: Plan
    stories: int
    kills: Kills
    street: Street
    findings: list[Finding]
    letters_again: int
    facts_again: int
    seconds: float

    def count(self, side: Side) -> int:
        """Findings on a side of the books."""
        return sum(finding.side is side for finding in self.findings)

    @property
    def complaints(self) -> list[str]:
        """Why the run does not prove what it should; empty when it does."""
        with_effect, intervals = self.kills.intervals_with_effect(self.street)
        few = [s for s in SERVICES if self.kills.of[s] < self.plan.least_of_each]
        said = [f"{finding.side}: {finding.what}" for finding in self.findings]
        if self.stories < self.plan.stories:
            said.append(f"only {self.stories} of {self.plan.stories} stories were played")
        if len(self.kills.moments) < self.plan.kills:
            said.append(f"only {len(self.kills.moments)} of {self.plan.kills} kills")
        if few:
            said.append(f"killed less than {self.plan.least_of_each} times: {', '.join(few)}")
        if with_effect < self.plan.effects * intervals:
            said.append(f"effects in only {with_effect} of {intervals} intervals")
        return said

    def lines(self) -> list[str]:
        """The figures."""
        with_effect, intervals = self.kills.intervals_with_effect(self.street)
        back = sorted(self.kills.recoveries) or [0.0]
        each = ", ".join(f"{service} {self.kills.of[service]}" for service in SERVICES)
        return [
            f"stories {self.stories}, kills {len(self.kills.moments)} ({each}), each with a story in flight there",
            f"effects in {with_effect} of {intervals} intervals between kills",
            f"ready again, consumers assigned: median {back[len(back) // 2]:.1f} s, slowest {back[-1]:.1f} s",
            f"repeats that carried their id: {self.letters_again} letters, {self.facts_again} facts to the city",
            f"lost {self.count(Side.LOST)}, doubled {self.count(Side.DOUBLED)}; {self.seconds:.0f} s",
        ]
