"""Dated rules. Every number that a city may change stands in `contracts/policies/<profile>.yaml`, never in code (R50).

A profile is a list of versions, each with the day it becomes valid, a section per service and one that all share.
"""

from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict

from services.chassis.calendar import WorkCalendar

Own = TypeVar("Own", bound=BaseModel)


class PolicySection(BaseModel):
    """A section of a policy; unknown keys are refused, so that a misspelt rule is not silently without effect."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SharedPolicy(PolicySection):
    """What all services count by."""

    timezone: str
    publish_time: time
    days_off: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()

    def calendar(self) -> WorkCalendar:
        """The working calendar these rules describe."""
        return WorkCalendar(self.timezone, days_off=self.days_off, working_days=self.working_days)


@dataclass(frozen=True, slots=True)
class Policy(Generic[Own]):
    """The version of a profile that is valid on a day: its name is stored with every decision."""

    version: str
    shared: SharedPolicy
    own: Own
    valid_until: date | None = None
    """Its last day, where the law names one."""
    basis: str | None = None
    """The act it rests on, in words."""


@dataclass(frozen=True, slots=True)
class Policies(Generic[Own]):
    """All versions of a profile, oldest first, read once at the start."""

    versions: tuple[tuple[date, Policy[Own]], ...]

    def on(self, day: date) -> Policy[Own]:
        """The version valid on a day; LookupError before the first one and after the end of the last."""
        valid = [policy for since, policy in self.versions if since <= day]
        if not valid or (valid[-1].valid_until or day) < day:
            raise LookupError(f"no policy is valid on {day.isoformat()}")
        return valid[-1]


def load_policies(folder: Path, profile: str, section: str, model: type[Own]) -> Policies[Own]:
    """Reads a profile; ValueError (pydantic) names the rule that is missing or unknown."""
    raw: dict[str, Any] = yaml.safe_load((folder / f"{profile}.yaml").read_text(encoding="utf-8"))
    versions = []
    for entry in raw["versions"]:
        shared = SharedPolicy.model_validate(entry["shared"])
        own = model.model_validate(entry.get(section, {}))
        version = f"{profile}@{entry['valid_from'].isoformat()}"
        policy = Policy(version, shared, own, entry.get("valid_until"), entry.get("basis"))
        versions.append((entry["valid_from"], policy))
    return Policies(tuple(sorted(versions, key=lambda version: version[0])))
