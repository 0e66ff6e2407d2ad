"""The decisions that the walk drives, as one object: a sabotage is the same object with one decision replaced."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.queue.domain import filing, hearing, holds, invitations, outages
from services.referral.domain import choice, referral
from services.vacancy.domain import candidate, ledger, place

Rule = Callable[..., Any]


@dataclass(frozen=True)
class Rules:
    """Every function of the three domains that changes a state."""

    opened: Rule = invitations.opened
    invite_next: Rule = invitations.invite_next
    lapse: Rule = invitations.lapse
    application_heard: Rule = invitations.application_heard
    refused: Rule = invitations.refused
    token_owed: Rule = invitations.token_owed
    prolonged: Rule = outages.prolonged
    hold_heard: Rule = holds.hold_heard
    hold_taken: Rule = holds.hold_taken
    remove: Rule = filing.remove
    app_invited: Rule = hearing.invited
    app_handed_over: Rule = hearing.notice_handed_over
    app_prolonged: Rule = hearing.invitation_prolonged
    app_invitation_ended: Rule = hearing.invitation_ended
    app_hold_heard: Rule = hearing.hold_heard
    planned: Rule = ledger.planned
    completed: Rule = ledger.completed
    invitation_ended: Rule = ledger.invitation_ended
    token_reclaimed: Rule = ledger.token_reclaimed
    spend_on_withdrawal: Rule = ledger.spend_on_withdrawal
    publish: Rule = place.publish
    open_to_all: Rule = place.open_to_all
    hold: Rule = place.hold
    take: Rule = place.take
    release: Rule = place.release
    vacate: Rule = place.vacate
    withdraw: Rule = place.withdraw
    right_to: Rule = candidate.right_to
    candidate_application: Rule = candidate.application_heard
    candidate_invited: Rule = candidate.invited
    candidate_prolonged: Rule = candidate.prolonged
    candidate_ended: Rule = candidate.invitation_ended
    candidate_taken: Rule = candidate.place_taken
    received: Rule = choice.received
    judged: Rule = choice.judged
    declined: Rule = choice.declined
    time_came: Rule = choice.time_came
    issued: Rule = referral.issued
    take_back: Rule = referral.take_back
    give_back: Rule = referral.give_back
