"""The ledger of a stream: what it may promise at the next publication, what it owes to free choice, the plan of a day.

A publication touches several places and this ledger, each one document. Its plan is written first; the places follow
one by one; then `completed` counts what was done and says `opened`. A crash in between resumes by the plan. While it
is under way there are more open places than promises, never the other way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from services.vacancy.domain.place import Place, Publication, Withdrawal
from services.vacancy.domain.refusals import PlacePromised
from services.vacancy.domain.words import (
    EndReason,
    HoldId,
    InvitationId,
    PlaceId,
    StreamId,
    WithdrawalId,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the publication of one day does. On a day off nothing is published and no token goes out."""

    publication: Publication
    publishes: bool
    to_publish: tuple[PlaceId, ...]
    to_open: tuple[PlaceId, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A publication sends `n` tokens to the queue."""

    publication: Publication
    n: int


@dataclass(frozen=True, slots=True)
class Withdrawing:
    """A withdrawal for which a token was taken and whose place has not been seen to go yet."""

    place_id: PlaceId
    withdrawal: Withdrawal


@dataclass(frozen=True, slots=True)
class Ledger:
    """State of one stream's promises.

    `stock`: tokens handed back, waiting for the next publication. `to_open`: places owed to free choice. Either may be
    negative: a debt, paid by the next new place.
    """

    stream_id: StreamId
    stock: int = 0
    to_open: int = 0
    ended: tuple[InvitationId, ...] = ()
    reclaimed: tuple[HoldId, ...] = ()
    spent: tuple[WithdrawalId, ...] = ()
    plan: Plan | None = None
    last_day: date | None = None
    last_opened: Opened | None = None
    withdrawing: tuple[Withdrawing, ...] = ()


def planned(
    ledger: Ledger,
    publication: Publication,
    *,
    publishes: bool,
    drafts: Sequence[Place],
    priority: Sequence[Place],
) -> Ledger:
    """Write down what the publication will do; one under way is finished first, a day is never done twice.

    `drafts` were entered before the hour of publication; `priority` are the places open to the queue, not held. As
    many of them as are owed to free choice are opened, oldest first; places published today are not among them.
    """
    if ledger.plan is not None or (ledger.last_day is not None and ledger.last_day >= publication.day):
        return ledger
    oldest = sorted(priority, key=lambda p: (p.published_at or p.entered_at, p.place_id))[: max(ledger.to_open, 0)]
    to_publish = tuple(p.place_id for p in drafts) if publishes else ()
    to_open = tuple(p.place_id for p in oldest)
    return replace(ledger, plan=Plan(publication, publishes, to_publish, to_open))


def completed(ledger: Ledger, plan: Plan, *, published: int, opened: int) -> tuple[Ledger, Opened | None]:
    """Close the plan: new places and the stock go out as tokens, debts are paid first.

    `published` and `opened` count the places marked by this publication, whoever marked them.
    """
    if ledger.plan != plan:
        return ledger, None
    ledger = replace(ledger, to_open=ledger.to_open - opened, plan=None, last_day=plan.publication.day)
    if not plan.publishes:
        return ledger, None
    tokens = published + ledger.stock
    n = max(tokens, 0)
    debt = min(n, max(0, -ledger.to_open))
    ledger = replace(ledger, stock=min(tokens, 0), to_open=ledger.to_open + debt)
    if n <= debt:
        return ledger, None
    said = Opened(plan.publication, n - debt)
    return replace(ledger, last_opened=said), said


def invitation_ended(ledger: Ledger, invitation_id: InvitationId, reason: EndReason) -> Ledger:
    """A token comes back, once: lapsed opens one place to all; used and place_withdrawn hand nothing back."""
    if invitation_id in ledger.ended:
        return ledger
    ledger = replace(ledger, ended=(*ledger.ended, invitation_id))
    return _moved(ledger, reason, 1)


def token_reclaimed(ledger: Ledger, hold_id: HoldId, reason: EndReason) -> Ledger:
    """A hold outlived its invitation and was signed: what the end handed back is taken away again, once per hold.

    When the invitation ended because its place was withdrawn, nothing was handed back, but another place was taken
    all the same: one token less.
    """
    if hold_id in ledger.reclaimed:
        return ledger
    ledger = replace(ledger, reclaimed=(*ledger.reclaimed, hold_id))
    if reason is EndReason.PLACE_WITHDRAWN:
        return replace(ledger, stock=ledger.stock - 1)
    return _moved(ledger, reason, -1)


def spend_on_withdrawal(ledger: Ledger, withdrawal_id: WithdrawalId, *, insisted: bool) -> tuple[Ledger, bool]:
    """The token that withdrawing a promised place costs, and whether queue owes it.

    Refused: PLACE_PROMISED with an empty stock, unless an officer of the department insists.
    """
    if withdrawal_id in ledger.spent:
        return ledger, False
    if ledger.stock > 0:
        return replace(ledger, stock=ledger.stock - 1, spent=(*ledger.spent, withdrawal_id)), False
    if not insisted:
        raise PlacePromised
    return ledger, True


def withdrawal_begun(ledger: Ledger, asked: Withdrawing, *, insisted: bool) -> tuple[Ledger, bool]:
    """Take the token that withdrawing a promised place costs and remember for what; the second is whether queue owes it.

    Refused: PLACE_PROMISED.
    """
    spent, owed = spend_on_withdrawal(ledger, asked.withdrawal.withdrawal_id, insisted=insisted)
    return (ledger, True) if owed else (replace(spent, withdrawing=(*spent.withdrawing, asked)), False)


def withdrawal_ended(ledger: Ledger, asked: Withdrawing, *, withdrawn: bool) -> Ledger:
    """The place is gone, or it was promised no longer when its turn came and the token returns; once."""
    if asked not in ledger.withdrawing:
        return ledger
    rest = replace(ledger, withdrawing=tuple(each for each in ledger.withdrawing if each != asked))
    return rest if withdrawn else replace(rest, stock=rest.stock + 1)


def _moved(ledger: Ledger, reason: EndReason, tokens: int) -> Ledger:
    match reason:
        case EndReason.LAPSED:
            return replace(ledger, to_open=ledger.to_open + tokens)
        case EndReason.USED | EndReason.PLACE_WITHDRAWN:
            return ledger
        case EndReason.REFUSED | EndReason.REMOVED | EndReason.INELIGIBLE | EndReason.TOOK_FREE_CHOICE:
            return replace(ledger, stock=ledger.stock + tokens)
