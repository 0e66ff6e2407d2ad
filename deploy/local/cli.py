"""The commands: install, up, down, status, restart, clock."""

import sys
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from deploy.local import install as installing
from deploy.local import temporary, vendor
from deploy.local.layout import DEFAULT_PORT_BASE, RUN, VENDOR
from deploy.local.settings import LocalSettings
from deploy.local.stack import Stack
from deploy.local.trouble import Trouble

app = typer.Typer(
    help="The whole system on this machine, without containers.", no_args_is_help=True, pretty_exceptions_enable=False
)


class Part(StrEnum):
    """What `up` can be limited to."""

    ENGINES = "engines"
    DOUBLES = "doubles"
    SERVICES = "services"
    WEB = "web"


@app.command()
def install() -> None:
    """Fetch and build the engines into .engines/ (done once; looks and returns when they are there)."""
    installing.install(typer.echo)


@app.command()
def up(only: Annotated[list[Part] | None, typer.Option(help="Start only this part; may be repeated.")] = None) -> None:
    """Start the instance and return when everything answers; it runs until `down`."""
    installing.install(typer.echo)
    parts, stack = only or list(Part), _stack()
    if Part.ENGINES in parts:
        stack.up_engines()
    if Part.DOUBLES in parts:
        stack.up_doubles()
    if Part.SERVICES in parts:
        stack.up_services()
    if Part.WEB in parts:
        vendor.fetch(vendor.read(), VENDOR, typer.echo)
        stack.up_web()
    for name in stack.status():
        typer.echo(f"{name:10} 127.0.0.1:{stack.layout.port(name)}" if name != "postgres" else f"{name:10} socket only")


@app.command()
def down() -> None:
    """Stop everything; what the engines hold stays in the instance's folder."""
    _stack().down()


@app.command()
def clean() -> None:
    """Stop every instance and remove it with all it holds; the engines' programs stay."""
    for folder in sorted(RUN.glob("*/")):
        Stack(folder, DEFAULT_PORT_BASE, keep=True).down()
        temporary.remove(folder)


@app.command()
def status() -> None:
    """Say what runs; ends with status 1 when something died or nothing is up."""
    stack = _stack()
    states = stack.status()
    for name, state in states.items():
        typer.echo(f"{name:10} {state.lower()}")
    if deaths := stack.deaths():
        raise Trouble("\n".join(deaths))
    if not states:
        raise Trouble(f"Nothing of the instance in {stack.layout.folder} is up; `make up` starts it.")


@app.command()
def restart(name: str) -> None:
    """Stop one process, start it and return when it answers."""
    _stack().restart(name)


@app.command()
def clock(
    to: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%S%z"], help="New moment with its zone.")
    ] = None,
    hours: Annotated[float, typer.Option(help="Or so many hours further.")] = 0.0,
    speed: Annotated[float, typer.Option(help="Business seconds a real second.")] = 1.0,
) -> None:
    """Move business time and return when every service has caught up; without options, say what time it is."""
    moment = _stack().move_clock(to=to, by=timedelta(hours=hours), speed=speed)
    typer.echo(moment.isoformat())


def main() -> None:
    """Run a command; trouble is said in one sentence, with status 1."""
    try:
        app()
    except Trouble as trouble:
        typer.echo(str(trouble), err=True)
        sys.exit(1)


def _stack() -> Stack:
    settings = LocalSettings()
    return Stack(RUN / settings.instance, settings.port_base, keep=True)
