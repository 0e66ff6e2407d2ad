"""One table of steps: the code takes no other, the page and the history tell the same."""

import ast
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import services.queue
from contracts import queue
from contracts.fields import Status as PublicStatus
from services.queue import events
from services.queue.api.labels import STATUS, process_state
from services.queue.domain import appeal, days, review
from services.queue.domain.appeal import Against, AppealId
from services.queue.domain.application import Application, ApplicationFact, Change, moved
from services.queue.domain.filing import remove, removed_before
from services.queue.domain.history import first_broken
from services.queue.domain.refusals import NoSuchStep, Refusal
from services.queue.domain.statuses import HEARING, LEAVABLE, STEPS, Actor, page
from services.queue.domain.words import LIVE, OVER, EndReason, HoldState, Status
from tests.queue.stories import (
    NOW,
    TODAY,
    Chapter,
    ended,
    filed,
    handed_over,
    held,
    invited,
    on,
    ran_out,
    returned,
    stopped,
)

ROOM = Path(services.queue.__file__).parent

HEARD: list[Chapter] = [
    *(chapter(n) for n in (1, 2) for chapter in (invited, handed_over, ended, ran_out)),
    ended(1, inactivates=True),
    ended(1, EndReason.USED),
    *(held(n, state) for n in (1, 2) for state in HoldState),
    returned(1),
]


def begins(by: Actor = Actor.CLERK) -> Chapter:
    return lambda each: review.review_begins(each, NOW, by)


def accepted(by: Actor = Actor.CLERK) -> Chapter:
    return lambda each: review.accept(each, NOW, by)


def refused(by: Actor = Actor.CLERK) -> Chapter:
    return lambda each: review.refuse(each, NOW, by, "WRONG_DISTRICT")


def leaves(by: Actor = Actor.GUARDIAN) -> Chapter:
    return lambda each: remove(each, NOW, by=by, last_number=4)


def lifted(each: Application) -> Change:
    return review.stop_ends(each, NOW, Actor.OFFICER, "LIFTED")


def comes_back(each: Application) -> Change:
    return review.reactivate(each, NOW, 28)


def next_year(each: Application) -> Change:
    return days.day_came(each, on(TODAY.replace(year=2027)), 60)


def answered(against: Against, *, granted: bool) -> Chapter:
    """An appeal against what is so now."""
    appeal_id = AppealId(f"{against}{granted}")
    return lambda each: appeal.answer_heard(
        each, appeal_id, against, NOW, granted=granted, stop_story=each.stop.story if each.stop else None
    )


DEEDS: list[Chapter] = [
    *(deed(by) for by in (Actor.CLERK, Actor.OFFICER) for deed in (begins, accepted, refused, leaves)),
    *(stopped(5, by) for by in (Actor.CLERK, Actor.OFFICER)),
    leaves(),
    lifted,
    comes_back,
    next_year,
    *(answered(against, granted=granted) for against in Against for granted in (True, False)),
]

NOTIFIED: list[Chapter] = [invited(1), handed_over(1)]
RESTORED = answered(Against.REMOVAL, granted=True)


@given(st.booleans(), st.lists(st.sampled_from([*HEARD, *HEARD, *DEEDS]), max_size=14))
@example(is_reviewed=False, story=[stopped(5), answered(Against.STOP_LIST, granted=True)])
@example(is_reviewed=False, story=[leaves(Actor.OFFICER)])
@example(is_reviewed=False, story=[*NOTIFIED, stopped(5), lifted])
@example(is_reviewed=False, story=[*NOTIFIED, ended(1, inactivates=True), invited(2), handed_over(2), comes_back])
@example(is_reviewed=False, story=[*NOTIFIED, ended(1, inactivates=True), held(1, HoldState.TAKEN)])
@example(is_reviewed=False, story=[held(1, HoldState.ENROLLED), returned(1)])
@example(is_reviewed=False, story=[leaves(), held(1, HoldState.TAKEN), RESTORED, stopped(5)])
@example(is_reviewed=True, story=[ran_out(1), begins(), accepted(), held(1, HoldState.HELD)])
@example(is_reviewed=True, story=[begins(), refused(), begins()])
@settings(max_examples=150, deadline=None)
def test_whatever_happens_only_steps_of_the_table_are_taken_and_each_is_written_down(
    is_reviewed: bool, story: list[Chapter]
) -> None:
    application = filed(is_reviewed=is_reviewed)
    for chapter in story:
        before = application
        try:
            application, _ = chapter(application)
        except Refusal:
            continue
        assert application.history[: len(before.history)] == before.history
        status = before.status
        for entry in application.history[len(before.history) :]:
            assert entry.came_from is status
            if entry.status is not status:
                assert entry.by in STEPS[status, entry.status].by
            status = entry.status
        assert application.status is status
    assert application.history[-1].status is application.status
    assert first_broken(application.application_id, application.history) is None


def test_who_had_left_the_old_queue_is_removed_by_the_system_as_the_table_says() -> None:
    application, _ = removed_before(filed(), NOW.at, 3, NOW)
    line = application.history[-1]
    assert line.came_from is Status.QUEUED
    assert line.by in STEPS[Status.QUEUED, Status.REMOVED].by


@given(st.lists(st.sampled_from(HEARD), max_size=14))
@settings(max_examples=100, deadline=None)
def test_what_is_heard_never_fails_in_whatever_order(story: list[Chapter]) -> None:
    application = filed()
    for chapter in story:
        application, _ = chapter(application)
        assert chapter(application)[0] == application


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("after", list(Status))
def test_a_step_that_the_table_does_not_know_is_refused(before: Status, after: Status) -> None:
    application = filed(is_reviewed=before is Status.SUBMITTED)
    object.__setattr__(application, "status", before)
    if before is after or (before, after) in STEPS:
        assert moved(application, after, NOW).status is after
    else:
        with pytest.raises(NoSuchStep):
            moved(application, after, NOW)


def test_every_status_is_reached_and_has_its_words() -> None:
    assert {after for _, after in STEPS} == set(Status)
    assert set(STATUS) == set(Status)
    assert {each.value for each in Status} == {each.value for each in PublicStatus}
    assert process_state(Status.QUEUED) == "DECIDED"
    assert process_state(Status.SUBMITTED) == "SUBMITTED"


def test_who_is_over_is_moved_by_nothing_that_is_heard() -> None:
    assert HEARING.isdisjoint(OVER)
    assert LIVE <= HEARING
    assert {step.by for (before, _), step in STEPS.items() if before in OVER} == {(Actor.OFFICER,)}
    assert LEAVABLE >= LIVE
    for before in LEAVABLE:
        assert set(STEPS[before, Status.REMOVED].by) >= {Actor.GUARDIAN, Actor.CLERK, Actor.OFFICER}


def test_nothing_but_the_one_function_changes_a_status() -> None:
    found = []
    for file in (each for each in ROOM.rglob("*.py") if "ledger" not in each.parts):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            is_replace = isinstance(node, ast.Call) and ast.unparse(node.func) in {"replace", "dataclasses.replace"}
            if is_replace and any(word.arg == "status" for word in node.keywords):  # type: ignore[attr-defined]
                found.append(file.relative_to(ROOM).as_posix())
    assert found == ["domain/application.py"]


def test_the_page_is_what_the_table_says() -> None:
    docs = ROOM.parents[1] / "docs" / "statuses.md"
    assert docs.read_text(encoding="utf-8") == page(), "run `python -m services.queue statuses > docs/statuses.md`"


def test_every_fact_of_an_application_has_its_contract() -> None:
    said = [type(fact) for fact in events.of_application(_public(), ApplicationFact)]
    assert set(said) == set(queue.APPLICATION_FACTS) - {queue.StatedV1}


def _public() -> Application:
    application_id, child_id = "5a0d8e0c-6a0e-4a5b-9a1c-1f6f0c6d3b01", "0b7f3c52-2f0f-4f7e-8d7e-6f1f8f3f9a02"
    return filed(application_id=application_id, child_id=child_id)
