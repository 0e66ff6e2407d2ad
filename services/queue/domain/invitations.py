"""What becomes of tokens and invitations: a publication, the turn that comes, the window that lapses, a place
withdrawn."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from services.queue.domain.refusals import ChoiceInProgress, NotInvited
from services.queue.domain.stream import (
    Brought,
    Candidate,
    Change,
    Invitation,
    Invited,
    Ranked,
    Stream,
    StreamFact,
    Window,
    ended,
    has_or_chooses,
    is_choosing,
    live_invitation,
    live_invitations,
)
from services.queue.domain.words import (
    LIVE,
    ApplicationId,
    EndReason,
    InvitationId,
    PublicationId,
    RoundId,
    Status,
    WithdrawalId,
)


def opened(stream: Stream, publication_id: PublicationId, n: int, at: datetime | None = None) -> Change:
    """A publication brings `n` tokens, once; `at` is kept for whoever replays the log."""
    if publication_id in stream.publications:
        return stream, ()
    publications = (*stream.publications, publication_id)
    brought = (*stream.brought, Brought(at, n)) if at else stream.brought
    return replace(stream, available=stream.available + n, publications=publications, brought=brought), ()


def invite_next(
    stream: Stream,
    candidates: Iterable[Candidate],
    *,
    ids: Iterator[InvitationId],
    now: datetime,
    window: Window,
    policy: str | None = None,
) -> Change:
    """Invite the first of the queue who can be invited, one for each token. Tokens that find nobody stay.

    `policy` is the version of the rules that gave the window.
    """
    said: list[StreamFact] = []
    for candidate in candidates:
        if stream.available <= 0:
            break
        if not _can_be_invited(stream, candidate):
            continue
        promised = stream.available + len(live_invitations(stream))
        invitation = Invitation(
            invitation_id=next(ids),
            application_id=candidate.application_id,
            child_id=candidate.child_id,
            queue_number=candidate.queue_number,
            places_open=promised,
            privilege=candidate.privilege,
            invited_at=now,
            window=window,
            policy=policy,
        )
        stream = replace(stream, available=stream.available - 1, invitations=(*stream.invitations, invitation))
        said.append(Invited(invitation, promised))
    return stream, tuple(said)


def lapse(stream: Stream, now: datetime) -> Change:
    """End what has run out: only at deadline + hold + 1 min, and only where no live hold is known."""
    said: list[StreamFact] = []
    for invitation in stream.invitations:
        if (
            invitation.ended is None
            and invitation.window.lapses_at <= now
            and not is_choosing(stream, invitation.child_id)
        ):
            stream, facts = ended(stream, invitation, EndReason.LAPSED)
            said.extend(facts)
    return stream, tuple(said)


def next_lapse(stream: Stream) -> datetime | None:
    """When the stream must look at its clock again; an invitation with a known hold waits for the hold's outcome."""
    waits = (i for i in stream.invitations if i.ended is None and not is_choosing(stream, i.child_id))
    return min((i.window.lapses_at for i in waits), default=None)


def application_heard(stream: Stream, application_id: ApplicationId, status: Status, *, invitable: bool) -> Change:
    """An application changed: one that left the queue or cannot be invited loses its live invitation.

    `status` and `invitable` are those of now, not of the fact that was heard. A referral of the application itself ends
    nothing here: `taken` says how the invitation was used.
    """
    live = next((i for i in stream.invitations if i.application_id == application_id and i.ended is None), None)
    if live is None or status is Status.REFERRED or (status in LIVE and invitable):
        return stream, ()
    return ended(stream, live, EndReason.REMOVED if status is Status.REMOVED else EndReason.INELIGIBLE)


def refused(stream: Stream, application_id: ApplicationId) -> Change:
    """The family lets its turn go by. Raises NOT_INVITED, CHOICE_IN_PROGRESS while a hold of the child is known.

    A hold that is still on its way wins: signed, it asks the token back.
    """
    live = next((i for i in stream.invitations if i.application_id == application_id and i.ended is None), None)
    if live is None:
        raise NotInvited
    if is_choosing(stream, live.child_id):
        raise ChoiceInProgress
    return ended(stream, live, EndReason.REFUSED)


def token_owed(stream: Stream, withdrawal_id: WithdrawalId) -> Change:
    """A promised place was withdrawn, once per withdrawal: burn an available token; else end the latest invitation
    without a known hold; else owe one (no invitation while `available` is not above zero)."""
    if withdrawal_id in stream.withdrawals:
        return stream, ()
    stream = replace(stream, withdrawals=(*stream.withdrawals, withdrawal_id))
    latest = [i for i in stream.invitations if i.ended is None and not is_choosing(stream, i.child_id)]
    if stream.available > 0 or not latest:
        return replace(stream, available=stream.available - 1), ()
    return ended(stream, latest[-1], EndReason.PLACE_WITHDRAWN)


def ranked(
    stream: Stream, round_id: RoundId, wishing: Collection[ApplicationId], candidates: Iterable[Candidate]
) -> Change:
    """Put those who wished for places of a round in the order of the queue, once for each round.

    Who may not choose now, has a place or is choosing one is left out; an invitation is no bar to free choice (R26).
    """
    if round_id in stream.rounds:
        return stream, ()
    asked = frozenset(wishing)
    order = tuple(
        each.application_id
        for each in candidates
        if each.application_id in asked and each.invitable and not has_or_chooses(stream, each.child_id)
    )
    return replace(stream, rounds=(*stream.rounds, round_id)), (Ranked(round_id, order),)


def _can_be_invited(stream: Stream, candidate: Candidate) -> bool:
    """Who has taken a place is not invited again, even before its application has heard of it."""
    invited = live_invitation(stream, candidate.child_id) is not None
    return candidate.invitable and not invited and not has_or_chooses(stream, candidate.child_id)
