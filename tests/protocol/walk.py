"""A walk over invite - hold - sign - lapse: our decisions, messages delivered late, twice and in any order.

After every step: one place - one child, one child - one place, a signed choice is never released. When everything has
been delivered: promises are conserved (priority places not yet used, less those owed to free choice = tokens in vacancy's
stock, at queue and in live invitations), and the three services agree with one another.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from services.queue.domain.words import Category, HoldState, QueueType, Status
from services.referral.domain.words import ChoiceState, ReferralState
from services.vacancy.domain.words import PlaceState
from tests.protocol.queue_side import QueueSide
from tests.protocol.referral_side import ReferralSide
from tests.protocol.rules import Rules
from tests.protocol.vacancy_side import VacancySide

START = datetime(2026, 1, 1, 2, 0, tzinfo=UTC)
REPEATED = 0.15
"""Share of deliveries that come again."""
SLOW, STUCK = 0.1, 0.9
"""Share of messages that are slow, and how often a slow one stays where it is."""
MOST_STEPS = 100
"""Of anything that must come to an end by itself."""


class Broken(AssertionError):
    """An invariant does not hold; the text says which."""


def need(holds: bool, what: str) -> None:
    """Fail the walk by name."""
    if not holds:
        raise Broken(what)


class Message(NamedTuple):
    """One copy of a fact on its way to one who hears it."""

    kind: str
    hearer: Any
    told: tuple[Any, ...]
    slow: bool


class Walk:
    """Two streams, five children, two of whom stand in both."""

    def __init__(self, seed: int, sabotage: "Sabotage | None" = None) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.now = START
        self.seen: Counter[str] = Counter()
        self.timer_release = False
        self.one_place_each = True
        """Whether vacancy's store keeps one place for each child, as its partial unique index does."""
        self._delivered = 0
        self._messages: list[Message] = []
        self._ids: Counter[str] = Counter()
        rules = sabotage(self) if sabotage else Rules()
        self.queue: Any = QueueSide(self, rules, self.random)
        self.vacancy: Any = VacancySide(self, rules, self.random)
        self.referral: Any = ReferralSide(self, rules, self.random)
        self._hearers = self._who_hears()
        self._slow_kind = self.random.choice(list(self._hearers))
        self._delivering = self.random.uniform(0.5, 0.8)
        self.window_minutes = (1, self.random.choice([10, 30, 120]))
        happens = self._what_happens()
        self._actions, self._weights = list(happens), list(happens.values())
        for n in range(4):
            self.queue.file(f"c{n}", Category.SPEECH, START, QueueType.CORRECTIONAL)
        for n in (0, 1, 4):
            self.queue.file(f"c{n}", Category.SPEECH, START, QueueType.SANATORIUM)
        self.streams = sorted(self.queue.streams)
        for stream_id, places in zip(self.streams, (3, 2), strict=True):
            for _ in range(places):
                self.vacancy.enter_place(stream_id)

    def _who_hears(self) -> dict[str, list[Any]]:
        queue, vacancy, referral = self.queue, self.vacancy, self.referral
        return {
            "application": [queue.hear_own_application, vacancy.hear_application, referral.hear_application],
            "invited": [
                queue.hear_own_invited,
                vacancy.hear_invited,
                lambda _stream, invitation: self.send("handed_over", invitation),
            ],
            "prolonged": [queue.hear_own_prolonged, vacancy.hear_prolonged],
            "handed_over": [queue.hear_handed_over],
            "ended": [queue.hear_own_ended, vacancy.hear_ended],
            "reclaimed": [vacancy.hear_reclaimed],
            "opened": [queue.hear_opened],
            "token_owed": [queue.hear_token_owed],
            "held": [
                lambda stream, hold, _place: queue.hear_hold(stream, hold, HoldState.HELD),
                lambda _stream, hold, _place: queue.hear_hold_of_child(hold, HoldState.HELD),
                lambda _stream, hold, place: referral.hear_held(hold, place),
            ],
            "released": [
                lambda stream, hold: queue.hear_hold(stream, hold, HoldState.RELEASED),
                lambda _stream, hold: queue.hear_hold_of_child(hold, HoldState.RELEASED),
            ],
            "taken": [
                lambda stream, hold, _place: queue.hear_taken(stream, hold),
                lambda _stream, hold, _place: queue.hear_hold_of_child(hold, HoldState.TAKEN),
                lambda _stream, hold, place: referral.hear_taken(hold, place),
            ],
            "signed": [vacancy.hear_signed],
            "closed": [vacancy.hear_closed],
            "issued": [lambda referral_: queue.hear_hold_of_child(referral_, HoldState.TAKEN)],
            "returned": [
                vacancy.hear_returned,
                queue.hear_returned,
                lambda referral_: queue.hear_hold_of_child(referral_, HoldState.ENDED),
            ],
        }

    def new_id(self, kind: str) -> Any:
        self._ids[kind] += 1
        return f"{kind}{self._ids[kind]}"

    def send(self, kind: str, *told: Any) -> None:
        """Put one copy on the way for each who hears it: every one is late by itself."""
        slow = 0.7 if kind == self._slow_kind else SLOW
        for hearer in self._hearers[kind]:
            self._messages.append(Message(kind, hearer, told, self.random.random() < slow))

    def deliver(self) -> None:
        n = self.random.randrange(len(self._messages))
        message = self._messages[n]
        if message.slow and self.random.random() < STUCK:
            return
        if self.random.random() < REPEATED:
            self.seen["repeated"] += 1
        else:
            self._messages[n] = self._messages[-1]
            self._messages.pop()
        message.hearer(*message.told)

    def deliver_all_but(self, *late: str) -> None:
        """Everything arrives in the order it was sent, except the kinds that are late."""
        while ready := [message for message in self._messages if message.kind not in late]:
            self._messages.remove(ready[0])
            ready[0].hearer(*ready[0].told)

    def step(self) -> None:
        """One random thing happens."""
        self.now += timedelta(seconds=self.random.randrange(20))
        if self._messages and self.random.random() < self._delivering:
            self.deliver()
        else:
            self.act()

    def act(self) -> None:
        """A person, a clock or a crashed process does something."""
        self.random.choices(self._actions, self._weights)[0]()

    def pass_time(self, minutes: int) -> None:
        """Nothing happens for a while."""
        self.now += timedelta(minutes=minutes)

    @property
    def on_its_way(self) -> int:
        """How many messages have not arrived."""
        return len(self._messages)

    def _what_happens(self) -> dict[Callable[[], None], int]:
        """What people, clocks and crashed processes do, and how often."""
        choose = self.random.choice
        return {
            lambda: self.vacancy.publication_step(choose(self.streams)): 20,
            self.vacancy.late_step: 6,
            lambda: self.queue.invite(choose(self.streams)): 4,
            lambda: self.queue.remove(choose(list(self.queue.applications))): self.random.choice([0, 1]),
            lambda: self.vacancy.withdraw(choose(self.streams)): self.random.choice([0, 1]),
            self._somebody_chooses: 22,
            lambda: self.queue.lapse(choose(self.streams)): 10,
            self.queue.record_outage: self.seed % 2,
            lambda: self.queue.refuse(choose(self.streams)): self.seed // 2 % 2,
            lambda: self.queue.prolong(choose(self.streams)): 1,
            lambda: self._time_or_person(choose(list(self.referral.choices) or [None])): 24,
            lambda: self._referral_moves(choose(list(self.referral.referrals) or [None])): 14,
        }

    def _somebody_chooses(self) -> None:
        application = self.random.choice(list(self.queue.applications.values()))
        places = [p for p in self.vacancy.places.values() if p.stream_id == application.stream_id]
        free = [p for p in places if p.state is PlaceState.FREE_CHOICE]
        wanted = self.random.choice(free if free and self.random.random() < 0.5 else places)
        self.vacancy.hold(application.application_id, application.child_id, wanted.place_id)

    def _time_or_person(self, hold_id: Any) -> None:
        if hold_id is None:
            return
        if self.timer_release:
            self.vacancy.hear_closed(self.referral.choices[hold_id].place_id, hold_id)
        self.referral.act(hold_id)

    def _referral_moves(self, hold_id: Any) -> None:
        if hold_id is None:
            return
        if self.referral.referrals[hold_id].state is ReferralState.ISSUING:
            self.referral.seal(hold_id)
        else:
            self.referral.give_back(hold_id)

    def check(self) -> None:
        """What holds after every step."""
        occupied = [p.occupied_by for p in self.vacancy.places.values() if p.occupied_by]
        need(len(occupied) == len(set(occupied)), "a child has two places")
        by_hold = {p.hold.hold_id: p for p in self.vacancy.places.values() if p.hold}
        for hold_id, choice in self.referral.choices.items():
            if choice.state is ChoiceState.SIGNED:
                referral = self.referral.referrals.get(hold_id)
                over = referral is not None and referral.state is ReferralState.RETURNED
                need(over or hold_id in by_hold, "a signed choice was released")
        for stream in self.queue.streams.values():
            live = [i.child_id for i in stream.invitations if i.ended is None]
            need(len(live) == len(set(live)), "a child is invited twice")

    def settle(self) -> None:
        """Everything on its way arrives; referrals being made are made; publications under way end."""
        for _ in range(MOST_STEPS):
            while self._messages:
                self.deliver()
                self._delivered += 1
                need(self._delivered < 1000 * MOST_STEPS, "messages never end")
                self.check()
            for referral in list(self.referral.referrals.values()):
                if referral.state is ReferralState.ISSUING:
                    self.referral.seal(referral.hold_id)
            for stream_id in self.streams:
                self._finish_publication(stream_id)
            if not self._messages:
                return
        raise Broken("the walk never comes to rest")

    def _finish_publication(self, stream_id: str) -> None:
        for _ in range(MOST_STEPS):
            if self.vacancy.ledgers[stream_id].plan is None:
                return
            self.vacancy.publication_step(stream_id)
        raise Broken("a publication never ends")

    def audit(self) -> None:
        """What holds when nothing is on its way."""
        for stream_id in self.streams:
            stream, ledger = self.queue.streams[stream_id], self.vacancy.ledgers[stream_id]
            live = [i for i in stream.invitations if i.ended is None]
            tokens = ledger.stock + stream.available + len(live)
            need(self.vacancy.promised(stream_id) == tokens, "tokens are not conserved")
            for invitation in live:
                candidate = self.vacancy.candidates[invitation.child_id]
                known = [i for i in candidate.invitations if i.invitation_id == invitation.invitation_id]
                need(len(known) == 1, "vacancy does not know an invitation")
                agreed = known[0].spent or known[0].deadline == invitation.window.deadline
                need(agreed, "vacancy knows another deadline")
                application = self.queue.applications[invitation.application_id]
                heard = [i for i in application.invitations if i.invitation_id == invitation.invitation_id]
                need([i.deadline for i in heard] == [invitation.window.deadline], "the card shows another deadline")
        self._audit_referrals()
        self._audit_applications()

    def _audit_referrals(self) -> None:
        for hold_id, choice in self.referral.choices.items():
            signed = choice.state is ChoiceState.SIGNED
            need(signed == (hold_id in self.referral.referrals), "signed and not issued, or issued and not signed")
        taken = {p.hold.hold_id for p in self.vacancy.places.values() if p.hold and p.state is PlaceState.TAKEN}
        active = self.referral.active()
        need(taken == {r.hold_id for r in active}, "a taken place has no referral, or a referral no place")
        removed = {a.application_id for a in self.queue.applications.values() if a.status is Status.REMOVED}
        need(not removed & {r.application_id for r in active}, "a removed application keeps a referral")

    def _audit_applications(self) -> None:
        active = {r.application_id: r.child_id for r in self.referral.active()}
        for application in self.queue.applications.values():
            stream = self.queue.streams[application.stream_id]
            mine = [i for i in stream.invitations if i.application_id == application.application_id]
            live = any(i.ended is None for i in mine)
            if application.status is Status.REMOVED:
                need(not live, "a removed application is invited")
                continue
            elsewhere = application.child_id in active.values()
            waiting = Status.NOTIFIED if live else Status.QUEUED
            expected = Status.REFERRED if application.application_id in active else waiting
            need(application.status is expected, f"an application is {application.status}, not {expected}")
            need(application.invitable == (not elsewhere), "the right to be invited is wrong")
            need(not (elsewhere and live), "a child with a referral is invited")


Sabotage = Callable[[Walk], Rules]
"""Makes the rules of a walk with one of them broken."""


def walked(seed: int, sabotage: Sabotage | None = None, *, steps: int = 350) -> Walk:
    """Walk, let everything arrive, and audit; Broken says what does not hold."""
    walk = Walk(seed, sabotage)
    for _ in range(steps):
        walk.step()
        walk.check()
    walk.settle()
    walk.audit()
    return walk
