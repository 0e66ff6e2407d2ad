"""A place is won first, then the right to it is looked at once more, and only then others hear of the hold.

Between the look at a family's right and the write that holds the place the family may have signed for another place and
given it back: its invitation is spent, and the unique place of the child is free again. While the child occupies this
place it can sign for no other, so what is seen after the place was won stays true.
"""

from dataclasses import replace

from services.vacancy.domain.candidate import Candidate
from services.vacancy.domain.place import Change, Held, Hold, Place, release
from services.vacancy.domain.refusals import WindowOver
from services.vacancy.domain.words import HoldId


def still_entitled(candidate: Candidate, hold: Hold) -> None:
    """Refused: WINDOW_OVER when the invitation of the hold is spent."""
    if any(i.spent for i in candidate.invitations if i.invitation_id == hold.invitation_id):
        raise WindowOver


def confirm(place: Place, hold_id: HoldId) -> Change:
    """The right still stood after the place was won: the hold is said to others, once."""
    if not _waits(place, hold_id) or place.hold is None:
        return place, ()
    sure = replace(place.hold, confirmed=True)
    return replace(place, hold=sure), (Held(sure),)


def give_back(place: Place, hold_id: HoldId) -> Change:
    """The right was gone when the place was won: it is open as before, and nobody has heard of it."""
    if not _waits(place, hold_id):
        return place, ()
    free, _ = release(place, hold_id, "")
    return free, ()


def _waits(place: Place, hold_id: HoldId) -> bool:
    return place.hold is not None and place.hold.hold_id == hold_id and not place.hold.confirmed
