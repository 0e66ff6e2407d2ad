"""What this service is told by its environment, and the rules it counts by."""

from typing import Literal

from services.chassis.policy import PolicySection
from services.chassis.settings import ServiceSettings


class VacancySettings(ServiceSettings):
    """Nothing besides what every service is told."""


class VacancyPolicy(PolicySection):
    """The section `vacancy` of a city's policy."""

    hold_minutes: int
    """How long a place is held from the family's yes."""
    free_choice_mode: Literal["first_come"]
    """How a place in free choice finds its child (R27)."""
    free_choice_on_days_off: bool
    """Whether places are opened to all at the opening hour of days off too (R24)."""
    opening_grace_minutes: int
    """A publication done so soon after its hour was made at its hour: the day counts for the families invited (R24)."""
