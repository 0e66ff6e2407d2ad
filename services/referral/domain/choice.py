"""A choice: the time between "yes" and a verified signature, one for each hold.

Every change is one compare-and-set on the choice. SIGNED is the point of no return. The verdict that comes for one
submission never touches another. A function that changes nothing returns the same object and says nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.referral.domain.refusals import AlreadySigned, HoldEnded, SignatureBeingChecked
from services.referral.domain.words import (
    ApplicationId,
    ChildId,
    ChoiceState,
    HoldId,
    Indication,
    InvitationId,
    Mode,
    OrganisationId,
    PersonId,
    PlaceId,
    SignatureId,
    SubmissionId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCard:
    """The place as the family saw it when it said yes (figure 9 of the parents' guide)."""

    place_id: PlaceId
    organisation_id: OrganisationId
    name_kk: str
    name_ru: str
    kind_kk: str
    kind_ru: str
    address_kk: str
    address_ru: str
    district: str
    phones: tuple[str, ...]
    website: str | None = None
    language: str
    place_type: str
    group_year: int
    stream_id: str


@dataclass(frozen=True, slots=True)
class Choice:
    """State of one choice. `hold_until` ends the signing; `received_until` bounds how long a verdict is awaited."""

    hold_id: HoldId
    place_id: PlaceId
    application_id: ApplicationId
    child_id: ChildId
    held_by: PersonId
    mode: Mode
    opened_at: datetime
    hold_until: datetime
    place: PlaceCard
    invitation_id: InvitationId | None = None
    queue_number: int | None = None
    state: ChoiceState = ChoiceState.OPEN
    submission_id: SubmissionId | None = None
    """The sealed signed XML whose verdict is awaited, or was good."""
    received_at: datetime | None = None
    received_until: datetime | None = None
    signature_id: SignatureId | None = None
    signed_by: PersonId | None = None
    closed_at: datetime | None = None
    last_refusal: str | None = None
    """Why the last signature was not good, as a code: shown to whoever may sign again."""


class ChoiceFact(StrEnum):
    """How a choice ended; each ends once."""

    SIGNED = "signed"
    DECLINED = "declined"
    REJECTED = "rejected"
    EXPIRED = "expired"


Change = tuple[Choice, tuple[ChoiceFact, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What auth says of a submission."""

    submission_id: SubmissionId
    indication: Indication
    reason: str | None = None
    signature_id: SignatureId | None = None
    signed_by: PersonId | None = None


def received(choice: Choice, submission_id: SubmissionId, at: datetime, limit: timedelta) -> Change:
    """A signed XML has been stored: expiry stops while it is verified, for `limit` at most.

    The same submission again, or any after SIGNED, changes nothing. Refused: HOLD_ENDED, SIGNATURE_BEING_CHECKED.
    """
    match choice.state:
        case ChoiceState.OPEN if at < choice.hold_until:
            stored = replace(
                choice,
                state=ChoiceState.RECEIVED,
                submission_id=submission_id,
                received_at=at,
                received_until=at + limit,
                last_refusal=None,
            )
            return stored, ()
        case ChoiceState.RECEIVED if choice.submission_id == submission_id:
            return choice, ()
        case ChoiceState.RECEIVED:
            raise SignatureBeingChecked
        case ChoiceState.SIGNED:
            return choice, ()
        case _:
            raise HoldEnded


def judged(choice: Choice, verdict: Verdict, at: datetime) -> Change:
    """A verdict came: good signs; bad returns to OPEN with the old end, or EXPIRED if that has passed; unclear
    waits."""
    if choice.state is not ChoiceState.RECEIVED or choice.submission_id != verdict.submission_id:
        return choice, ()
    match verdict.indication:
        case Indication.PASSED:
            signed = replace(choice, signature_id=verdict.signature_id, signed_by=verdict.signed_by)
            return _closed(signed, ChoiceState.SIGNED, ChoiceFact.SIGNED, at)
        case Indication.FAILED:
            bad = replace(
                choice, submission_id=None, received_at=None, received_until=None, last_refusal=verdict.reason
            )
            if at < choice.hold_until:
                return replace(bad, state=ChoiceState.OPEN), ()
            return _closed(bad, ChoiceState.EXPIRED, ChoiceFact.EXPIRED, at)
        case Indication.INDETERMINATE:
            return choice, ()


def declined(choice: Choice, at: datetime) -> Change:
    """The family gives the place back before signing; asked twice, the second time changes nothing.

    Refused: SIGNATURE_BEING_CHECKED, ALREADY_SIGNED, HOLD_ENDED.
    """
    match choice.state:
        case ChoiceState.OPEN:
            return _closed(choice, ChoiceState.DECLINED, ChoiceFact.DECLINED, at)
        case ChoiceState.DECLINED:
            return choice, ()
        case ChoiceState.RECEIVED:
            raise SignatureBeingChecked
        case ChoiceState.SIGNED:
            raise AlreadySigned
        case ChoiceState.EXPIRED | ChoiceState.REJECTED:
            raise HoldEnded


def guardians_changed(choice: Choice, former: frozenset[PersonId], at: datetime) -> Change:
    """Who made the choice acts for the child no longer: while nothing is signed, the place goes back.

    `former` are those who were unlinked. Somebody who merely is no guardian yet is not among them: a hold of theirs may be
    heard before the word that links them.
    """
    if choice.state is ChoiceState.OPEN and choice.held_by in former:
        return _closed(choice, ChoiceState.DECLINED, ChoiceFact.DECLINED, at)
    return choice, ()


def time_came(choice: Choice, at: datetime) -> Change:
    """OPEN expires at its end; RECEIVED is rejected when its verdict did not come in time, and for no other cause."""
    if choice.state is ChoiceState.OPEN and at >= choice.hold_until:
        return _closed(choice, ChoiceState.EXPIRED, ChoiceFact.EXPIRED, at)
    overdue = choice.received_until is not None and at >= choice.received_until
    if choice.state is ChoiceState.RECEIVED and overdue:
        return _closed(choice, ChoiceState.REJECTED, ChoiceFact.REJECTED, at)
    return choice, ()


def next_look(choice: Choice) -> datetime | None:
    """When time changes this choice; None when it has ended."""
    match choice.state:
        case ChoiceState.OPEN:
            return choice.hold_until
        case ChoiceState.RECEIVED:
            return choice.received_until
        case _:
            return None


def _closed(choice: Choice, state: ChoiceState, fact: ChoiceFact, at: datetime) -> Change:
    return replace(choice, state=state, closed_at=at), (fact,)
