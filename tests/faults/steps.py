"""Where each story stands, which services it needs there, and when something last came of it."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

SERVICES = ("auth", "queue", "vacancy", "referral", "notify")


class Step(Enum):
    """A step of a story and the services that it waits for."""

    TURN = "waiting to hear of the turn", ("vacancy", "queue", "notify")
    LOGIN = "logging in", ("auth",)
    CARD = "reading the card", ("queue",)
    CHOOSE = "choosing a place", ("vacancy",)
    CHOICE = "waiting for the choice", ("vacancy", "referral")
    DECLINE = "giving the place back", ("referral", "vacancy")
    SIGN = "handing the signature in", ("referral", "auth")
    REFERRAL = "waiting for the referral", ("referral", "auth", "vacancy")
    NEWS = "waiting to hear of the referral", ("referral", "notify")
    RETURN = "returning the referral", ("referral", "vacancy", "queue")

    def __init__(self, words: str, services: tuple[str, ...]) -> None:
        self.words = words
        self.services = services


HOPS = frozenset({Step.CHOICE, Step.REFERRAL, Step.NEWS})
"""Steps that end only when a fact has travelled from one service to another and has had its effect there."""


@dataclass
class Street:
    """All stories that are under way, and the moments (real time) at which something came of one."""

    under_way: Counter[Step] = field(default_factory=Counter)
    effects: list[float] = field(default_factory=list)

    @contextmanager
    def at(self, step: Step) -> Iterator[None]:
        """A story stands at a step while the block lasts; where the step is a hop between services, its end is an effect."""
        self.under_way[step] += 1
        try:
            yield
        finally:
            self.under_way[step] -= 1
        if step in HOPS:
            self.effects.append(time.time())

    def effect(self) -> None:
        """Something came of a story now."""
        self.effects.append(time.time())

    def needed(self) -> set[str]:
        """The services that some story waits for now."""
        return {service for step, count in self.under_way.items() if count for service in step.services}

    def effects_between(self, begin: float, end: float) -> int:
        """How many effects fell between two moments."""
        return sum(begin <= each < end for each in self.effects)
