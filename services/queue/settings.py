"""What this service is told by its environment, and the rules it counts by."""

from services.chassis.policy import PolicySection
from services.chassis.settings import ServiceSettings


class QueueSettings(ServiceSettings):
    """ZHOLDAMA_REGION is the first part of every stream's name (R13)."""

    region: str = "almaty"


class QueuePolicy(PolicySection):
    """The section `queue` of a city's policy."""

    priority_days: int
    """Working days a family has to choose after its turn came (R24)."""
    max_age: int
    """The age by 1 September from which a child is no longer taken into the queue (R11)."""
    hold_minutes: int
    """How long vacancy holds a place from the family's yes."""
    lapse_grace_minutes: int
    """An invitation lapses so long after the last hold could have ended."""
    opening_grace_minutes: int
    """A turn that comes at most so long after the opening counts as of the opening (R24)."""
