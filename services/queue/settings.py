"""What this service is told by its environment, and the rules it counts by."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.policy import PolicySection
from services.chassis.settings import ServiceSettings


class PolicyFolder(BaseSettings):
    """All that a command needs which reckons by rules and asks no server."""

    model_config = SettingsConfigDict(env_prefix="ZHOLDAMA_", extra="ignore", frozen=True)

    policy_dir: Path = Path("contracts/policies")


class QueueSettings(ServiceSettings):
    """ZHOLDAMA_REGION is the first part of every stream's name (R13)."""

    region: str = "almaty"


class ApplicationPolicy(PolicySection):
    """What the city asks of applications; what a profile leaves out is as the guide of Almaty has it."""

    review: bool = False
    """Whether a clerk must accept what a family files; without it an application is decided at once."""
    removal_signed: bool = False
    """Whether leaving the queue must be signed by the parent (R12); a signed one is always taken."""
    removal_minutes: int = Field(default=20, ge=1)
    """How long the document of a removal may be signed."""
    clock_tolerance_minutes: int = Field(default=60, ge=1)
    """How far the clock may stand behind the last registration; further, nothing is registered."""
    privilege_paper_days: int = Field(default=30, ge=1)
    """How long the paper of a privilege is good that no register can show (R17)."""
    conclusion_months: int = Field(default=12, ge=1)
    """How long a conclusion holds that names no last day (R10)."""
    conclusion_warning_days: int = Field(default=60, ge=0)
    stop_list_days: int = Field(default=10, ge=1)
    """Calendar days in the stop list after a referral ran out (R35)."""
    stop_list_most_days: int = Field(default=90, ge=1)
    """The longest stop that the office may set."""
    reactivate_days: int = Field(default=28, ge=1)
    """How long an inactive family may ask to be back, once."""
    batch_siblings: bool = False
    """Whether twins get their referrals together or not at all (R38). Not served: refused at the start."""
    appeal_days: int = Field(default=5, ge=1)
    """Working days for the answer to an appeal (R49)."""
    appeal_freezes_place: bool = False
    """Whether the affected place is kept for the child until the answer. Not served: refused at the start."""


class QueuePolicy(PolicySection):
    """The section `queue` of a city's policy."""

    priority_days: int = Field(ge=1)
    """Days a family has to choose after its turn came (R24)."""
    priority_days_are: Literal["working", "calendar"] = "working"
    """Which days those are."""
    after_window: Literal["free_choice", "next_in_queue", "inactive"] = "free_choice"
    """What becomes of a place whose family did not choose: open to all of the stream (R25), for the next one of the
    queue, or that and the family rests until it asks to be restored. Only the first can be served; the others can be
    reckoned with."""
    outage_limit_minutes: int = Field(default=60, ge=1)
    """A working day of a window on which outages lasted so long is given back to the family."""
    public_cell: int = Field(default=5, ge=2)
    """So many children at least are behind everything that is published; what would show fewer is made coarser (R47)."""
    max_age: int
    """The age by 1 September from which a child is no longer taken into the queue (R11)."""
    hold_minutes: int
    """How long vacancy holds a place from the family's yes."""
    lapse_grace_minutes: int
    """An invitation lapses so long after the last hold could have ended."""
    opening_grace_minutes: int
    """A turn that comes at most so long after the opening counts as of the opening (R24)."""
    applications: ApplicationPolicy = ApplicationPolicy()
