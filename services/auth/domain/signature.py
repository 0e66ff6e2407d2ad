"""A judged signature as it is kept: the verdict in the open, the evidence sealed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.auth.domain.ids import ChildId, PersonId, SignatureId
from services.auth.domain.person import Sealed
from services.auth.domain.verdict import Finding, Indication, SubIndication, Verdict


class Act(StrEnum):
    """What was signed."""

    LOGIN = "login"
    CHOICE = "choice"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True)
class Signature:
    """`evidence` holds what the verdict rests on, so that it can be reached again by another policy at another time."""

    signature_id: SignatureId
    act: Act
    indication: Indication
    policy: str
    best_time: datetime
    evidence: Sealed
    sub_indication: SubIndication | None = None
    finding: Finding | None = None
    person_id: PersonId | None = None
    child_id: ChildId | None = None
    certificate_sha256: str | None = None
    sealed_for: PersonId | None = None
    """With whose key the evidence is sealed; absent where it was sealed with a key of the vault."""


def kept(
    signature_id: SignatureId,
    act: Act,
    verdict: Verdict,
    evidence: Sealed,
    *,
    person_id: PersonId | None,
    child_id: ChildId | None,
    certificate_sha256: str | None,
) -> Signature:
    """The record of a verdict."""
    return Signature(
        signature_id=signature_id,
        act=act,
        indication=verdict.indication,
        policy=verdict.policy,
        best_time=verdict.best_time,
        evidence=evidence,
        sub_indication=verdict.sub_indication,
        finding=verdict.finding,
        person_id=person_id,
        child_id=child_id,
        certificate_sha256=certificate_sha256,
    )
