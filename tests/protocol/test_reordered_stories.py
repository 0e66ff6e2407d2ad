"""Orders of messages too rare for a random walk: each is told once as it is, and once with the rule broken that it rests on."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.protocol import sabotages
from tests.protocol.walk import Broken, Sabotage, Walk


def opening_morning(sabotage: Sabotage | None) -> tuple[Walk, str]:
    """Three places are published, three children invited, and vacancy knows of it."""
    walk = Walk(0, sabotage)
    walk.window_minutes = (10, 11)
    stream_id = next(s for s in walk.streams if "correctional" in s)
    walk.deliver_all_but()
    publish(walk, stream_id)
    walk.deliver_all_but()
    return walk, stream_id


def publish(walk: Walk, stream_id: str) -> None:
    walk.vacancy.publication_step(stream_id)
    publish_rest(walk, stream_id)


def publish_rest(walk: Walk, stream_id: str) -> None:
    while walk.vacancy.ledgers[stream_id].plan is not None:
        walk.vacancy.publication_step(stream_id)


def choose(walk: Walk, child_id: str, place_id: str) -> str | None:
    """The hold that the child gets, or None when it is refused."""
    application = next(a for a in walk.queue.applications.values() if a.child_id == child_id)
    walk.vacancy.hold(application.application_id, child_id, place_id)
    hold = walk.vacancy.places[place_id].hold
    return hold.hold_id if hold and hold.child_id == child_id else None


def sign_and_return(walk: Walk, hold_id: str, *late: str) -> None:
    walk.deliver_all_but(*late)
    walk.referral.sign(hold_id)
    walk.deliver_all_but(*late)
    walk.referral.seal(hold_id)
    walk.deliver_all_but(*late)
    walk.referral.give_back(hold_id)
    walk.deliver_all_but(*late)


def a_place_is_returned_before_the_word_that_the_invitation_was_used(sabotage: Sabotage | None) -> None:
    walk, _ = opening_morning(sabotage)
    first = choose(walk, "c2", "p00")
    assert first is not None
    sign_and_return(walk, first, "ended")
    second = choose(walk, "c2", "p01")
    if second is not None:
        sign_and_return(walk, second, "ended")
    walk.settle()
    walk.audit()


def an_invitation_is_heard_again_after_it_was_used(sabotage: Sabotage | None) -> None:
    walk, stream_id = opening_morning(sabotage)
    invitation = next(i for i in walk.queue.streams[stream_id].invitations if i.child_id == "c2")
    first = choose(walk, "c2", "p00")
    assert first is not None
    sign_and_return(walk, first)
    walk.vacancy.hear_invited(stream_id, invitation)
    second = choose(walk, "c2", "p01")
    if second is not None:
        sign_and_return(walk, second)
    walk.settle()
    walk.audit()


def a_place_passed_over_while_held_is_opened_by_a_late_step(sabotage: Sabotage | None) -> None:
    """One invitation lapses, another is live: its child holds the very place that the publication means to open."""
    walk, stream_id = opening_morning(sabotage)
    walk.window_minutes = (100, 101)
    walk.vacancy.enter_place(stream_id)
    for _ in range(3):  # a day off publishes nothing
        publish(walk, stream_id)
    walk.deliver_all_but()
    walk.now += timedelta(minutes=11)
    walk.queue.lapse(stream_id)
    walk.deliver_all_but()
    walk.vacancy.publication_step(stream_id)
    plan = walk.vacancy.ledgers[stream_id].plan
    place_id = plan.to_open[0]
    second = next(i for i in walk.queue.streams[stream_id].invitations if i.ended is None)
    hold_id = choose(walk, second.child_id, place_id)
    assert hold_id is not None
    publish_rest(walk, stream_id)
    walk.deliver_all_but()
    walk.referral.decline(hold_id)
    walk.deliver_all_but()
    walk.vacancy.late_steps = [(place_id, plan)]
    walk.vacancy.late_step()
    walk.settle()
    walk.audit()


STORIES: list[tuple[Callable[[Sabotage | None], None], Sabotage]] = [
    (
        a_place_is_returned_before_the_word_that_the_invitation_was_used,
        sabotages.an_invitation_is_spent_only_on_the_word_of_queue,
    ),
    (
        an_invitation_is_heard_again_after_it_was_used,
        sabotages.an_ended_invitation_is_revived_by_its_late_beginning,
    ),
    (
        a_place_passed_over_while_held_is_opened_by_a_late_step,
        sabotages.a_late_step_opens_a_place_uncounted,
    ),
]


@pytest.mark.parametrize("story", [story for story, _ in STORIES], ids=lambda s: s.__name__)
def test_the_story_conserves_promises(story: Callable[[Sabotage | None], None]) -> None:
    story(None)


@pytest.mark.parametrize(("story", "sabotage"), STORIES, ids=lambda s: s.__name__)
def test_the_story_catches_the_broken_rule(story: Callable[[Sabotage | None], None], sabotage: Sabotage) -> None:
    with pytest.raises(Broken):
        story(sabotage)
