"""The decisions about places, ledgers and candidates."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.vacancy.domain import candidate as candidates
from services.vacancy.domain import ledger as ledgers
from services.vacancy.domain import place as places
from services.vacancy.domain.candidate import ApplicationFacts, Candidate, KnownInvitation
from services.vacancy.domain.ledger import Ledger
from services.vacancy.domain.place import Hold, Place, Publication
from services.vacancy.domain.refusals import (
    CannotBeWithdrawn,
    NoSuchPlace,
    NotInQueue,
    NotInvited,
    NotYourChild,
    PlacePromised,
    PlaceTaken,
    Refusal,
    WindowOver,
)
from services.vacancy.domain.words import (
    ApplicationId,
    ChildId,
    EndReason,
    HoldId,
    InvitationId,
    Language,
    Mode,
    OrganisationId,
    PersonId,
    PlaceId,
    PlaceState,
    PlaceType,
    PublicationId,
    StreamId,
    WithdrawalId,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
STREAM = StreamId("almaty:correctional:SPEECH:2021")
MINE, CHILD, I1, H1 = ApplicationId("a1"), ChildId("c1"), InvitationId("i1"), HoldId("h1")


def place(number: int = 1, state: PlaceState = PlaceState.DRAFT, published: int = 0) -> Place:
    return Place(
        place_id=PlaceId(f"p{number}"),
        organisation_id=OrganisationId("o1"),
        stream_id=STREAM,
        group_year=2021,
        language=Language.KK,
        place_type=PlaceType.GENERAL_USE,
        entered_at=NOW,
        state=state,
        published_at=NOW + timedelta(days=published),
    )


def on(day: int) -> Publication:
    at = NOW + timedelta(days=day)
    return Publication(PublicationId(f"pub{day}"), at.date(), at)


def asked(mode: Mode = Mode.PRIORITY, hold_id: HoldId = H1, application_id: ApplicationId = MINE) -> Hold:
    return Hold(hold_id, application_id, CHILD, PersonId("p1"), mode, NOW, NOW + timedelta(minutes=20), I1, 1)


def held(mode: Mode = Mode.PRIORITY) -> Place:
    state = PlaceState.PUBLISHED_PRIORITY if mode is Mode.PRIORITY else PlaceState.FREE_CHOICE
    return places.hold(place(state=state), asked(mode))[0]


class TestPlace:
    def test_the_same_child_asking_again_keeps_its_hold_and_another_is_refused(self) -> None:
        once = held()
        assert places.hold(once, asked(hold_id=HoldId("h2"))) == (once, ())
        with pytest.raises(PlaceTaken):
            places.hold(once, asked(application_id=ApplicationId("a2")))

    def test_a_place_is_held_only_in_the_mode_it_is_open_in(self) -> None:
        for state in (PlaceState.DRAFT, PlaceState.FREE_CHOICE, PlaceState.WITHDRAWN):
            with pytest.raises(NoSuchPlace):
                places.hold(place(state=state), asked(Mode.PRIORITY))

    @pytest.mark.parametrize("mode", list(Mode))
    def test_a_released_place_is_open_as_before(self, mode: Mode) -> None:
        free, _ = places.release(held(mode), H1, "expired")
        assert (free.mode, free.hold, free.occupied_by) == (mode, None, None)

    def test_the_word_about_another_hold_changes_nothing(self) -> None:
        other = HoldId("h9")
        once = held()
        taken, _ = places.take(once, H1)
        assert places.release(once, other, "expired") == (once, ())
        assert places.take(once, other) == (once, ())
        assert places.vacate(taken, other) == (taken, ())

    def test_a_taken_place_is_never_released_and_a_held_one_never_vacated(self) -> None:
        taken, _ = places.take(held(), H1)
        assert places.release(taken, H1, "expired") == (taken, ())
        assert places.vacate(held(), H1) == (held(), ())

    def test_a_vacated_place_waits_for_a_publication_of_a_later_day(self) -> None:
        published, _ = places.publish(place(), on(1))
        once, _ = places.hold(published, asked())
        vacated, _ = places.vacate(places.take(once, H1)[0], H1)
        assert (vacated.state, vacated.occupied_by) == (PlaceState.DRAFT, None)
        assert places.publish(vacated, on(1)) == (vacated, ())
        assert places.publish(vacated, on(2))[0].state is PlaceState.PUBLISHED_PRIORITY

    def test_a_publication_decides_once_whether_a_place_opens(self) -> None:
        passed, said = places.open_to_all(held(), on(1))
        assert said == ()
        free, _ = places.release(passed, H1, "declined")
        assert places.open_to_all(free, on(1)) == (free, ())
        assert places.open_to_all(free, on(2))[0].state is PlaceState.FREE_CHOICE

    @pytest.mark.parametrize("state", [PlaceState.HELD, PlaceState.TAKEN, PlaceState.WITHDRAWN])
    def test_a_held_or_taken_place_is_not_withdrawn(self, state: PlaceState) -> None:
        with pytest.raises(CannotBeWithdrawn):
            places.withdraw(place(state=state), WithdrawalId("w1"), token_owed=False)


class TestRefusal:
    @pytest.mark.parametrize("refusal", Refusal.__subclasses__())
    def test_every_refusal_says_in_one_sentence_why(self, refusal: type[Refusal]) -> None:
        detail = str(refusal())
        assert detail != Refusal.detail
        assert detail[0].isupper()
        assert detail.index(".") == len(detail) - 1


class TestLedger:
    def publication(self, ledger: Ledger, day: int = 1, *, drafts: int = 0, open_now: int = 0) -> tuple[Ledger, int]:
        """The ledger after a publication that found so many drafts and open places, and its tokens."""
        found = [place(n) for n in range(drafts)]
        priority = [place(n, PlaceState.PUBLISHED_PRIORITY) for n in range(open_now)]
        planned = ledgers.planned(ledger, on(day), publishes=True, drafts=found, priority=priority)
        assert planned.plan is not None
        after, said = ledgers.completed(planned, planned.plan, published=drafts, opened=len(planned.plan.to_open))
        return after, said.n if said else 0

    def test_new_places_and_the_stock_go_out_together(self) -> None:
        ledger, n = self.publication(Ledger(STREAM, stock=2), drafts=3)
        assert (n, ledger.stock) == (5, 0)

    def test_a_debt_is_paid_by_the_next_new_places(self) -> None:
        assert self.publication(Ledger(STREAM, stock=-1), drafts=3)[1] == 2
        ledger, n = self.publication(Ledger(STREAM, to_open=-2), drafts=1)
        assert (ledger.to_open, n) == (-1, 0)

    def test_the_oldest_open_places_are_given_to_all(self) -> None:
        priority = [place(n, PlaceState.PUBLISHED_PRIORITY, published=-n) for n in range(1, 4)]
        planned = ledgers.planned(Ledger(STREAM, to_open=2), on(1), publishes=True, drafts=[], priority=priority)
        assert planned.plan is not None
        assert planned.plan.to_open == ("p3", "p2")

    def test_what_cannot_be_opened_today_is_still_owed(self) -> None:
        ledger, _ = self.publication(Ledger(STREAM, to_open=2), open_now=1)
        assert ledger.to_open == 1

    def test_a_day_off_opens_places_and_publishes_none(self) -> None:
        ledger = Ledger(STREAM, stock=1, to_open=1)
        open_now = [place(1, PlaceState.PUBLISHED_PRIORITY)]
        planned = ledgers.planned(ledger, on(5), publishes=False, drafts=[place(2)], priority=open_now)
        assert planned.plan is not None
        assert (planned.plan.to_publish, planned.plan.to_open) == ((), ("p1",))
        after, said = ledgers.completed(planned, planned.plan, published=0, opened=1)
        assert (after.stock, after.to_open, said) == (1, 0, None)

    def test_a_day_is_never_done_twice_and_a_plan_under_way_is_finished_first(self) -> None:
        done, _ = self.publication(Ledger(STREAM), drafts=1)
        assert ledgers.planned(done, on(1), publishes=True, drafts=[place(2)], priority=[]) is done
        under_way = ledgers.planned(done, on(2), publishes=True, drafts=[place(2)], priority=[])
        assert ledgers.planned(under_way, on(3), publishes=True, drafts=[], priority=[]) is under_way
        assert under_way.plan is not None
        finished, _ = ledgers.completed(under_way, under_way.plan, published=1, opened=0)
        assert ledgers.completed(finished, under_way.plan, published=1, opened=0) == (finished, None)

    @pytest.mark.parametrize(
        ("reason", "stock", "to_open"),
        [
            (EndReason.USED, 0, 0),
            (EndReason.PLACE_WITHDRAWN, 0, 0),
            (EndReason.LAPSED, 0, 1),
            (EndReason.REFUSED, 1, 0),
            (EndReason.REMOVED, 1, 0),
            (EndReason.INELIGIBLE, 1, 0),
            (EndReason.TOOK_FREE_CHOICE, 1, 0),
        ],
    )
    def test_the_reason_says_where_the_token_goes_and_a_reclaim_undoes_it(
        self, reason: EndReason, stock: int, to_open: int
    ) -> None:
        ended = ledgers.invitation_ended(Ledger(STREAM), I1, reason)
        assert (ended.stock, ended.to_open) == (stock, to_open)
        assert ledgers.invitation_ended(ended, I1, reason) is ended
        reclaimed = ledgers.token_reclaimed(ended, H1, reason)
        owed = -1 if reason is EndReason.PLACE_WITHDRAWN else 0
        assert (reclaimed.stock, reclaimed.to_open) == (owed, 0)
        assert ledgers.token_reclaimed(reclaimed, H1, reason) is reclaimed

    def test_withdrawing_a_promised_place_costs_a_token_or_needs_insisting(self) -> None:
        paid, owed = ledgers.spend_on_withdrawal(Ledger(STREAM, stock=1), WithdrawalId("w1"), insisted=False)
        assert (paid.stock, owed) == (0, False)
        with pytest.raises(PlacePromised):
            ledgers.spend_on_withdrawal(paid, WithdrawalId("w2"), insisted=False)
        assert ledgers.spend_on_withdrawal(paid, WithdrawalId("w2"), insisted=True) == (paid, True)


class TestCandidate:
    facts = ApplicationFacts(MINE, STREAM, live=True, invitable=True, sequence=3)
    invitation = KnownInvitation(I1, MINE, STREAM, NOW + timedelta(days=3), 1)
    known = candidates.invited(candidates.application_heard(Candidate(CHILD), facts), invitation)
    priority = place(state=PlaceState.PUBLISHED_PRIORITY)
    free = place(state=PlaceState.FREE_CHOICE)

    def test_an_older_fact_about_an_application_is_passed_over(self) -> None:
        gone = replace(self.facts, live=False)
        assert candidates.application_heard(self.known, replace(gone, sequence=3)) is self.known
        newer = candidates.application_heard(self.known, replace(gone, sequence=7))
        assert newer.applications[0].live is False

    def test_an_end_heard_first_keeps_an_invitation_from_living(self) -> None:
        known = candidates.application_heard(Candidate(CHILD), self.facts)
        known = candidates.invited(candidates.invitation_ended(known, I1), self.invitation)
        with pytest.raises(NotInvited):
            candidates.right_to(known, MINE, self.priority, NOW)

    def test_the_right_is_by_turn_until_the_deadline_or_free(self) -> None:
        right = candidates.right_to(self.known, MINE, self.priority, NOW)
        assert (right.mode, right.invitation) == (Mode.PRIORITY, self.invitation)
        assert candidates.right_to(self.known, MINE, self.free, NOW).mode is Mode.FREE_CHOICE
        with pytest.raises(WindowOver):
            candidates.right_to(self.known, MINE, self.priority, NOW + timedelta(days=3))

    def test_a_longer_window_counts_whenever_it_is_heard_and_never_becomes_shorter(self) -> None:
        later = NOW + timedelta(days=5)
        start = candidates.application_heard(Candidate(CHILD), self.facts)
        words = {
            "invited": lambda known: candidates.invited(known, self.invitation),
            "prolonged": lambda known: candidates.prolonged(known, I1, later),
            "an older prolongation": lambda known: candidates.prolonged(known, I1, NOW + timedelta(days=4)),
        }
        for order in permutations([*words, "invited"]):
            known = start
            for word in order:
                known = words[word](known)
            assert candidates.right_to(known, MINE, self.priority, later - timedelta(seconds=1)).invitation
            with pytest.raises(WindowOver):
                candidates.right_to(known, MINE, self.priority, later)

    def test_a_longer_window_does_not_revive_an_invitation_that_ended(self) -> None:
        over = candidates.invitation_ended(self.known, I1)
        assert candidates.prolonged(over, I1, NOW + timedelta(days=5)) is over

    def test_a_taken_place_spends_every_invitation(self) -> None:
        with pytest.raises(WindowOver):
            candidates.right_to(candidates.place_taken(self.known), MINE, self.priority, NOW)

    @pytest.mark.parametrize(
        ("known", "application_id", "wanted", "refusal"),
        [
            (known, ApplicationId("a9"), priority, NotYourChild),
            (known, MINE, replace(priority, stream_id=StreamId("other")), NoSuchPlace),
            (known, MINE, place(state=PlaceState.DRAFT), NoSuchPlace),
            (known, MINE, held(), PlaceTaken),
            (replace(known, applications=(replace(facts, live=False),)), MINE, priority, NotInQueue),
            (replace(known, applications=(replace(facts, invitable=False),)), MINE, free, NotInQueue),
            (replace(known, invitations=()), MINE, priority, NotInvited),
        ],
    )
    def test_each_refusal_has_its_reason(
        self, known: Candidate, application_id: ApplicationId, wanted: Place, refusal: type[Refusal]
    ) -> None:
        with pytest.raises(refusal):
            candidates.right_to(known, application_id, wanted, NOW)
