"""A referral: begun when its place is taken, issued when its documents are sealed, returned by the family.

A referral asked back while it is still being made is issued and returned in one step, so that whoever hears of one
hears of both. A function that changes nothing returns the same object and says nothing.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.referral.domain.refusals import ReferralOver
from services.referral.domain.words import (
    ApplicationId,
    ChildId,
    HoldId,
    Mode,
    OrganisationId,
    PlaceId,
    ReferralId,
    ReferralState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """State of one referral. `active_child` is the child until the referral ends: unique over all referrals (R32)."""

    referral_id: ReferralId
    hold_id: HoldId
    referral_number: str
    application_id: ApplicationId
    child_id: ChildId
    place_id: PlaceId
    organisation_id: OrganisationId
    mode: Mode
    issued_at: datetime
    valid_until: datetime
    """The first moment at which it is no longer valid: 24:00 of its last day (R33)."""
    active_child: ChildId | None = None
    state: ReferralState = ReferralState.ISSUING
    document_sha256: str | None = None
    return_asked: bool = False
    ended_at: datetime | None = None


class Said(StrEnum):
    """What a referral says."""

    ISSUED = "issued"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class ReferralFact:
    """What was said, with the referral as it was then."""

    said: Said
    referral: Referral


Change = tuple[Referral, tuple[ReferralFact, ...]]


def drawn(referral: Referral, at: datetime, *, begun_on: date, drawn_on: date, valid_until: datetime) -> Referral:
    """Its first document is drawn: one that had to wait past midnight is issued at the drawing, so that no working day
    of its validity is lost (R33). The days are the city's; `valid_until` is the end of one issued now.
    """
    if drawn_on <= begun_on:
        return referral
    return replace(referral, issued_at=at, valid_until=valid_until)


def issued(referral: Referral, document_sha256: str, at: datetime) -> Change:
    """Its documents are sealed: the referral is out, and back at once if it has been asked back."""
    if referral.state is not ReferralState.ISSUING:
        return referral, ()
    out = replace(referral, state=ReferralState.ISSUED, document_sha256=document_sha256)
    fact = ReferralFact(Said.ISSUED, out)
    if not referral.return_asked:
        return out, (fact,)
    back, facts = _returned(out, at)
    return back, (fact, *facts)


def give_back(referral: Referral, at: datetime) -> Change:
    """The family returns its referral (R36). Refused (REFERRAL_OVER) when it is no longer valid."""
    if referral.state is not ReferralState.RETURNED and at >= referral.valid_until:
        raise ReferralOver
    return take_back(referral, at)


def take_back(referral: Referral, at: datetime) -> Change:
    """The referral of an application that has left the queue is returned by itself, whenever that becomes known."""
    match referral.state:
        case ReferralState.ISSUING if referral.return_asked:
            return referral, ()
        case ReferralState.ISSUING:
            return replace(referral, return_asked=True), ()
        case ReferralState.ISSUED:
            return _returned(referral, at)
        case ReferralState.RETURNED:
            return referral, ()


def _returned(referral: Referral, at: datetime) -> Change:
    back = replace(referral, state=ReferralState.RETURNED, active_child=None, ended_at=at)
    return back, (ReferralFact(Said.RETURNED, back),)
