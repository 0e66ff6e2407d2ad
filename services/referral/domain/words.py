"""The words of choices and referrals: ids, states, verdicts."""

from enum import StrEnum
from typing import NewType

HoldId = NewType("HoldId", str)
PlaceId = NewType("PlaceId", str)
OrganisationId = NewType("OrganisationId", str)
ApplicationId = NewType("ApplicationId", str)
ChildId = NewType("ChildId", str)
PersonId = NewType("PersonId", str)
InvitationId = NewType("InvitationId", str)
ReferralId = NewType("ReferralId", str)
SubmissionId = NewType("SubmissionId", str)
SignatureId = NewType("SignatureId", str)


class Mode(StrEnum):
    """By which right the place was chosen."""

    PRIORITY = "PRIORITY"
    FREE_CHOICE = "FREE_CHOICE"


class ChoiceState(StrEnum):
    """The life of a choice: OPEN -> RECEIVED -> SIGNED | REJECTED, or OPEN -> DECLINED | EXPIRED."""

    OPEN = "OPEN"
    RECEIVED = "RECEIVED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"


class Indication(StrEnum):
    """Verdict on a signature (the three main indications of ETSI EN 319 102-1)."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    INDETERMINATE = "INDETERMINATE"


class ReferralState(StrEnum):
    """The life of a referral; ISSUING while its documents are being made, unknown outside."""

    ISSUING = "ISSUING"
    ISSUED = "ISSUED"
    RETURNED = "RETURNED"
