"""What every use case works with: the store, the neighbour, the rules of the day, the authority's press."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.calendar import WorkCalendar
from services.chassis.policy import Policies, Policy
from services.referral.documents.press import Press
from services.referral.gateways import Auth
from services.referral.settings import ReferralPolicy
from services.referral.store import Reading, Store


def rules_at(policies: Policies[ReferralPolicy], at: datetime) -> Policy[ReferralPolicy]:
    """The rules valid at a moment, by the city's own calendar day."""
    return policies.on(WorkCalendar().local_day(at))


@dataclass(frozen=True, slots=True)
class Desk:
    """Composed once, in app.py."""

    store: Store
    reading: Reading
    auth: Auth
    press: Press
    policies: Policies[ReferralPolicy]
    public_url: str

    def policy(self, at: datetime) -> Policy[ReferralPolicy]:
        """The rules valid at a moment."""
        return rules_at(self.policies, at)
