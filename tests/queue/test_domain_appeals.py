"""The stop list and appeals: what puts a child out of the line for a time, and what brings it back."""

from datetime import date, timedelta

import pytest

from services.queue.domain import appeal as appeals
from services.queue.domain import days, refusals, review
from services.queue.domain.actions import Action, OfficeAction, actions, office_actions
from services.queue.domain.appeal import Against, AppealId, AppealState
from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
)
from services.queue.domain.filing import remove
from services.queue.domain.history import Happening
from services.queue.domain.words import HoldState, PersonId, Status
from tests.queue.stories import (
    AT,
    NOW,
    TODAY,
    filed,
    handed_over,
    held,
    invited,
    on,
    ran_out,
    returned,
    stopped,
    told,
)

PARENT = PersonId("p1")
WARN = 60
DAY = timedelta(days=1)


def test_a_referral_that_ran_out_stops_the_child_for_ten_days_and_it_returns_by_itself() -> None:
    good_until = date(2026, 11, 30)
    running_out = ran_out(1, good_until)
    application = told(filed(), held(1, HoldState.TAKEN), running_out, held(1, HoldState.ENDED), running_out)
    assert application.status is Status.STOP_LIST
    assert [each.what for each in application.history].count(Happening.STOPPED) == 1
    last = date(2026, 12, 10)
    assert days.next_day(application, WARN) == last + DAY
    assert days.day_came(application, on(last), WARN)[0].status is Status.STOP_LIST
    back, said = days.day_came(application, on(last + DAY), WARN)
    assert (back.status, back.invitable, back.registered_at, said) == (
        Status.QUEUED,
        True,
        AT,
        (ApplicationFact.RESTORED,),
    )


@pytest.mark.parametrize(("heard", "until"), [(0, date(2026, 12, 10)), (9, date(2026, 12, 10)), (10, None)])
def test_a_referral_that_ran_out_is_heard_late_and_the_stop_is_no_longer_for_it(heard: int, until: date | None) -> None:
    taken = told(filed(), held(1, HoldState.TAKEN))
    after, _ = review.referral_ran_out(taken, on(TODAY + heard * DAY), "r1", date(2026, 11, 30), 10)
    assert (after.stop.until if after.stop else None) == until
    assert (after is taken) == (until is None)


def test_a_referral_that_ran_out_does_not_shorten_a_longer_stop_of_the_office() -> None:
    for days_ahead, until in ((20, TODAY + 20 * DAY), (5, TODAY + 9 * DAY)):
        application = told(filed(), stopped(days_ahead), ran_out(1), ran_out(1))
        assert application.stop is not None
        assert application.stop.until == until
        assert [each.what for each in application.history].count(Happening.STOPPED) == 2


def test_a_refused_application_is_reviewed_again_after_an_appeal_only() -> None:
    refused = told(
        filed(is_reviewed=True),
        lambda each: review.review_begins(each, NOW, Actor.CLERK),
        lambda each: review.refuse(each, NOW, Actor.CLERK, "WRONG_DISTRICT"),
    )
    with pytest.raises(refusals.NoSuchStep):
        review.review_begins(refused, NOW, Actor.CLERK)


def test_a_returned_referral_is_the_familys_deed_and_one_that_ran_out_is_not() -> None:
    taken = told(filed(), held(1, HoldState.TAKEN))
    assert [told(taken, chapter).history[-1].by for chapter in (returned(1), held(1, HoldState.ENDED))] == [
        Actor.GUARDIAN,
        Actor.SYSTEM,
    ]


def test_who_is_in_the_stop_list_has_no_button_to_choose_and_may_leave_or_appeal() -> None:
    application = told(filed(), invited(1), handed_over(1), stopped(5))
    assert application.status is Status.STOP_LIST
    assert actions(application, TODAY) == (Action.REMOVE,)
    assert appeals.can_be_against(application) == (Against.STOP_LIST,)
    assert OfficeAction.LIFT in office_actions(application)
    for until in (-1, 91):
        with pytest.raises(refusals.DayNotAhead):
            stopped(until)(filed())


def appealed(application: Application, against: Against) -> appeals.Appeal:
    return appeals.opened(
        AppealId("ap1"), application, against, PARENT, AT, due=AT + 7 * DAY, freezes=False, rules="r", words=None
    )[0]


def test_an_appeal_is_against_what_is_and_answered_once_by_a_named_role() -> None:
    with pytest.raises(refusals.NothingToAppeal):
        appealed(filed(), Against.REMOVAL)
    appeal = appealed(filed(), Against.NUMBER)
    assert not appeals.is_late(appeal, AT)
    assert appeals.is_late(appeal, AT + 7 * DAY)
    decided, said = appeals.answered(appeal, granted=True, by=PARENT, role="officer", reason="RIGHT", at=AT)
    assert (decided.state, decided.decided_as, decided.open_about, len(said)) == (
        AppealState.GRANTED,
        "officer",
        None,
        1,
    )
    assert appeals.answered(decided, granted=True, by=PARENT, role="officer", reason="X", at=AT) == (decided, ())
    with pytest.raises(refusals.AppealAnswered):
        appeals.answered(decided, granted=False, by=PARENT, role="officer", reason="X", at=AT)


def test_a_granted_appeal_takes_effect_once() -> None:
    stop = told(filed(), stopped(5))
    story = appealed(stop, Against.STOP_LIST).stop_story
    back, said = appeals.answer_heard(stop, AppealId("a"), Against.STOP_LIST, NOW, granted=True, stop_story=story)
    assert (back.status, said) == (Status.QUEUED, (ApplicationFact.RESTORED,))
    repeated = appeals.answer_heard(back, AppealId("a"), Against.STOP_LIST, NOW, granted=True, stop_story=story)
    assert repeated == (back, ())
    removed, _ = remove(filed(), NOW, by=Actor.GUARDIAN, last_number=3)
    back, _ = appeals.answer_heard(removed, AppealId("a"), Against.REMOVAL, NOW, granted=True)
    assert (back.status, back.standing, back.registered_at) == (Status.QUEUED, filed().standing, AT)
    rejected, said = appeals.answer_heard(removed, AppealId("a"), Against.REMOVAL, NOW, granted=False)
    assert (rejected.status, said) == (Status.REMOVED, ())
    refused = told(
        filed(is_reviewed=True),
        lambda each: review.review_begins(each, NOW, Actor.CLERK),
        lambda each: review.refuse(each, NOW, Actor.CLERK, "WRONG_DISTRICT"),
    )
    again, _ = appeals.answer_heard(refused, AppealId("a"), Against.REFUSAL, NOW, granted=True)
    assert (again.status, again.registered_at) == (Status.UNDER_REVIEW, AT)


def test_an_appeal_granted_late_lifts_only_the_stop_it_was_against() -> None:
    first = told(filed(), stopped(5))
    story = appealed(first, Against.STOP_LIST).stop_story
    lifted, _ = review.stop_ends(first, NOW, Actor.OFFICER, "MISTAKE")
    second = told(lifted, ran_out(1))
    after, said = appeals.answer_heard(second, AppealId("ap1"), Against.STOP_LIST, NOW, granted=True, stop_story=story)
    assert (after.status, after.stop, said) == (Status.STOP_LIST, second.stop, ())
    assert after.history[-1].what is Happening.APPEAL_GRANTED


def test_who_is_restored_follows_at_once_what_was_heard_meanwhile() -> None:
    removed, _ = remove(filed(), NOW, by=Actor.GUARDIAN, last_number=3)
    removed = told(removed, held(1, HoldState.TAKEN))
    back, said = appeals.answer_heard(removed, AppealId("a"), Against.REMOVAL, NOW, granted=True)
    assert (back.status, said) == (Status.REFERRED, (ApplicationFact.RESTORED, ApplicationFact.REFERRED))
    assert [(line.status, line.by) for line in back.history[-2:]] == [
        (Status.QUEUED, Actor.OFFICER),
        (Status.REFERRED, Actor.SYSTEM),
    ]
