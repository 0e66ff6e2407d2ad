"""Papers and days: privileges, conclusions, silence, removal by a signed document, the seals of a history."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.queue.api import STATUSES
from services.queue.api.sentences import SENTENCE
from services.queue.domain import days, departure, refusals, review
from services.queue.domain.actions import Action, actions
from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Now,
    privilege_class,
    why_not_invitable,
)
from services.queue.domain.filing import check_age, check_clock, remove
from services.queue.domain.history import Happening, first_broken
from services.queue.domain.rights import Conclusion, Document, Privilege, claimed
from services.queue.domain.words import Category, HoldState, PersonId, PrivilegeClass, PrivilegeKind, QueueType, Status
from tests.queue.stories import (
    AT,
    NOW,
    TODAY,
    ended,
    filed,
    handed_over,
    held,
    invited,
    on,
    told,
)

PARENT = PersonId("p1")
WARN = 60
DAY = timedelta(days=1)


def confirmed(kind: PrivilegeKind, issued_on: date, valid_until: date | None = None) -> Application:
    document = Document("77-1", issued_on, valid_until)
    application, said = review.confirm_privilege(filed(), kind, document, NOW, Actor.CLERK, paper_days=30)
    assert said == (ApplicationFact.PRIVILEGE_CHANGED,)
    return application


def test_a_claimed_privilege_has_no_weight_until_it_is_confirmed() -> None:
    application = filed(privilege=claimed(PrivilegeKind.LARGE_FAMILY, QueueType.CORRECTIONAL))
    assert privilege_class(application, TODAY) is PrivilegeClass.GENERAL
    document = Document("77-1", TODAY)
    after, _ = review.confirm_privilege(
        application, PrivilegeKind.LARGE_FAMILY, document, NOW, Actor.CLERK, paper_days=30
    )
    assert privilege_class(after, TODAY) is PrivilegeClass.PRIORITY
    again = review.confirm_privilege(after, PrivilegeKind.LARGE_FAMILY, document, NOW, Actor.CLERK, paper_days=30)
    assert again == (after, ())


def test_a_servicemans_paper_is_good_for_thirty_days_and_then_ranks_as_general() -> None:
    application = confirmed(PrivilegeKind.MILITARY_SERVICE, TODAY - 10 * DAY)
    last = TODAY + 20 * DAY
    assert application.privilege is not None
    assert application.privilege.valid_until == last
    assert privilege_class(application, last) is PrivilegeClass.EXTRAORDINARY
    assert privilege_class(application, last + DAY) is PrivilegeClass.GENERAL
    assert days.next_day(application, WARN) == last + DAY
    after, said = days.day_came(application, on(last + DAY), WARN)
    assert said == (ApplicationFact.PRIVILEGE_CHANGED,)
    assert after.history[-1].what is Happening.PRIVILEGE_EXPIRED
    assert days.next_day(after, WARN) is None
    assert days.day_came(after, on(last + DAY), WARN) == (after, ())


@pytest.mark.parametrize(
    ("kind", "issued_on", "valid_until", "refusal"),
    [
        (PrivilegeKind.TEACHER, TODAY - 31 * DAY, None, refusals.PrivilegeExpired),
        (PrivilegeKind.LARGE_FAMILY, TODAY - 400 * DAY, TODAY - DAY, refusals.PrivilegeExpired),
        (PrivilegeKind.LARGE_FAMILY, TODAY + DAY, None, refusals.DateInTheFuture),
        (PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS, TODAY, None, refusals.PrivilegeNotHere),
    ],
)
def test_a_document_that_does_not_count_is_refused(
    kind: PrivilegeKind, issued_on: date, valid_until: date | None, refusal: type[refusals.Refusal]
) -> None:
    document = Document("77-1", issued_on, valid_until)
    with pytest.raises(refusal):
        review.confirm_privilege(filed(), kind, document, NOW, Actor.CLERK, paper_days=30)


def test_special_needs_are_no_privilege_where_everybody_has_them() -> None:
    assert claimed(PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS, QueueType.CORRECTIONAL) is None
    assert claimed(PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS, QueueType.GENERAL) is not None
    needs = Privilege(PrivilegeKind.SPECIAL_EDUCATIONAL_NEEDS, PrivilegeClass.PRIORITY, date(2025, 1, 1))
    assert filed(privilege=needs).privilege is None


def test_a_conclusion_warns_sixty_days_before_and_then_keeps_the_place_but_not_the_turn() -> None:
    document = Document("PMPK-1", date(2026, 2, 1), date(2027, 1, 31))
    application, said = review.enter_conclusion(filed(), document, Category.SPEECH, NOW, Actor.CLERK, valid_months=12)
    assert said == (ApplicationFact.CONCLUSION_CHANGED,)
    warned_on = date(2026, 12, 2)
    assert days.next_day(application, WARN) == warned_on
    application, said = days.day_came(application, on(warned_on), WARN)
    assert said == (ApplicationFact.CONCLUSION_EXPIRING,)
    assert days.day_came(application, on(warned_on), WARN)[1] == ()
    assert days.next_day(application, WARN) == date(2027, 2, 1)
    application, said = days.day_came(application, on(date(2027, 2, 1)), WARN)
    assert said == (ApplicationFact.STATUS_CHANGED,)
    assert (application.status, application.invitable, application.registered_at) == (Status.QUEUED, False, AT)
    new = Document("PMPK-2", date(2027, 1, 20))
    after, said = review.enter_conclusion(
        application, new, Category.SPEECH, on(date(2027, 2, 2)), Actor.CLERK, valid_months=12
    )
    assert said == (ApplicationFact.CONCLUSION_CHANGED, ApplicationFact.RESTORED)
    assert after.conclusion is not None
    assert (after.invitable, after.conclusion.valid_until) == (True, date(2028, 1, 19))


def test_a_conclusion_entered_late_warns_at_once_and_one_of_another_category_is_refused() -> None:
    soon = Document("PMPK-1", TODAY - 300 * DAY, TODAY + 5 * DAY)
    application, _ = review.enter_conclusion(filed(), soon, None, NOW, Actor.CLERK, valid_months=12)
    day = days.next_day(application, WARN)
    assert day is not None
    assert day <= TODAY
    assert days.day_came(application, NOW, WARN)[1] == (ApplicationFact.CONCLUSION_EXPIRING,)
    with pytest.raises(refusals.CategoryDiffers):
        review.enter_conclusion(filed(), soon, Category.VISION, NOW, Actor.CLERK, valid_months=12)
    with pytest.raises(refusals.ConclusionExpired):
        review.enter_conclusion(filed(), Document("1", TODAY - 400 * DAY), None, NOW, Actor.CLERK, valid_months=12)


def test_an_inactive_family_comes_back_once_and_in_time() -> None:
    silent = told(filed(), invited(1), handed_over(1), ended(1, inactivates=True))
    assert (silent.status, Action.REACTIVATE in actions(silent, TODAY)) == (Status.INACTIVE, True)
    with pytest.raises(refusals.TooLateToReturn):
        review.reactivate(silent, on(TODAY + 29 * DAY), 28)
    back, said = review.reactivate(silent, on(TODAY + 28 * DAY), 28)
    assert (back.status, back.registered_at, said) == (Status.QUEUED, AT, (ApplicationFact.RESTORED,))
    again = told(back, invited(2), handed_over(2), ended(2, inactivates=True))
    with pytest.raises(refusals.TooLateToReturn):
        review.reactivate(again, NOW, 28)


def test_a_removal_is_signed_over_the_document_that_was_given_to_this_parent_and_in_time() -> None:
    until = AT + timedelta(minutes=20)
    application = departure.asked(filed(), PARENT, AT, until, "n1", "almaty@2018-05-15")
    xml = departure.to_sign(application, PARENT, AT)
    assert xml.startswith('<removal xmlns="urn:zholdama:removal:1" version="1">')
    assert "KDDO.2026.1.1" in xml
    for who, moment in ((PersonId("p2"), AT), (PARENT, until)):
        with pytest.raises(refusals.NothingToSign):
            departure.to_sign(application, who, moment)
    with pytest.raises(refusals.ChoiceInProgress):
        departure.asked(told(filed(), held(1, HoldState.HELD)), PARENT, AT, until, "n1", "r")
    removed, _ = remove(application, NOW, by=Actor.GUARDIAN, last_number=364, story="s1")
    assert (removed.last_number, removed.departure, removed.history[-1].story) == (364, None, "s1")
    with pytest.raises(refusals.NotInQueue):
        departure.asked(removed, PARENT, AT, until, "n2", "r")


def test_a_history_that_was_changed_afterwards_is_found_out() -> None:
    application = told(filed(), invited(1), handed_over(1), held(1, HoldState.HELD))
    history = list(application.history)
    assert first_broken(application.application_id, history) is None
    for number, changed in (
        (0, replace(history[0], by=Actor.OFFICER)),
        (1, replace(history[1], at=history[1].at - DAY)),
        (2, replace(history[2], status=Status.REMOVED)),
    ):
        bad = [*history[:number], changed, *history[number + 1 :]]
        assert first_broken(application.application_id, bad) == number
    assert first_broken(application.application_id, [history[0], *history[2:]]) == 1
    assert first_broken("another", history) == 0


def test_time_does_not_run_backwards_in_a_history_and_a_clock_far_behind_registers_nobody() -> None:
    application, _ = invited(1)(told(filed(), held(1, HoldState.HELD)))
    earlier = on(TODAY - 3 * DAY)
    later, _ = review.link_twins(application, "t", earlier, Actor.CLERK)
    assert [each.at for each in later.history] == sorted(each.at for each in later.history)
    check_clock(AT, AT - timedelta(minutes=60), timedelta(minutes=60))
    with pytest.raises(refusals.ClockWentBack):
        check_clock(AT, AT - timedelta(minutes=61), timedelta(minutes=60))


@pytest.mark.parametrize("born", [TODAY + DAY, date(1999, 12, 31)])
def test_a_birth_date_outside_the_years_of_preschools_is_refused(born: date) -> None:
    with pytest.raises(refusals.BirthDateOutside):
        check_age(born, 2026, 6, TODAY)


def test_an_expired_conclusion_is_shown_as_the_reason() -> None:
    application = filed(conclusion=Conclusion(TODAY - DAY))
    assert why_not_invitable(application, TODAY) == "CONCLUSION_EXPIRED"
    assert application.status is Status.QUEUED


def test_every_refusal_of_the_office_has_a_status_and_a_sentence_in_both_languages() -> None:
    for code in STATUSES:
        if code in SENTENCE:
            assert all(SENTENCE[code][language].endswith(".") for language in ("kk", "ru")), code
    codes = {kind.code for kind in refusals.Refusal.__subclasses__() if kind.__module__ == refusals.__name__}
    assert codes == set(SENTENCE)


@given(
    st.lists(st.sampled_from(["conclusion", "short", "stop", "privilege", "day"]), max_size=8),
    st.lists(st.integers(0, 90), min_size=8, max_size=8),
)
@settings(max_examples=100, deadline=None)
def test_whatever_was_due_is_due_no_more_once_its_day_was_drawn(deeds: list[str], waits: list[int]) -> None:
    application, today = filed(), TODAY
    for deed, wait in zip(deeds, waits, strict=False):
        today += wait * DAY
        application = _done(application, deed, on(today))
        drawn, _ = days.day_came(application, on(today), WARN)
        after = days.next_day(drawn, WARN)
        assert after is None or after > today
        assert days.day_came(drawn, on(today), WARN) == (drawn, ())
        application = drawn if wait % 2 else application


def _done(application: Application, deed: str, now: Now) -> Application:
    paper = Document("1", now.today, now.today + (20 if deed == "short" else 200) * DAY)
    match deed:
        case "conclusion" | "short":
            return review.enter_conclusion(application, paper, None, now, Actor.CLERK, valid_months=12)[0]
        case "privilege":
            teacher = PrivilegeKind.TEACHER
            return review.confirm_privilege(application, teacher, paper, now, Actor.CLERK, paper_days=30)[0]
        case "stop" if application.status is Status.QUEUED:
            return review.stop(application, now, Actor.CLERK, "NO_SHOW", now.today + 5 * DAY, 90)[0]
        case _:
            return application
