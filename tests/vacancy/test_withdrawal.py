"""A free place is taken back; one that is promised costs a token, whatever happens in between."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import referral, vacancy
from services.chassis.testing import eventually
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain import withdrawal as withdrawals
from services.vacancy.domain.ledger import Ledger, Withdrawing
from services.vacancy.domain.place import Place, Withdrawal
from services.vacancy.domain.refusals import CannotBeWithdrawn, PlacePromised
from services.vacancy.domain.words import (
    Language,
    OrganisationId,
    PersonId,
    PlaceId,
    PlaceState,
    PlaceType,
    StreamId,
    WithdrawalId,
)
from tests.vacancy.hall import Hall, new_id

stories = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
STREAM = StreamId("almaty:correctional:SPEECH:2021")


def asked(name: str, *, insisted: bool = False) -> Withdrawal:
    return Withdrawal(WithdrawalId(name), PersonId("clerk"), "the group is closed", insisted, NOW)


def place(state: PlaceState) -> Place:
    fixed = (OrganisationId("o1"), STREAM, 2021, Language.KK, PlaceType.GENERAL_USE, NOW)
    return Place(PlaceId("p1"), *fixed, state=state, published_at=NOW)


def test_a_token_that_bought_nothing_returns_once() -> None:
    begun, owed = ledgers.withdrawal_begun(
        Ledger(STREAM, stock=1), Withdrawing(PlaceId("p1"), asked("w1")), insisted=False
    )
    assert (begun.stock, owed) == (0, False)
    ended = ledgers.withdrawal_ended(begun, begun.withdrawing[0], withdrawn=False)
    assert (ended.stock, ended.withdrawing) == (1, ())
    assert ledgers.withdrawal_ended(ended, begun.withdrawing[0], withdrawn=False) is ended


def test_a_withdrawal_decides_once_about_its_place() -> None:
    held = place(PlaceState.HELD)
    decided, said = withdrawals.paid(held, asked("w1"))
    assert (decided.state, said) == (PlaceState.HELD, ())
    free_again = replace(decided, state=PlaceState.PUBLISHED_PRIORITY)
    assert withdrawals.paid(free_again, asked("w1")) == (free_again, ()), "its token has returned meanwhile"
    gone, said = withdrawals.paid(free_again, asked("w2"))
    assert (gone.state, len(said)) == (PlaceState.WITHDRAWN, 1)


def test_of_a_place_that_was_never_published_nobody_hears_the_end() -> None:
    unheard = replace(place(PlaceState.DRAFT), published_at=None)
    gone, said = withdrawals.unpaid(unheard, asked("w1"), token_owed=False)
    assert (gone.state, said) == (PlaceState.WITHDRAWN, ())


class Story:
    """One place, asked for again and again, while families hold and release it and publications open it."""

    def __init__(self, stock: int) -> None:
        self.place, self.ledger = place(PlaceState.PUBLISHED_PRIORITY), Ledger(STREAM, stock=stock)
        self.begun: list[Withdrawing] = []
        self._held_from = self.place.state

    def ask(self) -> None:
        """Somebody loads the place and pays; PLACE_PROMISED when there is nothing to pay with."""
        if places.costs_a_token(self.place):
            wanted = Withdrawing(self.place.place_id, asked(f"w{len(self.begun)}"))
            with suppress(PlacePromised):
                self.ledger, _ = ledgers.withdrawal_begun(self.ledger, wanted, insisted=False)
                self.begun.append(wanted)

    def decide(self) -> None:
        for each in self.begun:
            self.place, _ = withdrawals.paid(self.place, each.withdrawal)

    def settle(self) -> None:
        for each in self.begun:
            if each.withdrawal.withdrawal_id in self.place.withdrawals_decided:
                went = withdrawals.went_by(self.place, each.withdrawal)
                self.ledger = ledgers.withdrawal_ended(self.ledger, each, withdrawn=went)

    def hold(self) -> None:
        if self.place.state in {PlaceState.PUBLISHED_PRIORITY, PlaceState.FREE_CHOICE}:
            self._held_from, self.place = self.place.state, replace(self.place, state=PlaceState.HELD)

    def release(self) -> None:
        if self.place.state is PlaceState.HELD:
            self.place = replace(self.place, state=self._held_from)

    def open(self) -> None:
        if self.place.state is PlaceState.PUBLISHED_PRIORITY:
            self.place = replace(self.place, state=PlaceState.FREE_CHOICE)


STEPS = st.lists(st.sampled_from([Story.ask, Story.decide, Story.settle, Story.hold, Story.release, Story.open]))


@given(steps=STEPS, stock=st.integers(0, 3))
def test_what_leaves_the_stock_is_what_was_withdrawn(steps: list[Callable[[Story], None]], stock: int) -> None:
    story = Story(stock)
    for step in [*steps, Story.decide, Story.settle]:
        step(story)
    assert story.ledger.withdrawing == ()
    assert stock - story.ledger.stock == (1 if story.place.state is PlaceState.WITHDRAWN else 0)


def test_a_held_place_is_not_withdrawn() -> None:
    with pytest.raises(CannotBeWithdrawn):
        withdrawals.unpaid(place(PlaceState.HELD), asked("w1"), token_owed=False)


async def ask(
    hall: Hall, place_id: str, role: str = "clerk", *, insist: bool = False, reason: str = "closed for repairs"
) -> httpx.Response:
    """A member of staff asks for a place back."""
    headers = hall.identity.person(new_id(), role)
    body = {"reason": reason, "insist": insist}
    return await hall.served.client.post(f"/places/{place_id}:withdraw", json=body, headers=headers)


@stories
async def test_a_promised_place_goes_only_when_an_officer_insists_and_then_queue_owes_a_token(hall: Hall) -> None:
    stream = hall.new_stream()
    (place_id,) = await hall.enter(stream, 1)
    await hall.next_opening()
    for role in ("clerk", "officer"):
        answer = await ask(hall, place_id, role)
        assert (answer.status_code, answer.json()["code"]) == (409, "PLACE_PROMISED")
        assert "officer of the department may insist" in answer.json()["detail"]
    assert (await ask(hall, place_id, insist=True)).status_code == 403
    gone = await ask(hall, place_id, "officer", insist=True)
    assert (gone.status_code, gone.json()["state"]) == (200, "WITHDRAWN")
    assert (await ask(hall, place_id)).json() == gone.json()
    (fact,) = await hall.ears.wait(1, vacancy.WithdrawnV1, place_id=place_id)
    assert (fact.token_owed, fact.withdrawal_id, fact.state) == (True, gone.json()["withdrawal_id"], "WITHDRAWN")
    kept = await hall.desk.store.places.get(place_id)
    assert kept is not None
    assert kept.state.withdrawal is not None
    assert (kept.state.withdrawal.reason, kept.state.withdrawal.insisted) == ("closed for repairs", True)


@stories
async def test_a_token_in_the_stock_pays_for_a_promised_place(hall: Hall) -> None:
    stream = hall.new_stream()
    (place_id,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.end_invitation(child, await hall.invite(child), "removed")
    assert (await ask(hall, place_id)).status_code == 200
    (fact,) = await hall.ears.wait(1, vacancy.WithdrawnV1, place_id=place_id)
    assert fact.token_owed is False
    await hall.next_opening()
    await hall.ears.wait(1, vacancy.OpenedV1, stream_id=stream)
    stored = await hall.desk.store.ledgers.get(stream)
    assert stored is not None
    assert (stored.state.stock, stored.state.withdrawing) == (0, ())


@stories
async def test_a_place_in_free_choice_costs_nothing_and_a_held_one_stays(hall: Hall) -> None:
    stream = hall.new_stream()
    await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.end_invitation(child, await hall.invite(child), "lapsed")
    await hall.move(hall.now() + timedelta(days=1))
    (opened,) = await hall.ears.wait(1, vacancy.OpenedToAllV1, stream_id=stream)
    hold_id = (await hall.hold(child, opened.place_id)).json()["hold_id"]
    assert (await ask(hall, opened.place_id)).json()["code"] == "CANNOT_BE_WITHDRAWN"
    await hall.choice(referral.DeclinedV1, child, opened.place_id, hold_id)
    await hall.becomes(opened.place_id, "FREE_CHOICE")
    assert (await ask(hall, opened.place_id)).status_code == 200
    (fact,) = await hall.ears.wait(1, vacancy.WithdrawnV1, place_id=opened.place_id)
    assert fact.token_owed is False


@stories
async def test_of_a_place_withdrawn_before_its_publication_nobody_hears(hall: Hall) -> None:
    stream = hall.new_stream()
    await hall.move(hall.now() + timedelta(hours=1))
    (place_id,) = await hall.enter(stream, 1)
    assert (await ask(hall, place_id)).status_code == 200
    await hall.next_opening()
    assert await hall.ears.wait(0, vacancy.WithdrawnV1, place_id=place_id) == []
    assert hall.ears.said(vacancy.PublishedV1, place_id=place_id) == []


@stories
async def test_who_may_take_back_what_and_with_which_words(hall: Hall) -> None:
    (place_id,) = await hall.enter(hall.new_stream(), 1)
    assert (await ask(hall, place_id, "parent")).status_code == 403
    assert (await ask(hall, place_id, "preschool")).json()["code"] == "NOT_YOUR_ORGANISATION"
    assert (await ask(hall, new_id())).json()["code"] == "NO_SUCH_PLACE"
    named = await ask(hall, place_id, reason="the child 210513600001 left")
    assert (named.status_code, named.json()["fields"][0]["field"]) == (422, "body.reason")


@stories
async def test_a_withdrawal_that_was_paid_for_and_broken_off_is_ended_by_itself(hall: Hall) -> None:
    stream = hall.new_stream()
    (place_id,) = await hall.enter(stream, 1)
    (child,) = await hall.children(stream, 1)
    await hall.next_opening()
    await hall.end_invitation(child, await hall.invite(child), "refused")
    stored = await hall.desk.store.ledgers.get(stream)
    assert stored is not None
    withdrawal = replace(asked(new_id()), at=hall.now())
    paid, _ = ledgers.withdrawal_begun(stored.state, Withdrawing(PlaceId(place_id), withdrawal), insisted=False)
    await hall.desk.store.ledgers.save(stored, paid, at=hall.now(), due=hall.desk.next_look(paid, hall.now()))
    await hall.ears.wait(1, vacancy.WithdrawnV1, place_id=place_id)

    async def ended() -> bool:
        ledger = await hall.desk.store.ledgers.get(stream)
        return ledger is not None and ledger.state.withdrawing == () and ledger.state.stock == 0

    await eventually(ended)
