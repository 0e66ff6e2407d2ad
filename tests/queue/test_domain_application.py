"""An application: filing, leaving, and a status derived from what is heard in any order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.queue.domain import hearing
from services.queue.domain.actions import Action, actions
from services.queue.domain.application import (
    Actor,
    Application,
    ApplicationFact,
    Change,
    NotInvitable,
    Now,
    Privilege,
    application_number,
    privilege_class,
    settled,
    shown_invitation,
    why_not_invitable,
)
from services.queue.domain.filing import Filing, Turnstile, check_age, register, remove
from services.queue.domain.refusals import CategoryRequired, ChoiceInProgress, NotInQueue, Refusal, TooOld
from services.queue.domain.rights import Conclusion
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PersonId,
    PrivilegeClass,
    PrivilegeKind,
    QueueType,
    Status,
)

AT = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
NOW = Now(AT, date(2026, 12, 1))
MINE, OTHER = ApplicationId("a1"), ApplicationId("a2")
I1, H1 = InvitationId("i1"), HoldId("h1")


def filing(**more: object) -> Filing:
    usual = {
        "application_id": MINE,
        "child_id": ChildId("c1"),
        "filed_by": PersonId("p1"),
        "region": "almaty",
        "queue_type": QueueType.CORRECTIONAL,
        "category": Category.SPEECH,
        "group_year": 2021,
    }
    return Filing(**(usual | more))  # type: ignore[arg-type]


def registered(**more: object) -> Application:
    return register(filing(**more), Turnstile(1, AT, application_number(2026, 1)), NOW)[0]


def held(state: HoldState, made_with: ApplicationId = MINE, hold_id: HoldId = H1) -> object:
    return lambda application: hearing.hold_heard(application, hold_id, made_with, state, NOW)


def told(application: Application, *chapters: object) -> Application:
    for chapter in chapters:
        application, _ = chapter(application)  # type: ignore[operator]
    return application


def invited(application: Application) -> Change:
    return hearing.invited(application, I1, AT + timedelta(days=3), 7, NOW)


def handed_over(application: Application) -> Change:
    return hearing.notice_handed_over(application, I1, NOW)


def lapsed(application: Application) -> Change:
    return hearing.invitation_ended(application, I1, EndReason.LAPSED, NOW)


def test_a_registered_application_stands_in_its_stream_with_its_number() -> None:
    application, said = register(filing(), Turnstile(802010, AT, application_number(2021, 802010)), NOW)
    assert said == (ApplicationFact.REGISTERED,)
    assert application.application_number == "KDDO.2021.802010.1"
    assert application.stream_id == "almaty:correctional:SPEECH:2021"
    assert (application.status, application.invitable, application.registered_at) == (Status.QUEUED, True, AT)
    assert [entry.by for entry in application.history] == [Actor.GUARDIAN]


def test_the_correctional_queue_needs_a_category() -> None:
    with pytest.raises(CategoryRequired):
        register(filing(category=None), Turnstile(1, AT, "KDDO.2026.1.1"), NOW)


@pytest.mark.parametrize(("born", "refused"), [(date(2020, 9, 1), True), (date(2020, 9, 2), False)])
def test_a_child_that_turns_six_by_september_is_too_old(born: date, *, refused: bool) -> None:
    if refused:
        with pytest.raises(TooOld):
            check_age(born, 2026, 6)
    else:
        check_age(born, 2026, 6)


@pytest.mark.parametrize(
    ("confirmed_on", "valid_until", "rank"),
    [
        (None, None, "G"),
        (date(2026, 12, 1), None, "P"),
        (date(2026, 12, 2), None, "G"),
        (date(2026, 11, 1), date(2026, 12, 1), "P"),
        (date(2026, 11, 1), date(2026, 11, 30), "G"),
    ],
)
def test_a_privilege_counts_when_confirmed_and_in_date(
    confirmed_on: date | None, valid_until: date | None, rank: str
) -> None:
    privilege = Privilege(PrivilegeKind.LARGE_FAMILY, PrivilegeClass.PRIORITY, confirmed_on, valid_until)
    assert privilege_class(registered(privilege=privilege), NOW.today) == PrivilegeClass(rank)


def test_notified_means_invited_and_told_in_whichever_order() -> None:
    for order in permutations([invited, handed_over]):
        application = told(registered(), *order)
        assert application.status is Status.NOTIFIED
        shown = shown_invitation(application)
        assert shown is not None
        assert shown.queue_number == 7
    assert told(registered(), invited).status is Status.QUEUED


@given(st.permutations([invited, handed_over, lapsed]))
def test_a_lapsed_invitation_leaves_the_child_in_the_queue_with_its_date(order: list[object]) -> None:
    application = told(registered(), *order)
    assert (application.status, application.registered_at, application.invitable) == (Status.QUEUED, AT, True)


CHAPTERS = [HoldState.HELD, HoldState.TAKEN, HoldState.ENDED]


@given(st.permutations(CHAPTERS), st.lists(st.sampled_from(CHAPTERS), max_size=4))
def test_a_returned_referral_leaves_the_child_in_the_queue_in_any_order(
    order: list[HoldState], again: list[HoldState]
) -> None:
    application = told(registered(), *(held(state) for state in [*order, *again]))
    assert (application.status, application.invitable) == (Status.QUEUED, True)


def test_a_later_taken_overrides_a_lapse_visibly() -> None:
    application = told(registered(), invited, handed_over, lapsed)
    application, said = hearing.hold_heard(application, H1, MINE, HoldState.TAKEN, NOW)
    assert said == (ApplicationFact.REFERRED,)
    assert [entry.what.value for entry in application.history][-2:] == ["INVITATION_ENDED", "PLACE_TAKEN"]


def test_the_same_word_twice_changes_nothing() -> None:
    application = told(registered(), invited, handed_over, held(HoldState.HELD))
    for chapter in (invited, handed_over, held(HoldState.HELD)):
        again, said = chapter(application)  # type: ignore[operator]
        assert again is application
        assert said == ()


def test_another_application_of_the_child_is_barred_while_a_place_is_taken() -> None:
    application, said = hearing.hold_heard(registered(), H1, OTHER, HoldState.TAKEN, NOW)
    assert (application.status, application.invitable, said) == (
        Status.QUEUED,
        False,
        (ApplicationFact.STATUS_CHANGED,),
    )
    assert why_not_invitable(application, NOW.today) is NotInvitable.REFERRED_ELSEWHERE
    application, said = hearing.hold_heard(application, H1, OTHER, HoldState.ENDED, NOW)
    assert (application.invitable, said) == (True, (ApplicationFact.RESTORED,))


def test_a_new_application_knows_of_the_childs_referral() -> None:
    sibling = told(registered(), held(HoldState.TAKEN))
    other, _ = register(
        filing(application_id=OTHER, queue_type=QueueType.SANATORIUM),
        Turnstile(2, AT, "KDDO.2026.2.1"),
        NOW,
        siblings=[sibling],
    )
    assert not other.invitable


def test_an_expired_conclusion_keeps_the_number_but_not_the_invitation() -> None:
    application = registered(conclusion=Conclusion(date(2026, 12, 1)))
    assert application.invitable
    after, said = settled(application, Now(AT + timedelta(days=1), date(2026, 12, 2)))
    assert (after.status, after.invitable, said) == (Status.QUEUED, False, (ApplicationFact.STATUS_CHANGED,))


def test_removal_is_refused_while_a_choice_is_in_progress() -> None:
    choosing = told(registered(), held(HoldState.HELD))
    with pytest.raises(ChoiceInProgress):
        remove(choosing, NOW, by=Actor.GUARDIAN, last_number=3)
    free = told(choosing, held(HoldState.RELEASED))
    removed, said = remove(free, NOW, by=Actor.GUARDIAN, last_number=3)
    assert (removed.status, removed.last_number, removed.standing) == (Status.REMOVED, 3, None)
    assert said == (ApplicationFact.REMOVED,)
    assert remove(removed, NOW, by=Actor.GUARDIAN, last_number=None) == (removed, ())


STORY = [invited, handed_over, lapsed, *(held(state) for state in HoldState), held(HoldState.TAKEN, OTHER)]


@given(st.lists(st.sampled_from(STORY), max_size=8), st.booleans())
def test_the_button_to_leave_is_shown_exactly_when_leaving_would_be_accepted(
    story: list[object], leave_first: bool
) -> None:
    application = registered()
    if leave_first:
        application, _ = remove(application, NOW, by=Actor.GUARDIAN, last_number=1)
    application = told(application, *story)
    try:
        accepted = bool(remove(application, NOW, by=Actor.GUARDIAN, last_number=1)[1])
    except Refusal:
        accepted = False
    assert (Action.REMOVE in actions(application, NOW.today)) is accepted


@given(st.lists(st.sampled_from(STORY), max_size=8))
def test_the_button_to_choose_is_shown_exactly_to_those_who_may_have_a_place(story: list[object]) -> None:
    application = told(registered(), *story)
    assert (Action.CHOOSE in actions(application, NOW.today)) is application.invitable


def test_a_referred_child_is_not_removed() -> None:
    with pytest.raises(NotInQueue):
        remove(told(registered(), held(HoldState.TAKEN)), NOW, by=Actor.GUARDIAN, last_number=None)


def test_nothing_revives_a_removed_application_and_it_answers_an_invitation() -> None:
    removed, _ = remove(registered(), NOW, by=Actor.GUARDIAN, last_number=1)
    heard, said = invited(removed)
    assert (heard.status, said) == (Status.REMOVED, (ApplicationFact.STATUS_CHANGED,))
    heard = told(heard, handed_over, held(HoldState.HELD), held(HoldState.TAKEN))
    assert heard.status is Status.REMOVED
    assert shown_invitation(heard) is None


def test_the_history_only_grows() -> None:
    application = registered()
    for chapter in (invited, handed_over, held(HoldState.HELD), held(HoldState.TAKEN), held(HoldState.ENDED)):
        before = application.history
        application = told(application, chapter)
        assert application.history[: len(before)] == before
        assert len(application.history) == len(before) + 1
    assert replace(application, history=()) != application
