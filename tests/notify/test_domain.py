"""The rules of telling a family, without any engine."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notify.domain.message import (
    Channel,
    Kind,
    Language,
    Message,
    PersonId,
    Progress,
    State,
    delivery_id,
    message_id,
    place_withdrawn,
    turn_came,
)
from services.notify.domain.sending import (
    BACK_OFF,
    CONTACT_GONE,
    NO_CONTACTS,
    NO_LONGER_TRUE,
    TOO_LATE,
    UNKNOWN_SETTLES,
    Accepted,
    Failed,
    HandedOver,
    Job,
    Key,
    Outcome,
    Recipient,
    Refused,
    Step,
    TryAgain,
    Unknown,
    begin_round,
    finish_round,
    longer,
    no_longer_true,
    postpone,
    too_late,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOTHER, FATHER = PersonId("mother"), PersonId("father")
FAMILY = (
    Recipient(MOTHER, Language.KK, ("mother@example.kz",), ("+77010000001", "+77010000002")),
    Recipient(FATHER, Language.RU, ("father@example.kz",), ()),
)


def turn(at: datetime = NOW) -> Message:
    """A turn that came, to be told for three days."""
    return turn_came(
        invitation_id="i",
        application_id="a",
        child_id="c",
        queue_number=364,
        places_open=5,
        deadline=at + timedelta(days=3),
        at=at,
    )[1]


def round_of(
    message: Message, outcome: Callable[[Job], Outcome], now: datetime = NOW, family: tuple[Recipient, ...] = FAMILY
) -> tuple[Step, tuple[Job, ...]]:
    """One whole round."""
    begun, jobs = begin_round(message, family, now, "0")
    return finish_round(begun, {job.key: outcome(job) for job in jobs}, now, HOUR), jobs


def taken(job: Job) -> Outcome:
    """A provider that takes everything."""
    return Accepted(f"{job.channel}-{job.slot}")


def test_every_guardian_is_told_by_every_address_in_their_own_language() -> None:
    step, jobs = round_of(turn(), taken)
    assert {(job.key, job.language) for job in jobs} == {
        ((MOTHER, Channel.EMAIL, 0), Language.KK),
        ((MOTHER, Channel.SMS, 0), Language.KK),
        ((MOTHER, Channel.SMS, 1), Language.KK),
        ((FATHER, Channel.EMAIL, 0), Language.RU),
    }
    assert step.message.state is State.HANDED_OVER
    assert step.said == HandedOver((Channel.EMAIL, Channel.SMS))
    assert step.due is None


def test_the_intent_is_in_the_message_before_anything_is_sent() -> None:
    begun, jobs = begin_round(turn(), FAMILY, NOW, "0")
    assert begun.state is State.SENDING
    assert [each.progress for each in begun.deliveries] == [Progress.SENDING] * len(jobs)
    assert not any(job.repeat for job in jobs)


def test_a_round_that_broke_off_is_repeated_as_a_repeat() -> None:
    begun, first = begin_round(turn(), FAMILY, NOW, "0")
    _, again = begin_round(begun, FAMILY, NOW + timedelta(minutes=1), "0")
    assert {job.key for job in first} == {job.key for job in again}
    assert all(job.repeat for job in again)


def test_one_channel_that_accepts_is_enough_and_the_others_are_tried_on() -> None:
    step, _ = round_of(turn(), lambda job: taken(job) if job.channel is Channel.EMAIL else TryAgain("sms_throttled"))
    assert step.said == HandedOver((Channel.EMAIL,))
    assert step.due == NOW + BACK_OFF[0]
    later, jobs = round_of(step.message, taken, NOW + BACK_OFF[0])
    assert {job.channel for job in jobs} == {Channel.SMS}
    assert later.said is None
    assert later.due is None


def test_what_may_still_be_taken_is_left_alone_for_a_while() -> None:
    step, _ = round_of(turn(), lambda _: Unknown("sms_no_answer"))
    assert step.due == NOW + UNKNOWN_SETTLES
    assert step.message.may_have_reached_somebody


def test_a_message_that_nobody_takes_for_an_hour_is_reported_once_and_tried_on() -> None:
    message, now, said = turn(), NOW, []
    while now < NOW + 3 * HOUR:
        step, _ = round_of(message, lambda _: TryAgain("mail_unreachable"), now)
        said += [step.said] if step.said else []
        assert step.due is not None
        message, now = step.message, step.due
    assert said == [Failed((Channel.EMAIL, Channel.SMS), "mail_unreachable")]
    assert message.state is State.FAILED
    step, _ = round_of(message, taken, now)
    assert step.said == HandedOver((Channel.EMAIL, Channel.SMS))


def test_the_report_comes_after_an_hour_and_not_later() -> None:
    step, _ = round_of(turn(), lambda _: Refused("mail_recipient"))
    assert (step.said, step.due) == (None, NOW + HOUR)
    step, jobs = round_of(step.message, taken, NOW + HOUR)
    assert jobs == ()
    assert step.said == Failed((Channel.EMAIL, Channel.SMS), "mail_recipient")
    assert step.due is None


def test_a_family_without_contacts_is_asked_for_again_and_reported() -> None:
    step, _ = round_of(turn(), taken, family=())
    assert step.due == NOW + BACK_OFF[0]
    step, _ = round_of(step.message, taken, NOW + HOUR, family=())
    assert step.said == Failed((), NO_CONTACTS)
    step, _ = round_of(step.message, taken, NOW + 2 * HOUR)
    assert isinstance(step.said, HandedOver)


def test_contacts_that_cannot_be_had_postpone_and_lose_nothing() -> None:
    step = postpone(turn(), "auth_unreachable", NOW, HOUR)
    assert (step.said, step.due) == (None, NOW + BACK_OFF[0])
    step, _ = round_of(step.message, taken, NOW + BACK_OFF[0])
    assert isinstance(step.said, HandedOver)


def test_what_is_no_longer_true_is_dropped_without_a_word() -> None:
    step = no_longer_true(turn())
    assert (step.message.state, step.message.reason) == (State.DROPPED, NO_LONGER_TRUE)
    assert (step.said, step.due) == (None, None)


def test_a_turn_that_ended_after_it_was_told_stays_told() -> None:
    told, _ = round_of(turn(), taken)
    step = no_longer_true(told.message)
    assert step.message == told.message


def test_a_message_already_on_its_way_when_it_ceased_to_be_true_is_booked_as_told() -> None:
    begun, jobs = begin_round(turn(), FAMILY, NOW, "0")
    ended = no_longer_true(begun).message
    step = finish_round(ended, {job.key: taken(job) for job in jobs}, NOW, HOUR)
    assert step.message.state is State.HANDED_OVER
    assert isinstance(step.said, HandedOver)
    assert step.due is None


def test_a_message_on_its_way_that_was_not_taken_stays_dropped() -> None:
    begun, jobs = begin_round(turn(), FAMILY, NOW, "0")
    ended = no_longer_true(begun).message
    step = finish_round(ended, {job.key: TryAgain("mail_unreachable") for job in jobs}, NOW, HOUR)
    assert (step.message.state, step.said, step.due) == (State.DROPPED, None, None)


def test_a_turn_with_a_longer_window_is_told_for_longer_and_never_for_shorter() -> None:
    later = turn().true_until + timedelta(days=1)
    step = longer(turn(), later, NOW)
    assert (step.message.true_until, step.due, step.said) == (later, NOW, None)
    assert longer(step.message, turn().true_until, NOW).message is step.message
    told, _ = round_of(turn(), taken)
    assert longer(told.message, later, NOW).due is None
    dropped = no_longer_true(turn()).message
    assert longer(dropped, later, NOW).message is dropped


def test_a_turn_whose_time_ran_out_untold_is_reported() -> None:
    step = too_late(turn())
    assert step.message.state is State.DROPPED
    assert step.said == Failed((), TOO_LATE)
    assert too_late(step.message).said is None


def test_a_number_that_was_taken_away_is_not_waited_for() -> None:
    step, _ = round_of(turn(), lambda job: taken(job) if job.channel is Channel.EMAIL else TryAgain("sms_throttled"))
    without = tuple(replace(each, phones=()) for each in FAMILY)
    step, jobs = round_of(step.message, taken, NOW + HOUR, family=without)
    assert jobs == ()
    assert {each.reason for each in step.message.deliveries if each.channel is Channel.SMS} == {CONTACT_GONE}
    assert step.due is None


def test_a_telephone_that_two_guardians_share_rings_once() -> None:
    shared = tuple(replace(each, language=Language.KK, phones=("+77010000009",)) for each in FAMILY)
    step, jobs = round_of(
        turn(), lambda job: taken(job) if job.channel is Channel.SMS else TryAgain("x"), family=shared
    )
    assert [job.person_id for job in jobs if job.channel is Channel.SMS] == [MOTHER]
    _, later = round_of(step.message, taken, NOW + HOUR, family=shared)
    assert {job.channel for job in later} == {Channel.EMAIL}


def test_a_guardian_linked_meanwhile_is_told_too() -> None:
    step, _ = round_of(turn(), lambda _: TryAgain("mail_unreachable"), family=FAMILY[:1])
    step, _ = round_of(step.message, taken, NOW + HOUR)
    assert {each.person_id for each in step.message.accepted} == {MOTHER, FATHER}


def test_ids_follow_from_the_story_so_that_a_repeat_meets_the_same_message() -> None:
    assert message_id(Kind.TURN_CAME, "i") == message_id(Kind.TURN_CAME, "i")
    ids = {message_id(kind, story) for kind in Kind for story in ("i", "j")}
    assert len(ids) == 2 * len(Kind)
    one = message_id(Kind.TURN_CAME, "i")
    deliveries = {
        delivery_id(one, person, channel, n) for person in (MOTHER, FATHER) for channel in Channel for n in (0, 1)
    }
    assert len(deliveries) == 8
    assert place_withdrawn(invitation_id="i", application_id="a", child_id="c", at=NOW)[0] != one


def test_addresses_are_in_no_representation() -> None:
    _, jobs = begin_round(turn(), FAMILY, NOW, "0")
    shown = repr(FAMILY) + repr(jobs)
    assert "example.kz" not in shown
    assert "+7701" not in shown


OUTCOMES = st.sampled_from([Accepted("x"), TryAgain("t"), Unknown("u"), Refused("r")])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(OUTCOMES, min_size=4, max_size=4), min_size=1, max_size=8), st.integers(0, 9))
def test_whatever_providers_answer_nothing_is_sent_twice_after_it_was_taken(
    rounds: list[list[Outcome]], ends_after: int
) -> None:
    message, now, words = turn(), NOW, []
    accepted: set[Key] = set()
    for n, answers in enumerate(rounds):
        if n == ends_after:
            message = no_longer_true(message).message
            break
        begun, jobs = begin_round(message, FAMILY, now, "0")
        assert not accepted & {job.key for job in jobs}
        outcomes = dict(zip((job.key for job in jobs), answers, strict=False))
        accepted |= {key for key, outcome in outcomes.items() if isinstance(outcome, Accepted)}
        step = finish_round(begun, outcomes, now, HOUR)
        words += [step.said] if step.said else []
        message = step.message
        if step.due is None:
            break
        now = step.due
    assert sum(isinstance(word, HandedOver) for word in words) == bool(accepted)
    assert sum(isinstance(word, Failed) for word in words) <= 1
    assert (message.state is State.HANDED_OVER) == bool(accepted)


@pytest.mark.parametrize("outcome", [Accepted("x"), Refused("r")])
def test_a_message_with_nothing_open_is_due_no_more_once_reported(outcome: Outcome) -> None:
    step, _ = round_of(turn(NOW - 2 * HOUR), lambda _: outcome)
    assert step.due is None
