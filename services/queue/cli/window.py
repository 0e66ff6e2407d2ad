"""Reckons a window by any profile of rules: for a family, the office or a journalist; needs no server and no settings."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError

import contracts
from services.chassis.policy import load_policies
from services.queue.settings import QueuePolicy
from services.queue.usecases.desk import Rules, rules_of, rules_on

POLICIES = Path(contracts.__file__).parent / "policies"


class FreeChoice(BaseModel):
    """What vacancy's rules say about the moment at which a place is open to all."""

    model_config = ConfigDict(extra="ignore")

    free_choice_on_days_off: bool


def window_command(own: typer.Typer) -> None:
    """Adds `window`."""

    @own.command("window")
    def window(
        published: Annotated[
            str, typer.Option(help="when it was published: 2021-05-13T12:17, in the city's time or a zone")
        ],
        policy: Annotated[str, typer.Option(help="the profile")] = "almaty",
        policies: Annotated[Path, typer.Option(help="the folder of profiles")] = POLICIES,
    ) -> None:
        """Last day of the window of a publication, and the moment from which what is left is open to all (R24).

        Prints one line of JSON; ends with 2 where no version of the profile is valid on that day.
        """
        try:
            typer.echo(json.dumps(reckoned(policies, policy, published), ensure_ascii=False))
        except (OSError, LookupError, ValueError) as error:
            typer.echo(_sentence(error, policy), err=True)
            raise typer.Exit(2) from error


def rules_of_profile(folder: Path, name: str) -> tuple[Rules, ...]:
    """All versions of a profile as queue counts by them."""
    return rules_of(load_policies(folder, name, "queue", QueuePolicy))


def reckoned(folder: Path, name: str, published: str) -> dict[str, object]:
    """The window of a publication, by the version of the rules that is valid on its day."""
    all_rules = rules_of_profile(folder, name)
    zone = all_rules[-1].calendar.zone
    moment = datetime.fromisoformat(published)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    rules = rules_on(all_rules, moment)
    calendar, last = rules.calendar, rules.last_day(moment)
    deadline = calendar.end_of(last)
    free = load_policies(folder, name, "vacancy", FreeChoice).on(calendar.local_day(moment)).own
    opens = calendar.next_opening(
        deadline - timedelta(milliseconds=1), rules.publish_time, working_days_only=not free.free_choice_on_days_off
    )
    return {
        "policy": rules.version,
        "published": moment.astimezone(zone).isoformat(),
        "counts_that_day": rules.counts(moment),
        "last_day": last.isoformat(),
        "deadline": deadline.astimezone(zone).isoformat(),
        "free_choice_from": opens.astimezone(zone).isoformat() if rules.own.after_window == "free_choice" else None,
        "then": rules.own.after_window,
    }


def _sentence(error: Exception, name: str) -> str:
    if isinstance(error, ValidationError):
        return f"the rules of {name} cannot be read"
    if isinstance(error, OSError):
        return f"there are no rules called {name}"
    return str(error)
