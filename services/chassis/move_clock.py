"""Moves the test clock and returns when every service has done what became due: `python -m services.chassis.move_clock`."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import httpx
import typer

from services.chassis.clock import Setting, read_setting, real_now, write_setting

ANSWER_SECONDS = 2.0
LOOK_SECONDS = 0.05


def move(
    file: Annotated[Path, typer.Option(help="the clock file that the processes read")],
    to: Annotated[
        datetime | None, typer.Option(help="the new moment, ISO 8601 with its zone", formats=["%Y-%m-%dT%H:%M:%S%z"])
    ] = None,
    by: Annotated[float, typer.Option(help="or so many seconds further")] = 0.0,
    speed: Annotated[float, typer.Option(help="business seconds a real second")] = 1.0,
    wait: Annotated[list[str] | None, typer.Option(help="address of a service to wait for: scheme, host, port")] = None,
    timeout: Annotated[float, typer.Option(help="give up after so many real seconds")] = 60.0,
) -> None:
    """Business time never goes back: an earlier moment than now is refused."""
    real = real_now()
    now = read_setting(file).at(real) if file.exists() else real
    target = to if to is not None else now + timedelta(seconds=by)
    if target < now:
        raise typer.BadParameter(f"{target.isoformat()} is before the clock's {now.isoformat()}")
    write_setting(file, Setting(real, target, speed))
    for address in wait or ():
        _wait_for(address, target, time.monotonic() + timeout)
    typer.echo(target.isoformat())


def _wait_for(address: str, target: datetime, until: float) -> None:
    while time.monotonic() < until:
        try:
            answer = httpx.get(f"{address}/clock", timeout=ANSWER_SECONDS)
            if datetime.fromisoformat(answer.json()["caught_up_to"]) >= target:
                return
        except (httpx.HTTPError, ValueError, KeyError):
            pass
        time.sleep(LOOK_SECONDS)
    raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(move)
