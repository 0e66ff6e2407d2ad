"""What a guardian may see of an own child's choices and referrals, and what everybody may check."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lxml import etree

from services.chassis.policy import Policies
from services.referral.documents.choice import NAMESPACE
from services.referral.documents.words import Both
from services.referral.domain.choice import Choice
from services.referral.domain.referral import Referral
from services.referral.domain.refusals import NoSuchChoice, NoSuchReferral
from services.referral.domain.words import ChoiceState, ReferralState
from services.referral.settings import ReferralPolicy
from services.referral.store import Reading
from services.referral.store.sealed import Opened
from services.referral.usecases import choices, contents, referrals

Kind = Literal["pdf", "xml"]


@dataclass(frozen=True, slots=True)
class SeenChoice:
    """A choice as its family sees it; `referral` once it is out."""

    choice: Choice
    octets: bytes
    question: Both
    referral: Referral | None

    @property
    def awaits_nothing(self) -> bool:
        """Whether waiting longer cannot change it: the parent has to act, or it has ended."""
        match self.choice.state:
            case ChoiceState.RECEIVED:
                return False
            case ChoiceState.SIGNED:
                return self.referral is not None
            case _:
                return True


async def choice(reading: Reading, hold_id: str, person_id: str) -> SeenChoice:
    """Raises NoSuchChoice, also while the hold has not been heard of."""
    stored = await choices.of_guardian(reading, hold_id, person_id)
    octets = await reading.text_of(hold_id)
    if octets is None:
        raise NoSuchChoice
    found = await reading.referrals.get(referrals.id_of(hold_id))
    out = found.state if found is not None and found.state.document_sha256 is not None else None
    return SeenChoice(stored.state, octets, _question(octets), out)


def _question(octets: bytes) -> Both:
    asked = {
        node.get("language"): node.text or "" for node in etree.fromstring(octets).iter(f"{{{NAMESPACE}}}question")
    }
    return Both(asked["kk"], asked["ru"])


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """A referral in the documents tab."""

    referral: Referral
    last_day: date
    valid: bool


async def documents(
    reading: Reading, rules: Policies[ReferralPolicy], application_id: str, person_id: str, now: datetime
) -> list[SeenReferral]:
    """The referrals of an application, newest first; empty before the first. Raises NoSuchReferral to a stranger."""
    child_id = await reading.child_of(application_id)
    if child_id is None or not await reading.is_guardian(child_id, person_id):
        raise NoSuchReferral
    return [_seen(rules, each.state, now) for each in await reading.issued_for(application_id)]


async def referral(
    reading: Reading, rules: Policies[ReferralPolicy], referral_id: str, person_id: str, now: datetime
) -> SeenReferral:
    """One referral. Raises NoSuchReferral."""
    stored = await referrals.of_guardian(reading, referral_id, person_id)
    return _seen(rules, stored.state, now)


async def child_of(reading: Reading, application_id: str) -> str:
    """The child of an application known here."""
    child_id = await reading.child_of(application_id)
    if child_id is None:
        raise NoSuchReferral
    return child_id


async def document(reading: Reading, referral_id: str, person_id: str, kind: Kind) -> tuple[Referral, Opened]:
    """The signed octets of one document. Raises NoSuchReferral."""
    stored = await referrals.of_guardian(reading, referral_id, person_id)
    kept = await reading.documents.get(f"{referral_id}:{kind}")
    if kept is None:
        raise NoSuchReferral
    return stored.state, kept


@dataclass(frozen=True, slots=True)
class Checked:
    """What the public check says; of the child only to whoever knows the code printed on the document (R45)."""

    seen: SeenReferral
    organisation: Both
    child: contents.CheckCard | None


async def check(
    reading: Reading, rules: Policies[ReferralPolicy], referral_number: str, code: str, now: datetime
) -> Checked:
    """Raises NoSuchReferral for a number that was never issued."""
    referral = await reading.numbered(referral_number)
    if referral is None or referral.document_sha256 is None:
        raise NoSuchReferral
    taken = await reading.choices.get(referral.hold_id)
    kept = await reading.documents.get(f"{referral.referral_id}:check")
    if taken is None or kept is None:
        raise NoSuchReferral
    place, card = taken.state.place, contents.read_check(kept)
    holder = hmac.compare_digest(card.code.encode(), code.upper().encode())
    return Checked(_seen(rules, referral, now), Both(place.name_kk, place.name_ru), card if holder else None)


def _seen(rules: Policies[ReferralPolicy], referral: Referral, now: datetime) -> SeenReferral:
    valid = referral.state is ReferralState.ISSUED and now < referral.valid_until
    return SeenReferral(referral, contents.last_day(rules, referral), valid)
