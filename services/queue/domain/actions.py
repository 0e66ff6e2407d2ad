"""What may be done with an application now; whoever shows it shows no other button (R29)."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from services.queue.domain.appeal import can_be_against
from services.queue.domain.application import Application, is_choosing, why_not_invitable
from services.queue.domain.statuses import LEAVABLE
from services.queue.domain.words import LIVE, OVER, Status


class Action(StrEnum):
    """Something the family may ask for."""

    REMOVE = "remove"
    """Leave the queue («Кезектен алу»)."""
    CHOOSE = "choose"
    """Look at the places that may be chosen («Коррекциялық балабақшаны таңдау»)."""
    REACTIVATE = "reactivate"
    """Come back after silence, where the rules have that."""


class OfficeAction(StrEnum):
    """Something the office may do; which roles may is the table of doors."""

    REVIEW = "review"
    ACCEPT = "accept"
    REFUSE = "refuse"
    STOP = "stop"
    LIFT = "lift"
    REMOVE = "remove"
    PRIVILEGE = "privilege"
    CONCLUSION = "conclusion"
    TWINS = "twins"


def actions(application: Application, today: date) -> tuple[Action, ...]:
    """What would be accepted today.

    Who may be invited may also choose freely, so the right to choose needs no invitation, and a hold does not end it:
    the same way leads back to the choice under way. Which places there are, and whether the window of an invitation is
    still open for them, is known to whoever gives the places.
    """
    allowed = {
        Action.REMOVE: application.status in LEAVABLE and not is_choosing(application),
        Action.CHOOSE: why_not_invitable(application, today) is None,
        Action.REACTIVATE: application.status is Status.INACTIVE and not application.reactivated,
    }
    return _those(allowed.items())


def appeals(application: Application) -> tuple[str, ...]:
    """What an appeal could be against now."""
    return tuple(against.value for against in can_be_against(application))


def office_actions(application: Application) -> tuple[OfficeAction, ...]:
    """What the office may do today."""
    status = application.status
    is_live, is_over = status in LIVE, status in OVER
    allowed = {
        OfficeAction.REVIEW: status is Status.SUBMITTED,
        OfficeAction.ACCEPT: status is Status.UNDER_REVIEW,
        OfficeAction.REFUSE: status is Status.UNDER_REVIEW,
        OfficeAction.STOP: is_live,
        OfficeAction.LIFT: status is Status.STOP_LIST,
        OfficeAction.REMOVE: status in LEAVABLE and not is_choosing(application),
        OfficeAction.PRIVILEGE: not is_over,
        OfficeAction.CONCLUSION: not is_over,
        OfficeAction.TWINS: is_live,
    }
    return _those(allowed.items())


_A = TypeVar("_A")


def _those(allowed: Iterable[tuple[_A, bool]]) -> tuple[_A, ...]:
    return tuple(action for action, is_allowed in allowed if is_allowed)
