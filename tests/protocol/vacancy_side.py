"""The vacancy of the walk: places, ledgers and candidates, each one document; a publication is walked step by step."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from services.vacancy.domain import place as places
from services.vacancy.domain.candidate import ApplicationFacts, Candidate, KnownInvitation
from services.vacancy.domain.ledger import Ledger, Plan
from services.vacancy.domain.place import Hold, Place, Publication
from services.vacancy.domain.refusals import Refusal
from services.vacancy.domain.words import EndReason, Language, Mode, PlaceState, PlaceType
from tests.protocol.rules import Rules

FIRST_DAY = date(2026, 1, 1)


class VacancySide:
    """What vacancy owns and how it acts on what it hears."""

    def __init__(self, walk: Any, rules: Rules, random: Random) -> None:
        self.walk, self.rules, self.random = walk, rules, random
        self.places: dict[str, Place] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.candidates: dict[str, Candidate] = {}
        self.late_steps: list[tuple[str, Plan]] = []
        self._days: dict[str, int] = defaultdict(int)

    def enter_place(self, stream_id: str) -> None:
        n = len(self.places)
        fixed = (2021, Language.KK, PlaceType.GENERAL_USE)
        place = Place(f"p{n:02}", "o1", stream_id, *fixed, entered_at=self.walk.now)  # type: ignore[arg-type]
        self.places[place.place_id] = place
        self.ledgers.setdefault(stream_id, Ledger(stream_id))  # type: ignore[arg-type]

    def _save(self, change: tuple[Place, tuple[Any, ...]]) -> None:
        place, said = change
        self.places[place.place_id] = place
        for fact in said:
            match fact:
                case places.Held(hold):
                    self.walk.send("held", place.stream_id, hold, place.place_id)
                case places.Released(hold, _):
                    self.walk.send("released", place.stream_id, hold)
                case places.Taken(hold):
                    self.walk.send("taken", place.stream_id, hold, place.place_id)
                case places.Withdrawn(withdrawal_id, token_owed) if token_owed:
                    self.walk.send("token_owed", place.stream_id, withdrawal_id)

    def of_stream(self, stream_id: str, state: PlaceState) -> list[Place]:
        return [p for p in self.places.values() if p.stream_id == stream_id and p.state is state]

    def publication_step(self, stream_id: str) -> None:
        """One step of a publication: its plan, one place, or its end. Anything may happen between two steps."""
        ledger = self.ledgers[stream_id]
        if ledger.plan is None:
            self._plan(ledger)
            return
        plan = ledger.plan
        left = [p for p in (*plan.to_publish, *plan.to_open) if not self._decided(self.places[p], plan)]
        if left:
            self._place_step(left[0], plan)
            self.late_steps.append((left[0], plan))
            return
        self.complete(stream_id, plan)

    def complete(self, stream_id: str, plan: Plan) -> None:
        mine = plan.publication.publication_id
        published = sum(self.places[p].published_by == mine for p in plan.to_publish)
        opened = sum(self.places[p].opened_by == mine for p in plan.to_open)
        ledger, said = self.rules.completed(self.ledgers[stream_id], plan, published=published, opened=opened)
        self.ledgers[stream_id] = ledger
        if said is not None:
            self.walk.send("opened", stream_id, said.publication.publication_id, said.n)

    def late_step(self) -> None:
        """Somebody who was thought dead repeats a step of an old publication."""
        if self.late_steps:
            self._place_step(*self.random.choice(self.late_steps[-4:]))

    def _plan(self, ledger: Ledger) -> None:
        self._days[ledger.stream_id] += 1
        day = FIRST_DAY + timedelta(days=self._days[ledger.stream_id])
        self.ledgers[ledger.stream_id] = self.rules.planned(
            ledger,
            Publication(f"{ledger.stream_id}/{day}", day, self.walk.now),  # type: ignore[arg-type]
            publishes=self.random.random() < 0.8,
            drafts=self.of_stream(ledger.stream_id, PlaceState.DRAFT),
            priority=self.of_stream(ledger.stream_id, PlaceState.PUBLISHED_PRIORITY),
        )

    def _place_step(self, place_id: str, plan: Plan) -> None:
        place = self.places[place_id]
        if place_id in plan.to_publish:
            self._save(self.rules.publish(place, plan.publication))
        else:
            self._save(self.rules.open_to_all(place, plan.publication))

    @staticmethod
    def _decided(place: Place, plan: Plan) -> bool:
        day = place.published_on if place.place_id in plan.to_publish else place.opening_decided_on
        gone = place.state is PlaceState.WITHDRAWN
        return gone or (day is not None and day >= plan.publication.day)

    def hold(self, application_id: str, child_id: str, place_id: str) -> None:
        place, candidate = self.places[place_id], self.candidates.get(child_id)
        if candidate is None:
            return
        try:
            right = self.rules.right_to(candidate, application_id, place, self.walk.now)
            hold = Hold(
                hold_id=self.walk.new_id("h"),
                application_id=application_id,  # type: ignore[arg-type]
                child_id=child_id,  # type: ignore[arg-type]
                held_by="parent",  # type: ignore[arg-type]
                mode=right.mode,
                held_at=self.walk.now,
                hold_until=self.walk.now + timedelta(minutes=15),
                invitation_id=right.invitation.invitation_id if right.invitation else None,
            )
            if self.walk.one_place_each and any(p.occupied_by == child_id for p in self.places.values()):
                return
            self._save(self.rules.hold(place, hold))
        except Refusal as refusal:
            self.walk.seen[refusal.code] += 1

    def withdraw(self, stream_id: str) -> None:
        found = self.of_stream(stream_id, self.random.choice([PlaceState.PUBLISHED_PRIORITY, PlaceState.FREE_CHOICE]))
        if not found:
            return
        withdrawal_id, owed = self.walk.new_id("w"), False
        if places.costs_a_token(found[0]):
            spend = self.rules.spend_on_withdrawal
            self.ledgers[stream_id], owed = spend(self.ledgers[stream_id], withdrawal_id, insisted=True)
        self._save(self.rules.withdraw(found[0], withdrawal_id, token_owed=owed))

    def _candidate(self, child_id: str) -> Candidate:
        return self.candidates.get(child_id, Candidate(child_id))  # type: ignore[arg-type]

    def hear_application(self, state: Any, sequence: int) -> None:
        live = state.status in {"QUEUED", "NOTIFIED"}
        facts = ApplicationFacts(state.application_id, state.stream_id, live, state.invitable, sequence)
        self.candidates[state.child_id] = self.rules.candidate_application(self._candidate(state.child_id), facts)

    def hear_invited(self, stream_id: str, invitation: Any) -> None:
        known = KnownInvitation(
            invitation.invitation_id,
            invitation.application_id,
            stream_id,  # type: ignore[arg-type]
            invitation.window.deadline,
            invitation.queue_number,
        )
        child = invitation.child_id
        self.candidates[child] = self.rules.candidate_invited(self._candidate(child), known)

    def hear_prolonged(self, _stream_id: str, invitation: Any) -> None:
        child, deadline = invitation.child_id, invitation.window.deadline
        longer = self.rules.candidate_prolonged(self._candidate(child), invitation.invitation_id, deadline)
        self.candidates[child] = longer

    def hear_ended(self, stream_id: str, invitation: Any, reason: Any) -> None:
        child = invitation.child_id
        self.candidates[child] = self.rules.candidate_ended(self._candidate(child), invitation.invitation_id)
        ledger = self.ledgers[stream_id]
        self.ledgers[stream_id] = self.rules.invitation_ended(ledger, invitation.invitation_id, EndReason(reason))

    def hear_reclaimed(self, stream_id: str, hold_id: Any, reason: Any) -> None:
        self.ledgers[stream_id] = self.rules.token_reclaimed(self.ledgers[stream_id], hold_id, EndReason(reason))

    def hear_signed(self, place_id: str, hold_id: Any, child_id: str) -> None:
        self.candidates[child_id] = self.rules.candidate_taken(self._candidate(child_id))
        self._save(self.rules.take(self.places[place_id], hold_id))

    def hear_closed(self, place_id: str, hold_id: Any) -> None:
        self._save(self.rules.release(self.places[place_id], hold_id, "expired"))

    def hear_returned(self, referral: Any) -> None:
        self._save(self.rules.vacate(self.places[referral.place_id], referral.hold_id))

    def promised(self, stream_id: str) -> int:
        """Places of the stream that are for those whose turn came, less those owed to free choice."""
        mine = [p for p in self.places.values() if p.stream_id == stream_id]
        open_now = {PlaceState.PUBLISHED_PRIORITY, PlaceState.HELD}
        priority = sum(p.state in open_now and p.mode is Mode.PRIORITY for p in mine)
        return priority - self.ledgers[stream_id].to_open
