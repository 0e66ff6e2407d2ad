"""The referral of the walk: choices and referrals, each one document."""

from datetime import timedelta
from random import Random
from typing import Any

from services.referral.domain.choice import Choice, ChoiceFact, Verdict
from services.referral.domain.referral import Referral, Said
from services.referral.domain.refusals import Refusal
from services.referral.domain.words import ChoiceState, Indication, Mode, ReferralState
from tests.protocol.rules import Rules


class ReferralSide:
    """What referral owns and how it acts on what it hears."""

    def __init__(self, walk: Any, rules: Rules, random: Random) -> None:
        self.walk, self.rules, self.random = walk, rules, random
        self.choices: dict[str, Choice] = {}
        self.referrals: dict[str, Referral] = {}
        self.removed: set[str] = set()

    def _save(self, change: tuple[Choice, tuple[ChoiceFact, ...]]) -> None:
        choice, said = change
        self.choices[choice.hold_id] = choice
        for fact in said:
            if fact is ChoiceFact.SIGNED:
                self.walk.send("signed", choice.place_id, choice.hold_id, choice.child_id)
            else:
                self.walk.send("closed", choice.place_id, choice.hold_id)

    def _save_referral(self, change: tuple[Referral, tuple[Any, ...]]) -> None:
        referral, said = change
        self.referrals[referral.hold_id] = referral
        for fact in said:
            self.walk.send("issued" if fact.said is Said.ISSUED else "returned", fact.referral)

    def hear_held(self, hold: Any, place_id: str) -> None:
        if hold.hold_id not in self.choices:
            self.choices[hold.hold_id] = Choice(
                hold_id=hold.hold_id,
                place_id=place_id,  # type: ignore[arg-type]
                application_id=hold.application_id,
                child_id=hold.child_id,
                held_by=hold.held_by,
                mode=Mode(hold.mode.value),
                opened_at=self.walk.now,
                hold_until=hold.hold_until,
                place=None,  # type: ignore[arg-type]
                invitation_id=hold.invitation_id,
            )

    def act(self, hold_id: str) -> None:
        """The parent signs or declines, a verdict comes, or the clock does."""
        choice, now = self.choices[hold_id], self.walk.now
        try:
            match choice.state:
                case ChoiceState.OPEN if self.random.random() < 0.7:
                    self._save(self.rules.received(choice, self.walk.new_id("s"), now, timedelta(hours=24)))
                case ChoiceState.OPEN:
                    self._save(self.rules.declined(choice, now))
                case ChoiceState.RECEIVED:
                    indication = self.random.choice([Indication.PASSED, *Indication])
                    self._save(self.rules.judged(choice, Verdict(choice.submission_id, indication), now))  # type: ignore[arg-type]
                case _:
                    pass
        except Refusal as refusal:
            self.walk.seen[refusal.code] += 1
        self._save(self.rules.time_came(self.choices[hold_id], now))

    def sign(self, hold_id: str) -> None:
        """A good signature comes and is found good."""
        choice, now = self.choices[hold_id], self.walk.now
        choice, _ = self.rules.received(choice, self.walk.new_id("s"), now, timedelta(hours=24))
        self._save(self.rules.judged(choice, Verdict(choice.submission_id, Indication.PASSED), now))

    def decline(self, hold_id: str) -> None:
        """The family gives the place back."""
        self._save(self.rules.declined(self.choices[hold_id], self.walk.now))

    def hear_taken(self, hold: Any, place_id: str) -> None:
        if hold.hold_id in self.referrals:
            return
        referral = Referral(
            referral_id=f"r-{hold.hold_id}",  # type: ignore[arg-type]
            hold_id=hold.hold_id,
            referral_number="ALM-1",
            application_id=hold.application_id,
            child_id=hold.child_id,
            place_id=place_id,  # type: ignore[arg-type]
            organisation_id="o1",  # type: ignore[arg-type]
            mode=Mode(hold.mode.value),
            issued_at=self.walk.now,
            valid_until=self.walk.now + timedelta(days=365),
            active_child=hold.child_id,
        )
        self.referrals[hold.hold_id] = referral
        self._take_back_if_removed(hold.hold_id)

    def seal(self, hold_id: str) -> None:
        self._save_referral(self.rules.issued(self.referrals[hold_id], "0" * 64, self.walk.now))

    def give_back(self, hold_id: str) -> None:
        self._save_referral(self.rules.give_back(self.referrals[hold_id], self.walk.now))

    def hear_application(self, state: Any, _sequence: int) -> None:
        if state.status == "REMOVED":
            self.removed.add(state.application_id)
            for referral in list(self.referrals.values()):
                self._take_back_if_removed(referral.hold_id)

    def _take_back_if_removed(self, hold_id: str) -> None:
        referral = self.referrals[hold_id]
        if referral.application_id in self.removed:
            self._save_referral(self.rules.take_back(referral, self.walk.now))

    def active(self) -> list[Referral]:
        return [r for r in self.referrals.values() if r.state is not ReferralState.RETURNED]
