"""The rules with one of them broken at a time, each a mistake that somebody could make."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.queue.domain import hearing, holds, invitations
from services.queue.domain.application import HeardInvitation
from services.queue.domain.words import HoldState
from services.referral.domain import choice as choices
from services.referral.domain.words import ChoiceState
from services.vacancy.domain import candidate, ledger, place
from services.vacancy.domain.words import EndReason, Mode, PlaceState
from tests.protocol.rules import Rules
from tests.protocol.walk import Sabotage, Walk


def a_late_token_is_not_reclaimed(_: Walk) -> Rules:
    return Rules(token_reclaimed=lambda state, *_told: state)


def a_publication_heard_twice_counts_twice(_: Walk) -> Rules:
    return Rules(opened=lambda stream, _id, n: (replace(stream, available=stream.available + n), ()))


def free_places_are_counted_instead_of_tokens(walk: Walk) -> Rules:
    """A publication says how many places are free, and queue subtracts its live invitations."""

    def opened(stream: Any, publication_id: Any, _n: int) -> Any:
        if publication_id in stream.publications:
            return stream, ()
        free = len(walk.vacancy.of_stream(stream.stream_id, PlaceState.PUBLISHED_PRIORITY))
        live = sum(i.ended is None for i in stream.invitations)
        return replace(stream, available=free - live, publications=(*stream.publications, publication_id)), ()

    return Rules(opened=opened)


def a_withdrawn_place_hands_its_promise_back(_: Walk) -> Rules:
    def ended(state: Any, invitation_id: Any, reason: EndReason) -> Any:
        mistaken = EndReason.REMOVED if reason is EndReason.PLACE_WITHDRAWN else reason
        return ledger.invitation_ended(state, invitation_id, mistaken)

    return Rules(invitation_ended=ended)


def an_end_heard_twice_hands_two_tokens_back(_: Walk) -> Rules:
    def ended(state: Any, invitation_id: Any, reason: EndReason) -> Any:
        return ledger.invitation_ended(replace(state, ended=()), invitation_id, reason)

    return Rules(invitation_ended=ended)


def vacancy_releases_holds_by_its_own_clock(walk: Walk) -> Rules:
    walk.timer_release = True
    return Rules()


def an_invitation_is_spent_only_on_the_word_of_queue(_: Walk) -> Rules:
    return Rules(candidate_taken=lambda state: state)


def an_ended_invitation_is_revived_by_its_late_beginning(_: Walk) -> Rules:
    def invited(state: Any, invitation: Any) -> Any:
        rest = tuple(i for i in state.invitations if i.invitation_id != invitation.invitation_id)
        return candidate.invited(replace(state, invitations=rest), invitation)

    return Rules(candidate_invited=invited)


def a_late_beginning_takes_back_what_an_outage_gave(_: Walk) -> Rules:
    def invited(state: Any, invitation: Any) -> Any:
        mine = tuple(i for i in state.invitations if i.invitation_id == invitation.invitation_id)
        if not mine or mine[0].spent:
            return candidate.invited(state, invitation)
        rest = tuple(i for i in state.invitations if i not in mine)
        return candidate.invited(replace(state, invitations=rest), invitation)

    return Rules(candidate_invited=invited)


def the_card_believes_the_last_deadline_it_hears(_: Walk) -> Rules:
    def prolonged(state: Any, invitation_id: Any, deadline: Any, now: Any) -> Any:
        start = replace(HeardInvitation(invitation_id), deadline=deadline - timedelta(minutes=1))
        known = tuple(
            replace(i, deadline=start.deadline) if i.invitation_id == invitation_id else i for i in state.invitations
        )
        return hearing.invitation_prolonged(replace(state, invitations=known), invitation_id, deadline, now)

    return Rules(app_prolonged=prolonged)


def taken_heard_twice_reclaims_twice(_: Walk) -> Rules:
    """The effect is not guarded, and the reclaim is not either."""

    def taken(stream: Any, hold_id: Any, *told: Any, **more: Any) -> Any:
        known = tuple(replace(h, counted=False) if h.hold_id == hold_id else h for h in stream.holds)
        return holds.hold_taken(replace(stream, holds=known), hold_id, *told, **more)

    def reclaimed(state: Any, hold_id: Any, reason: Any) -> Any:
        return ledger.token_reclaimed(replace(state, reclaimed=()), hold_id, reason)

    return Rules(hold_taken=taken, token_reclaimed=reclaimed)


def one_withdrawal_burns_a_token_each_time_it_is_heard(_: Walk) -> Rules:
    return Rules(token_owed=lambda stream, _id: (replace(stream, available=stream.available - 1), ()))


def a_debt_is_forgotten(_: Walk) -> Rules:
    def completed(state: Any, plan: Any, **counts: int) -> Any:
        done, said = ledger.completed(state, plan, **counts)
        return replace(done, stock=max(done.stock, 0)), said

    return Rules(completed=completed)


def a_late_step_publishes_a_place_again(_: Walk) -> Rules:
    def publish(state: Any, *told: Any) -> Any:
        return place.publish(replace(state, published_on=None), *told)

    return Rules(publish=publish)


def a_late_step_opens_a_place_uncounted(_: Walk) -> Rules:
    def open_to_all(state: Any, publication: Any) -> Any:
        return place.open_to_all(replace(state, opening_decided_on=None), publication)

    return Rules(open_to_all=open_to_all)


def a_returned_place_stays_open_to_all(_: Walk) -> Rules:
    def vacate(state: Any, hold_id: Any) -> Any:
        free = replace(state, state=PlaceState.PUBLISHED_PRIORITY, hold=None, occupied_by=None)
        return (free, ()) if state.hold and state.hold.hold_id == hold_id else (state, ())

    return Rules(vacate=vacate)


def a_free_choice_place_is_released_to_the_queue(_: Walk) -> Rules:
    def release(state: Any, hold_id: Any, reason: str) -> Any:
        mistaken = replace(state.hold, mode=Mode.PRIORITY) if state.hold else None
        return place.release(replace(state, hold=mistaken), hold_id, reason)

    return Rules(release=release)


def a_choice_is_signed_after_it_expired(_: Walk) -> Rules:
    def time_came(state: Any, at: Any) -> Any:
        if state.state is ChoiceState.RECEIVED and at >= state.hold_until:
            return state, (choices.ChoiceFact.EXPIRED,)
        return choices.time_came(state, at)

    return Rules(time_came=time_came)


def one_child_may_hold_two_places(walk: Walk) -> Rules:
    walk.one_place_each = False
    return Rules()


def a_removed_application_keeps_its_referral(_: Walk) -> Rules:
    return Rules(take_back=lambda referral, _at: (referral, ()))


def a_removed_application_stays_silent_when_invited(_: Walk) -> Rules:
    def invited(state: Any, *told: Any) -> Any:
        heard, _said = hearing.invited(state, *told)
        return heard, ()

    return Rules(app_invited=invited)


def a_child_is_invited_while_its_place_is_taken(_: Walk) -> Rules:
    def invite(stream: Any, *told: Any, **more: Any) -> Any:
        known = tuple(replace(h, state=HoldState.ENDED) for h in stream.holds)
        after, said = invitations.invite_next(replace(stream, holds=known), *told, **more)
        return replace(after, holds=stream.holds), said

    return Rules(invite_next=invite)


def a_returned_referral_heard_first_is_overridden_by_taken(_: Walk) -> Rules:
    def heard(state: Any, hold_id: Any, made_with: Any, chapter: HoldState, now: Any) -> Any:
        known = tuple(h for h in state.holds if h.hold_id != hold_id)
        return hearing.hold_heard(replace(state, holds=known), hold_id, made_with, chapter, now)

    return Rules(app_hold_heard=heard)


RARE: list[Sabotage] = [
    an_invitation_is_spent_only_on_the_word_of_queue,
    an_ended_invitation_is_revived_by_its_late_beginning,
    a_late_step_opens_a_place_uncounted,
]
"""Caught by told stories: the order of messages that needs the rule is too rare for a random walk."""

ALL: list[Sabotage] = [rule for rule in list(globals().values()) if getattr(rule, "__module__", "") == __name__]
SABOTAGES: list[Sabotage] = [rule for rule in ALL if rule not in RARE]
