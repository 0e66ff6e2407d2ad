"""What referral says: facts of the domain as the contracts of its topics."""

from collections.abc import Sequence

from contracts import referral as said
from contracts.envelope import Fact
from services.chassis.aggregates import Stored
from services.referral.domain.choice import Choice, ChoiceFact
from services.referral.domain.referral import Referral, ReferralFact, Said

_CHOICE: dict[ChoiceFact, type[said.SignedV1 | said.DeclinedV1 | said.RejectedV1 | said.ExpiredV1]] = {
    ChoiceFact.SIGNED: said.SignedV1,
    ChoiceFact.DECLINED: said.DeclinedV1,
    ChoiceFact.REJECTED: said.RejectedV1,
    ChoiceFact.EXPIRED: said.ExpiredV1,
}
_REFERRAL: dict[Said, type[said.IssuedV1 | said.ReturnedV1]] = {
    Said.ISSUED: said.IssuedV1,
    Said.RETURNED: said.ReturnedV1,
}
_BULLETIN: dict[Said, type[said.BulletinIssuedV1 | said.BulletinReturnedV1]] = {
    Said.ISSUED: said.BulletinIssuedV1,
    Said.RETURNED: said.BulletinReturnedV1,
}


def of_choice(choice: Choice, facts: Sequence[ChoiceFact]) -> list[Fact]:
    """How a choice ended."""
    return [
        _CHOICE[fact](
            hold_id=choice.hold_id,
            place_id=choice.place_id,
            application_id=choice.application_id,
            child_id=choice.child_id,
        )
        for fact in facts
    ]


def of_referral(facts: Sequence[ReferralFact]) -> list[Fact]:
    """Each fact twice: whole to the services, without application and child to the city."""
    told: list[Fact] = []
    for fact in facts:
        told.append(_REFERRAL[fact.said].model_validate(_whole(fact.referral)))
        told.append(_BULLETIN[fact.said].model_validate(_whole(fact.referral)))
    return told


def stated(stored: Stored[Referral]) -> Fact | None:
    """The referral as it is; None while it is being made, for nobody has heard of it yet."""
    if stored.state.document_sha256 is None:
        return None
    return said.StatedV1.model_validate(_whole(stored.state))


def bulletin_stated(stored: Stored[Referral]) -> Fact | None:
    """The referral as everybody may see it; None while it is being made."""
    if stored.state.document_sha256 is None:
        return None
    return said.BulletinStatedV1.model_validate(_whole(stored.state))


def _whole(referral: Referral) -> dict[str, object]:
    return {
        "referral_id": referral.referral_id,
        "hold_id": referral.hold_id,
        "referral_number": referral.referral_number,
        "application_id": referral.application_id,
        "child_id": referral.child_id,
        "place_id": referral.place_id,
        "organisation_id": referral.organisation_id,
        "mode": referral.mode.value,
        "issued_at": referral.issued_at,
        "valid_until": referral.valid_until,
        "state": referral.state.value,
        "document_sha256": referral.document_sha256,
    }
