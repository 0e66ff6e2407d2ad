"""What a family may do with its application now; whoever shows it shows no other button (R29)."""

from datetime import date
from enum import StrEnum

from services.queue.domain.application import Application, is_choosing, why_not_invitable
from services.queue.domain.words import LIVE


class Action(StrEnum):
    """Something the family may ask for."""

    REMOVE = "remove"
    """Leave the queue («Кезектен алу»)."""
    CHOOSE = "choose"
    """Look at the places that may be chosen («Коррекциялық балабақшаны таңдау»)."""


def actions(application: Application, today: date) -> tuple[Action, ...]:
    """What would be accepted today.

    Who may be invited may also choose freely, so the right to choose needs no invitation, and a hold does not end it:
    the same way leads back to the choice under way. Which places there are, and whether the window of an invitation is
    still open for them, is known to whoever gives the places.
    """
    allowed = {
        Action.REMOVE: application.status in LIVE and not is_choosing(application),
        Action.CHOOSE: why_not_invitable(application, today) is None,
    }
    return tuple(action for action, is_allowed in allowed.items() if is_allowed)
