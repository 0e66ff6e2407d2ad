"""A stream: tokens, invitations and holds, each effect once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from services.queue.domain import holds, invitations
from services.queue.domain.order import Turns, Waiting
from services.queue.domain.refusals import ChoiceInProgress, NotInvited
from services.queue.domain.stream import (
    Candidate,
    Change,
    InvitationEnded,
    Invited,
    Ranked,
    Stream,
    TokenReclaimed,
    Window,
    ended,
    live_invitations,
    stream_id_of,
)
from services.queue.domain.words import (
    ApplicationId,
    Category,
    ChildId,
    EndReason,
    HoldId,
    HoldState,
    InvitationId,
    PrivilegeClass,
    PublicationId,
    QueueType,
    RoundId,
    Status,
    WithdrawalId,
)

NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=3)
LAPSES = DEADLINE + timedelta(minutes=21)
H1, PUB, W1 = HoldId("h1"), PublicationId("pub1"), WithdrawalId("w1")


def candidates(n: int, privilege: PrivilegeClass = PrivilegeClass.GENERAL) -> list[Candidate]:
    return [Candidate(ApplicationId(f"a{i}"), ChildId(f"c{i}"), i, privilege, True) for i in range(1, n + 1)]


def invite(stream: Stream, who: list[Candidate]) -> Change:
    ids = (InvitationId(f"i{n}") for n in count(len(stream.invitations) + 1))
    return invitations.invite_next(stream, who, ids=ids, now=NOW, window=Window(DEADLINE, LAPSES))


def opened(n: int, waiting: int = 5, privilege: PrivilegeClass = PrivilegeClass.GENERAL) -> Stream:
    stream = Stream(stream_id_of("almaty", QueueType.CORRECTIONAL, Category.SPEECH, 2021))
    stream, _ = invitations.opened(stream, PUB, n)
    return invite(stream, candidates(waiting, privilege))[0]


def lost(stream: Stream, reason: EndReason) -> Change:
    """The first invitation ends without a place."""
    return ended(stream, stream.invitations[0], reason)


def taken(stream: Stream, invitation_id: str | None = "i1", child: int = 1) -> Change:
    invitation = InvitationId(invitation_id) if invitation_id else None
    who = (ApplicationId(f"a{child}"), ChildId(f"c{child}"))
    return holds.hold_taken(stream, H1, *who, invitation, waiting=Waiting(general=4))


def heard(stream: Stream, state: HoldState, child: int = 1) -> Stream:
    who = (ApplicationId(f"a{child}"), ChildId(f"c{child}"))
    return holds.hold_heard(stream, H1, *who, InvitationId("i1"), state)[0]


def test_one_is_invited_for_each_token_in_the_order_of_the_queue() -> None:
    stream, _ = invitations.opened(Stream(opened(0).stream_id), PUB, 2)
    stream, said = invite(stream, candidates(5))
    assert [fact.invitation.child_id for fact in said if isinstance(fact, Invited)] == ["c1", "c2"]
    assert [fact.places_open for fact in said if isinstance(fact, Invited)] == [2, 2]
    assert stream.available == 0


def test_an_invitation_keeps_how_many_places_were_promised_when_it_was_made() -> None:
    stream = opened(2)
    stream, _ = invitations.opened(stream, PublicationId("pub2"), 1)
    stream, _ = invite(stream, candidates(5))
    assert [each.places_open for each in live_invitations(stream)] == [2, 2, 3]


def test_a_publication_heard_twice_counts_once() -> None:
    stream = opened(2, waiting=0)
    again, _ = invitations.opened(stream, PUB, 2)
    assert again is stream


def test_those_who_cannot_be_invited_are_skipped_and_tokens_wait() -> None:
    barred = Candidate(ApplicationId("a1"), ChildId("c1"), 1, PrivilegeClass.GENERAL, False)
    stream, said = invite(opened(2, waiting=0), [barred, *candidates(2)[1:]])
    assert [fact.invitation.child_id for fact in said if isinstance(fact, Invited)] == ["c2"]
    assert stream.available == 1


def test_a_child_is_never_invited_twice_at_once_nor_while_it_chooses() -> None:
    stream = opened(1)
    stream, _ = invitations.opened(stream, PublicationId("pub2"), 1)
    stream = heard(stream, HoldState.HELD, child=2)
    _, said = invite(stream, candidates(3))
    assert [fact.invitation.child_id for fact in said if isinstance(fact, Invited)] == ["c3"]


def test_a_window_lapses_only_after_the_last_hold_could_have_ended() -> None:
    stream = opened(1)
    assert invitations.next_lapse(stream) == LAPSES
    assert invitations.lapse(stream, DEADLINE) == (stream, ())
    _, said = invitations.lapse(stream, LAPSES)
    assert [fact.reason for fact in said if isinstance(fact, InvitationEnded)] == [EndReason.LAPSED]


def test_a_known_hold_outlives_the_window() -> None:
    stream = heard(opened(1), HoldState.HELD)
    assert invitations.lapse(stream, LAPSES + timedelta(days=1)) == (stream, ())
    assert invitations.next_lapse(stream) is None
    released = heard(stream, HoldState.RELEASED)
    assert len(invitations.lapse(released, LAPSES)[1]) == 1


def test_a_late_held_does_not_revive_a_released_hold() -> None:
    stream = heard(heard(opened(1), HoldState.RELEASED), HoldState.HELD)
    assert len(invitations.lapse(stream, LAPSES)[1]) == 1


def test_a_taken_place_uses_the_invitation_up_once() -> None:
    stream, said = taken(opened(1))
    assert [(fact.reason, fact.invitation.invitation_id) for fact in said if isinstance(fact, InvitationEnded)] == [
        (EndReason.USED, "i1")
    ]
    assert taken(stream) == (stream, ())


def test_a_place_taken_in_free_choice_hands_the_childs_token_back() -> None:
    _, said = taken(opened(1), invitation_id=None)
    assert [fact.reason for fact in said if isinstance(fact, InvitationEnded)] == [EndReason.TOOK_FREE_CHOICE]


@pytest.mark.parametrize(
    ("privilege", "turns"),
    [
        (PrivilegeClass.GENERAL, Turns(0, 1)),
        (PrivilegeClass.PRIORITY, Turns(1, 0)),
        (PrivilegeClass.EXTRAORDINARY, Turns(0, 0)),
    ],
)
def test_a_turn_is_used_when_a_place_is_taken_in_priority_mode(privilege: PrivilegeClass, turns: Turns) -> None:
    stream = opened(1, privilege=privilege)
    waiting = Waiting(priority=3, general=9)
    who = (ApplicationId("a1"), ChildId("c1"))
    by_turn, _ = holds.hold_taken(stream, H1, *who, InvitationId("i1"), waiting=waiting)
    freely, _ = holds.hold_taken(stream, H1, *who, None, waiting=waiting)
    assert (by_turn.turns, freely.turns) == (turns, Turns())


@pytest.mark.parametrize("reason", [EndReason.LAPSED, EndReason.REMOVED, EndReason.PLACE_WITHDRAWN])
def test_a_hold_that_outlived_its_invitation_reclaims_the_token_once(reason: EndReason) -> None:
    stream, _ = lost(opened(1), reason)
    stream, said = taken(stream)
    assert [(fact.hold_id, fact.reason) for fact in said if isinstance(fact, TokenReclaimed)] == [(H1, reason)]
    assert taken(stream)[1] == ()


def test_who_took_a_place_is_not_invited_until_the_referral_ends() -> None:
    stream, _ = invitations.opened(taken(opened(1))[0], PublicationId("pub2"), 1)
    assert invite(stream, candidates(1))[1] == ()
    given_back = heard(stream, HoldState.ENDED)
    assert len(invite(given_back, candidates(1))[1]) == 1


@pytest.mark.parametrize(
    ("status", "invitable", "reason"),
    [
        (Status.REMOVED, False, EndReason.REMOVED),
        (Status.QUEUED, False, EndReason.INELIGIBLE),
        (Status.STOP_LIST, False, EndReason.INELIGIBLE),
        (Status.NOTIFIED, True, None),
        (Status.REFERRED, False, None),
    ],
)
def test_an_application_that_left_loses_its_invitation(
    status: Status, reason: EndReason | None, *, invitable: bool
) -> None:
    _, said = invitations.application_heard(opened(1), ApplicationId("a1"), status, invitable=invitable)
    assert [fact.reason for fact in said if isinstance(fact, InvitationEnded)] == ([reason] if reason else [])


def test_a_withdrawn_place_burns_a_waiting_token_first() -> None:
    stream, said = invitations.token_owed(opened(2, waiting=1), W1)
    assert (stream.available, said) == (0, ())
    assert invitations.token_owed(stream, W1) == (stream, ())


def test_a_withdrawn_place_ends_the_latest_invitation_without_a_hold() -> None:
    stream = heard(opened(2), HoldState.HELD, child=2)
    _, said = invitations.token_owed(stream, W1)
    assert [(fact.invitation.child_id, fact.reason) for fact in said if isinstance(fact, InvitationEnded)] == [
        ("c1", EndReason.PLACE_WITHDRAWN)
    ]


def test_a_withdrawn_place_is_owed_when_everybody_chooses() -> None:
    stream, said = invitations.token_owed(heard(opened(1), HoldState.HELD), W1)
    assert (stream.available, said) == (-1, ())
    stream, _ = invitations.opened(stream, PublicationId("pub2"), 1)
    assert invite(stream, candidates(5))[1] == ()


def test_wishes_of_a_round_are_put_in_the_order_of_the_queue_once() -> None:
    stream, wishing = opened(1), [ApplicationId(f"a{n}") for n in (4, 1, 2, 3)]
    stream = heard(stream, HoldState.HELD, child=2)
    queue = [replace(each, invitable=each.queue_number != 3) for each in candidates(5)]

    stream, said = invitations.ranked(stream, RoundId("r1"), wishing, queue)

    assert said == (Ranked(RoundId("r1"), (ApplicationId("a1"), ApplicationId("a4"))),)
    assert invitations.ranked(stream, RoundId("r1"), wishing, queue) == (stream, ())


def test_an_invitation_and_a_turn_keep_the_version_of_the_rules_they_were_decided_by() -> None:
    stream, _ = invitations.opened(Stream(opened(0).stream_id), PUB, 1)
    ids, window = iter([InvitationId("i1")]), Window(DEADLINE, LAPSES)
    stream, _ = invitations.invite_next(
        stream, candidates(1), ids=ids, now=NOW, window=window, policy="almaty@2018-05-15"
    )
    who = (H1, ApplicationId("a1"), ChildId("c1"), InvitationId("i1"))
    stream, _ = holds.hold_taken(stream, *who, waiting=Waiting(), policy="almaty@2027-01-01")
    assert stream.invitations[0].policy == "almaty@2018-05-15"
    assert stream.holds[0].policy == "almaty@2027-01-01"


def test_a_turn_may_be_let_go_by_unless_a_place_is_being_chosen() -> None:
    stream = opened(1)
    with pytest.raises(ChoiceInProgress):
        invitations.refused(heard(stream, HoldState.HELD), ApplicationId("a1"))
    with pytest.raises(NotInvited):
        invitations.refused(stream, ApplicationId("a2"))
    stream, said = invitations.refused(stream, ApplicationId("a1"))
    assert [fact.reason for fact in said if isinstance(fact, InvitationEnded)] == [EndReason.REFUSED]
    with pytest.raises(NotInvited):
        invitations.refused(stream, ApplicationId("a1"))
    _, said = taken(stream)
    assert [fact.reason for fact in said if isinstance(fact, TokenReclaimed)] == [EndReason.REFUSED]
