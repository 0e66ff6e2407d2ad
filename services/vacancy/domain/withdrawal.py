"""A place is taken back by the department or its own preschool; one that is promised to the queue costs a token.

The token is taken from the ledger before the place goes, so there are never more promises than places. Between the two
the place may be held or opened to all: each withdrawal decides once about it, and a token that bought nothing returns.
"""

from dataclasses import replace

from services.vacancy.domain.place import Change, Place, Withdrawal, costs_a_token, withdraw


def unpaid(place: Place, asked: Withdrawal, *, token_owed: bool) -> Change:
    """Take back a place for which no token was taken: it cost none, or queue owes it.

    Refused: CANNOT_BE_WITHDRAWN.
    """
    gone, said = withdraw(place, asked.withdrawal_id, token_owed=token_owed)
    return replace(gone, withdrawal=asked), said


def paid(place: Place, asked: Withdrawal) -> Change:
    """Take back a promised place for which a token was taken, or note that it was promised no longer."""
    if asked.withdrawal_id in place.withdrawals_decided:
        return place, ()
    decided = replace(place, withdrawals_decided=(*place.withdrawals_decided, asked.withdrawal_id))
    return unpaid(decided, asked, token_owed=False) if costs_a_token(place) else (decided, ())


def went_by(place: Place, asked: Withdrawal) -> bool:
    """Whether it was this withdrawal that took the place back."""
    return place.withdrawal is not None and place.withdrawal.withdrawal_id == asked.withdrawal_id
